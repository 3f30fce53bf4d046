"""Settings: everything that is decided outside the program, read once from the environment and then never changed."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url

from app import environment as env
from app.environment import Setting, WrongSetting
from app.kept_settings import with_kept
from domain.shared.business import BankDetails, Business
from domain.shared.mail import Picture


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """Where one site listens and how people reach it."""

    port: int
    public_url: str
    hosts: tuple[str, ...]

    @property
    def host(self) -> str:
        """The host name in the public address."""
        return urlsplit(self.public_url).hostname or ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked."""

    home: Path
    database_url: str
    secret_key: str
    business: Business
    business_logo: Picture | None
    listen: str
    portal: SiteAddress
    office: SiteAddress
    partners: SiteAddress
    trusted_proxies: tuple[str, ...]
    stripe_key: str
    stripe_webhook_secrets: tuple[str, ...]
    stripe_api_url: str
    credit_checks: str
    credit_checks_key: str
    credit_checks_secret: str
    mail_url: str
    mail_from: str
    mail_from_named: bool
    """Whether the sender of mail was given, and is not just the name of the business."""
    inbox_url: str
    mail_hook_secret: str
    twilio_account: str
    twilio_token: str
    twilio_from: str
    twilio_api_url: str
    texts_folder: str
    documents_url: str
    documents_key: str
    documents_secret: str
    clamd_url: str
    partner_folders: str
    openid_issuer: str
    openid_client_id: str
    openid_client_secret: str
    openid_name: str
    log_level: str

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is SQLite: then one process serves everything."""
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database."""
        name = make_url(self.database_url).database
        return Path(name) if self.on_sqlite and name else None

    @property
    def logging_level(self) -> int:
        """The least level that is logged."""
        return logging.getLevelNamesMapping()[self.log_level.upper()]

    @property
    def livemode(self) -> bool:
        """Whether the key moves real money."""
        return "_live_" in self.stripe_key

    @property
    def form_action_origins(self) -> tuple[str, ...]:
        """Where a payment form of ours may lead: Stripe's pages, or the simulator's."""
        stripe = ("https://checkout.stripe.com", "https://hooks.stripe.com")
        return (*stripe, self.stripe_api_url) if self.stripe_api_url else stripe

    @property
    def openid_origins(self) -> tuple[str, ...]:
        """Where the form for signing in elsewhere may lead: the identity provider's own origin."""
        parts = urlsplit(self.openid_issuer)
        return (f"{parts.scheme}://{parts.netloc}",) if self.openid_issuer else ()

    def check_for_asking(self) -> None:
        """Raise WrongSetting when there is no key with which to ask the processor anything."""
        if not self.stripe_key:
            raise WrongSetting(f"No Stripe key is set: {env.STRIPE_KEY.full_name} is needed to ask Stripe.")

    def check_for_serving(self) -> None:
        """Raise WrongSetting when something is missing without which sites and worker cannot do their work."""
        needed: dict[Setting[Any], object] = {
            env.SECRET_KEY: self.secret_key,
            env.STRIPE_KEY: self.stripe_key,
            env.STRIPE_WEBHOOK_SECRETS: self.stripe_webhook_secrets,
            env.MAIL_URL: self.mail_url,
        }
        for setting, value in needed.items():
            if not value:
                raise WrongSetting(f"{setting.full_name} is not set: {setting.meaning}")
        if self.credit_checks.startswith("http") and not (self.credit_checks_key and self.credit_checks_secret):
            raise WrongSetting(
                f"{env.CREDIT_CHECKS_KEY.full_name} and {env.CREDIT_CHECKS_SECRET.full_name} are needed to ask "
                f"{urlsplit(self.credit_checks).hostname}."
            )
        if self.documents_url and not (self.documents_key and self.documents_secret):
            raise WrongSetting(
                f"{env.DOCUMENTS_KEY.full_name} and {env.DOCUMENTS_SECRET.full_name} are needed to reach the bucket."
            )
        if self.openid_issuer and not (self.openid_client_id and self.openid_client_secret):
            raise WrongSetting(
                f"{env.OPENID_CLIENT_ID.full_name} and {env.OPENID_CLIENT_SECRET.full_name} are needed to ask "
                f"{urlsplit(self.openid_issuer).hostname}."
            )
        if self.twilio_account and not (self.twilio_token and self.twilio_from):
            raise WrongSetting(
                f"{env.TWILIO_TOKEN.full_name} and {env.TWILIO_FROM.full_name} are needed to send text messages."
            )
        if not self._has_a_home():
            raise WrongSetting(f"{env.HOME.full_name} must be a folder to write in, and {self.home} is not.")
        if self.livemode and not self.portal.public_url.startswith("https://"):
            raise WrongSetting(
                f"{env.PORTAL_URL.full_name} must be an https:// address where the Stripe key is a live one."
            )

    def _has_a_home(self) -> bool:
        """Whether documents and the like can be written there; the folder is made where it is missing."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(self.home, os.W_OK | os.X_OK)


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Every setting, in the demo's home those of the demo; WrongSetting with one sentence where one is wrong."""
    return settings_of(with_kept(environ))


