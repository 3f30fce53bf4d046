"""Described: what is decided outside the program, for pages of the back office that tell of it; no secret leaves."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url

from app import environment as env
from app.demo.guarding import is_demo
from app.environment import Setting
from app.settings import Settings
from app.wired import Wired
from backoffice.installation import Installation, Outside
from domain.preferences.values import Bounds
from domain.shared.db.migrating import newest
from web.localisation import LANGUAGES

BACKUP_FILE = "last-backup"
"""The file in the home that whoever makes backups touches after each."""


def described(wired: Wired) -> Installation:
    """What this process was started with."""
    settings = wired.settings
    return Installation(
        version=_version(),
        database="SQLite" if settings.on_sqlite else f"PostgreSQL, {make_url(settings.database_url).host or 'socket'}",
        head=newest(),
        is_live=settings.livemode,
        is_simulated=bool(settings.stripe_api_url),
        is_practice=is_demo(settings),
        has_stripe=bool(settings.stripe_key),
        mail=_place(settings.mail_url),
        mail_is_sent=settings.mail_url.startswith("smtp"),
        storage=_place(settings.documents_url) or str(settings.home / "documents"),
        texts=settings.texts_folder or ("Twilio" if settings.twilio_account else ""),
        scanner=bool(settings.clamd_url),
        backup_file=str(settings.home / BACKUP_FILE),
        bounds=Bounds(tuple(LANGUAGES), can_text=settings.business.texts),
        outside=_outside(settings),
    )


def _outside(settings: Settings) -> list[Outside]:
    """Each setting that says where things are, and of each secret whether it is set."""
    shown: dict[Setting[Any], str] = {
        env.HOME: str(settings.home),
        env.LISTEN: settings.listen,
        env.PORTAL_URL: settings.portal.public_url,
        env.OFFICE_URL: settings.office.public_url,
        env.PARTNERS_URL: settings.partners.public_url,
        env.MAIL_FROM: settings.mail_from,
        env.BUSINESS_TIME_ZONE: settings.business.time_zone,
        env.BUSINESS_CURRENCY: settings.business.currency,
        env.BUSINESS_COUNTRY: settings.business.country,
        env.INSTALLATION: settings.business.installation,
        env.TRUSTED_PROXIES: ", ".join(settings.trusted_proxies),
        env.PARTNER_FOLDERS: settings.partner_folders,
        env.LOG_LEVEL: settings.log_level,
    }
    secrets: dict[Setting[Any], object] = {
        env.SECRET_KEY: settings.secret_key,
        env.STRIPE_KEY: settings.stripe_key,
        env.STRIPE_WEBHOOK_SECRETS: settings.stripe_webhook_secrets,
        env.DATABASE_URL: not settings.on_sqlite,
        env.MAIL_URL: settings.mail_url,
        env.MAIL_HOOK_SECRET: settings.mail_hook_secret,
        env.INBOX_URL: settings.inbox_url,
        env.TWILIO_TOKEN: settings.twilio_token,
        env.DOCUMENTS_SECRET: settings.documents_secret,
        env.CREDIT_CHECKS_SECRET: settings.credit_checks_secret,
    }
    return [
        *(Outside(setting.full_name, value) for setting, value in shown.items()),
        *(Outside(setting.full_name, is_secret=True, is_set=bool(value)) for setting, value in secrets.items()),
    ]


def _place(url: str) -> str:
    """Where an address leads, without names and passwords."""
    parts = urlsplit(url)
    if parts.scheme == "folder":
        return parts.path
    return f"{parts.scheme}://{parts.hostname}" if parts.hostname else ""


def _version() -> str:
    try:
        return version("quittance")
    except PackageNotFoundError:
        return ""
