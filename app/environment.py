"""Environment: the table of every setting, and how one is taken from the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from app import readers

T = TypeVar("T")

PREFIX = "QUITTANCE_"


class WrongSetting(Exception):
    """A setting is missing or cannot be used; the text is one sentence that says which and what is expected."""


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting: its name without the prefix, what it means, how to read it, and what it is when it is not given.

    `read` turns the text into a value and raises ValueError with what it expected, as the end of a sentence.
    """

    name: str
    meaning: str
    read: Callable[[str], T]
    default: str = ""

    @property
    def full_name(self) -> str:
        """The name of the environment variable."""
        return PREFIX + self.name

    def given(self, environ: Mapping[str, str]) -> str:
        """The text that was given, also through a file that `…_FILE` names, or the default."""
        if (text := environ.get(self.full_name)) is not None:
            return text.strip()
        path = environ.get(f"{self.full_name}_FILE")
        if path is None:
            return self.default
        try:
            return Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise WrongSetting(
                f"{self.full_name}_FILE must name a readable text file, and {path} is none."
            ) from problem

    def value(self, environ: Mapping[str, str]) -> T:
        """The value, or WrongSetting with one sentence."""
        text = self.given(environ)
        try:
            return self.read(text)
        except ValueError as problem:
            raise WrongSetting(f"{self.full_name} must be {problem}.") from problem