def settings_of(environ: Mapping[str, str]) -> Settings:
    """Every setting as it is given; WrongSetting with one sentence at the first that cannot be used."""
    _refuse_unknown(environ)
    home = Path(env.HOME.value(environ)).expanduser().resolve()
    api_url, key = env.STRIPE_API_URL.value(environ), env.STRIPE_KEY.value(environ)
    if api_url and "_live_" in key:
        raise WrongSetting(
            f"{env.STRIPE_API_URL.full_name} must be empty where {env.STRIPE_KEY.full_name} is a live key."
        )
    business = _business(environ)
    return Settings(
        home=home,
        database_url=env.DATABASE_URL.value(environ) or f"sqlite:///{home / 'quittance.db'}",
        secret_key=env.SECRET_KEY.value(environ),
        business=business,
        business_logo=env.BUSINESS_LOGO.value(environ),
        listen=env.LISTEN.value(environ),
        portal=_site(environ, env.PORTAL_PORT, env.PORTAL_URL, env.PORTAL_HOSTS),
        office=_site(environ, env.OFFICE_PORT, env.OFFICE_URL, env.OFFICE_HOSTS),
        partners=_site(environ, env.PARTNERS_PORT, env.PARTNERS_URL, env.PARTNERS_HOSTS),
        trusted_proxies=env.TRUSTED_PROXIES.value(environ),
        stripe_key=key,
        stripe_webhook_secrets=env.STRIPE_WEBHOOK_SECRETS.value(environ),
        stripe_api_url=api_url,
        credit_checks=env.CREDIT_CHECKS.value(environ),
        credit_checks_key=env.CREDIT_CHECKS_KEY.value(environ),
        credit_checks_secret=env.CREDIT_CHECKS_SECRET.value(environ),
        mail_url=env.MAIL_URL.value(environ),
        mail_from_named=bool(env.MAIL_FROM.value(environ)),
        mail_from=env.MAIL_FROM.value(environ) or f"{business.name} <{business.email}>",
        inbox_url=env.INBOX_URL.value(environ),
        mail_hook_secret=env.MAIL_HOOK_SECRET.value(environ),
        twilio_account=env.TWILIO_ACCOUNT.value(environ),
        twilio_token=env.TWILIO_TOKEN.value(environ),
        twilio_from=env.TWILIO_FROM.value(environ),
        twilio_api_url=env.TWILIO_API_URL.value(environ),
        texts_folder=env.TEXTS_FOLDER.value(environ),
        documents_url=env.DOCUMENTS_URL.value(environ),
        documents_key=env.DOCUMENTS_KEY.value(environ),
        documents_secret=env.DOCUMENTS_SECRET.value(environ),
        clamd_url=env.CLAMD_URL.value(environ),
        partner_folders=env.PARTNER_FOLDERS.value(environ),
        openid_issuer=env.OPENID_ISSUER.value(environ),
        openid_client_id=env.OPENID_CLIENT_ID.value(environ),
        openid_client_secret=env.OPENID_CLIENT_SECRET.value(environ),
        openid_name=env.OPENID_NAME.value(environ),
        log_level=env.LOG_LEVEL.value(environ),
    )


def _business(environ: Mapping[str, str]) -> Business:
    return Business(
        name=env.BUSINESS_NAME.value(environ),
        time_zone=env.BUSINESS_TIME_ZONE.value(environ),
        currency=env.BUSINESS_CURRENCY.value(environ),
        language=env.BUSINESS_LANGUAGE.value(environ),
        email=env.BUSINESS_EMAIL.value(environ),
        phone=env.BUSINESS_PHONE.value(environ),
        address=env.BUSINESS_ADDRESS.value(environ).replace("\\n", "\n"),
        registration=env.BUSINESS_REGISTRATION.value(environ),
        installation=env.INSTALLATION.value(environ),
        texts=bool(env.TWILIO_ACCOUNT.value(environ) or env.TEXTS_FOLDER.value(environ)),
        country=env.BUSINESS_COUNTRY.value(environ),
        opens=env.BUSINESS_HOURS.value(environ)[0],
        closes=env.BUSINESS_HOURS.value(environ)[1],
        bank=BankDetails(
            holder=env.BANK_HOLDER.value(environ) or env.BUSINESS_NAME.value(environ),
            iban=env.BANK_IBAN.value(environ),
            account=env.BANK_ACCOUNT.value(environ),
            sort_code=env.BANK_SORT_CODE.value(environ),
            bic=env.BANK_BIC.value(environ),
        ),
    )


def _site(
    environ: Mapping[str, str], port: Setting[int], url: Setting[str], hosts: Setting[tuple[str, ...]]
) -> SiteAddress:
    number = port.value(environ)
    return SiteAddress(number, url.value(environ) or f"http://127.0.0.1:{number}", hosts.value(environ))


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {setting.full_name for setting in env.ALL_SETTINGS}
    for name in environ:
        if name.startswith(env.PREFIX) and name.removesuffix("_FILE") not in known:
            raise WrongSetting(f"{name} is not a setting of Quittance; docs/operations.md lists them all.")


def kept_secret(home: Path, name: str) -> str:
    """A secret that was made once and lies in `home`, for the demo: 64 random characters that only we may read."""
    path = home / name
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text()


def demo_environment(environ: Mapping[str, str], *, simulator_url: str) -> dict[str, str]:
    """The environment with what the demo brings: a simulator, mail and texts in folders, secrets made on the spot."""
    home = Path(env.HOME.value(environ))
    ours: dict[Setting[Any], str] = {
        env.SECRET_KEY: kept_secret(home, "secret-key"),
        env.STRIPE_KEY: "sk_test_simulated",
        env.STRIPE_WEBHOOK_SECRETS: "whsec_" + kept_secret(home, "webhook-secret"),
        env.STRIPE_API_URL: simulator_url,
        env.MAIL_URL: f"folder:{home / 'mail'}",
        env.TEXTS_FOLDER: str(home / "texts"),
    }
    return {**environ, **{setting.full_name: value for setting, value in ours.items()}}
