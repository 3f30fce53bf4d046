"""Checking: what an email address, a language, a time zone, a country and a name must look like; no session."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pycountry
from babel import Locale, UnknownLocaleError

from domain.shared.errors import N_, Invalid
from domain.shared.money import is_currency

EMAIL_LENGTH = 254
"""The longest address that SMTP carries (RFC 5321, 4.5.3.1.3, less the angle brackets)."""
EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"_.]+(?:\.[^\s@<>()\[\],;:\\\"_.]+)+")


def email_address(given: str, *, field: str = "email") -> str:
    """The address in the one form in which we keep and compare it: NFC, lower case, no spaces around it."""
    address = unicodedata.normalize("NFC", given).strip().lower()
    if len(address) > EMAIL_LENGTH or not EMAIL.fullmatch(address) or not address.isprintable():
        raise Invalid(N_("“{value}” is not an email address."), field=field, value=given[:EMAIL_LENGTH])
    return address


def text(given: str, *, field: str, length: int) -> str:
    """A line that somebody typed: trimmed, not empty, and no longer than there is room for."""
    words = " ".join(given.split())
    if not words:
        raise Invalid(N_("This is needed."), field=field)
    if len(words) > length:
        raise Invalid(N_("This may have {length} characters at most."), field=field, length=length)
    return words


def optional_text(given: str | None, *, field: str, length: int) -> str | None:
    """Like `text`, but may be missing or empty: then it is None."""
    return text(given, field=field, length=length) if given and given.strip() else None


def currency(given: str) -> str:
    """A currency code of ISO 4217."""
    if not is_currency(given):
        raise Invalid(N_("“{value}” is not a currency."), field="currency", value=given)
    return given


def language(given: str) -> str:
    """A language as "es" or "pt-BR", known to CLDR."""
    tag = _language(given.strip())
    if tag is None:
        raise Invalid(N_("“{value}” is not a language that we know."), field="language", value=given)
    return tag


@cache
def _language(given: str) -> str | None:
    try:
        locale = Locale.parse(given.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    return f"{locale.language}-{locale.territory}" if locale.territory else locale.language


def time_zone(given: str) -> str:
    """An IANA time zone such as "Europe/Madrid"."""
    if not _is_zone(given):
        raise Invalid(N_("“{value}” is not a time zone."), field="time_zone", value=given)
    return given


@cache
def _is_zone(key: str) -> bool:
    try:
        return ZoneInfo(key).key == key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False


def country(given: str) -> str:
    """A country code of ISO 3166-1, two letters, upper case."""
    code = given.strip().upper()
    if not is_country(code):
        raise Invalid(N_("“{value}” is not a country code."), field="country", value=given)
    return code


@cache
def is_country(code: str) -> bool:
    """Whether it is a country code of ISO 3166-1."""
    return len(code) == 2 and pycountry.countries.get(alpha_2=code) is not None