HOME = Setting("HOME", "The folder for everything that is kept in files.", readers.some_words, default="./var")
DATABASE_URL = Setting("DATABASE_URL", "The database; empty means SQLite in `QUITTANCE_HOME`.", readers.database_url)
SECRET_KEY = Setting("SECRET_KEY", "Signs forms; at least 32 random characters. Needed to serve.", readers.secret_key)
INSTALLATION = Setting(
    "INSTALLATION",
    "Marks our payments at Stripe; different for each installation on one Stripe account.",
    readers.installation,
    default="quittance",
)
LISTEN = Setting("LISTEN", "The network address that the sites listen on.", readers.address, default="127.0.0.1")
PORTAL_PORT = Setting("PORTAL_PORT", "The port of the customers' portal.", readers.port, default="8000")
OFFICE_PORT = Setting("OFFICE_PORT", "The port of the back office.", readers.port, default="8001")
PARTNERS_PORT = Setting("PARTNERS_PORT", "The port of the partners' site.", readers.port, default="8002")
PORTAL_URL = Setting(
    "PORTAL_URL", "Where customers reach the portal; empty means this machine and its port.", readers.site_url
)
OFFICE_URL = Setting(
    "OFFICE_URL", "Where staff reach the back office; empty means this machine and its port.", readers.site_url
)
PARTNERS_URL = Setting(
    "PARTNERS_URL",
    "Where agencies and attorneys reach their site; empty means this machine and its port.",
    readers.site_url,
)
PORTAL_HOSTS = Setting("PORTAL_HOSTS", "Further host names that the portal answers to.", readers.host_names)
OFFICE_HOSTS = Setting("OFFICE_HOSTS", "Further host names that the back office answers to.", readers.host_names)
PARTNERS_HOSTS = Setting("PARTNERS_HOSTS", "Further host names that the partners' site answers to.", readers.host_names)
TRUSTED_PROXIES = Setting(
    "TRUSTED_PROXIES", "Addresses of proxies whose `X-Forwarded-For` and `-Proto` are believed.", readers.addresses
)
STRIPE_KEY = Setting("STRIPE_KEY", "Stripe's secret or restricted key. Needed to serve.", readers.stripe_key)
STRIPE_WEBHOOK_SECRETS = Setting(
    "STRIPE_WEBHOOK_SECRETS",
    "Signing secrets of the webhook endpoint; several while one is replaced. Needed to serve.",
    readers.webhook_secrets,
)
STRIPE_API_URL = Setting(
    "STRIPE_API_URL", "A Stripe simulator on this machine, in place of Stripe.", readers.loopback_url
)
CREDIT_CHECKS = Setting(
    "CREDIT_CHECKS",
    "Who is asked about customers: a service (`https://…`), or a file of results (`file:/path.csv`); empty: nobody.",
    readers.credit_checks,
)
CREDIT_CHECKS_KEY = Setting("CREDIT_CHECKS_KEY", "The key that we show to that service.", readers.words)
CREDIT_CHECKS_SECRET = Setting(
    "CREDIT_CHECKS_SECRET", "The secret with which that service signs its answers.", readers.words
)
MAIL_URL = Setting(
    "MAIL_URL",
    "The mail server (`smtp://…`), or a folder to write mail into (`folder:path`). Needed to serve.",
    readers.mail_url,
)
MAIL_FROM = Setting("MAIL_FROM", "The sender of mail; empty means the business's address.", readers.words)
INBOX_URL = Setting(
    "INBOX_URL",
    "Where answers arrive: `imaps://name:password@host/INBOX`, `mbox:path` or `maildir:path`; empty: nowhere.",
    readers.inbox_url,
)
MAIL_HOOK_SECRET = Setting(
    "MAIL_HOOK_SECRET",
    "With what a mail provider signs what it tells `/hooks/mail`; at least 32 characters; empty: it is closed.",
    readers.hook_secret,
)
TWILIO_ACCOUNT = Setting(
    "TWILIO_ACCOUNT", "Twilio's account (`AC…`) for text messages; empty: none are sent.", readers.twilio_account
)
TWILIO_TOKEN = Setting("TWILIO_TOKEN", "Its auth token, which also signs what Twilio tells us.", readers.words)
TWILIO_FROM = Setting(
    "TWILIO_FROM",
    "Who text messages come from: a number of ours, a messaging service (`MG…`), or a name.",
    readers.text_sender,
)
TWILIO_API_URL = Setting(
    "TWILIO_API_URL", "A stand-in of Twilio's on this machine, in place of Twilio.", readers.loopback_url
)
TEXTS_FOLDER = Setting("TEXTS_FOLDER", "A folder to write text messages into, in place of sending them.", readers.words)
DOCUMENTS_URL = Setting(
    "DOCUMENTS_URL",
    "A bucket for documents on an S3-compatible server: `https://host/bucket?region=…`; empty: `QUITTANCE_HOME`.",
    readers.bucket_url,
)
DOCUMENTS_KEY = Setting("DOCUMENTS_KEY", "The access key for that bucket.", readers.words)
DOCUMENTS_SECRET = Setting("DOCUMENTS_SECRET", "Its secret.", readers.words)
CLAMD_URL = Setting(
    "CLAMD_URL",
    "ClamAV's daemon, which looks at files of people: `tcp://host:3310` or `unix:/path`; empty: nobody does.",
    readers.clamd_url,
)
PARTNER_FOLDERS = Setting(
    "PARTNER_FOLDERS",
    "A folder, which a server for SFTP shows, with one in it for each agency or attorney that gets files; empty: none.",
    readers.words,
)
OPENID_ISSUER = Setting(
    "OPENID_ISSUER",
    "The house's own identity provider (OpenID Connect), where staff may sign in instead; empty: nowhere.",
    readers.issuer_url,
)
OPENID_CLIENT_ID = Setting("OPENID_CLIENT_ID", "What we are called there.", readers.words)
OPENID_CLIENT_SECRET = Setting("OPENID_CLIENT_SECRET", "The secret with which we ask there.", readers.words)
OPENID_NAME = Setting(
    "OPENID_NAME", "What the button for it calls it.", readers.some_words, default="your organisation"
)
LOG_LEVEL = Setting(
    "LOG_LEVEL",
    "How much is logged: debug, info, warning, error.",
    readers.one_of("debug", "info", "warning", "error"),
    default="info",
)
BUSINESS_NAME = Setting(
    "BUSINESS_NAME", "The creditor's name, as papers say it.", readers.some_words, default="Your business"
)
BUSINESS_TIME_ZONE = Setting(
    "BUSINESS_TIME_ZONE", "Where the creditor's days begin.", readers.time_zone, default="Europe/London"
)
BUSINESS_CURRENCY = Setting(
    "BUSINESS_CURRENCY", "The currency that new accounts have.", readers.currency, default="GBP"
)
BUSINESS_LANGUAGE = Setting(
    "BUSINESS_LANGUAGE", "The language of new accounts: en, es.", readers.one_of("en", "es"), default="en"
)
BUSINESS_EMAIL = Setting(
    "BUSINESS_EMAIL", "Where customers can write to.", readers.email, default="accounts@example.com"
)
BUSINESS_PHONE = Setting("BUSINESS_PHONE", "Where customers can call.", readers.words)
BUSINESS_COUNTRY = Setting(
    "BUSINESS_COUNTRY", "Whose public holidays the creditor's people have (ISO 3166).", readers.country, default="GB"
)
BUSINESS_HOURS = Setting(
    "BUSINESS_HOURS",
    "The hours in which they work, Monday to Friday: service levels count these.",
    readers.hours,
    default="9-17",
)
BUSINESS_ADDRESS = Setting("BUSINESS_ADDRESS", "The postal address; `\\n` begins a new line.", readers.words)
BUSINESS_REGISTRATION = Setting("BUSINESS_REGISTRATION", "Company and tax numbers, as papers say them.", readers.words)
BUSINESS_LOGO = Setting("BUSINESS_LOGO", "A PNG or JPEG file that mails and papers show.", readers.picture)
BANK_HOLDER = Setting(
    "BANK_HOLDER", "Whose bank account transfers go to; empty means the business's name.", readers.words
)
BANK_IBAN = Setting("BANK_IBAN", "Its IBAN, shown where customers can pay by transfer.", readers.iban)
BANK_ACCOUNT = Setting("BANK_ACCOUNT", "Its account number, where an IBAN is not usual.", readers.words)
BANK_SORT_CODE = Setting("BANK_SORT_CODE", "Its sort code or routing number.", readers.words)
BANK_BIC = Setting("BANK_BIC", "Its BIC (SWIFT code).", readers.bic)

ALL_SETTINGS: tuple[Setting[Any], ...] = tuple(item for item in list(globals().values()) if isinstance(item, Setting))
"""All of them, in the order in which the documentation lists them."""
