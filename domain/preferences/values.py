"""Values: every preference that can be set, what each may be, and the business with them; a pure file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import stdnum.bic
import stdnum.iban

from domain.preferences.contrast import least_contrast
from domain.shared.business import BankDetails, Business, Logo
from domain.shared.errors import N_, Invalid

LEAST_CONTRAST = 4.5
"""Of text on its ground (WCAG 2.2, 1.4.3)."""
MOST_CLOSED = 200
EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>.]+(\.[^\s@<>.]+)+")
COLOUR = re.compile(r"#[0-9a-f]{6}")


class Name(StrEnum):
    """Each preference."""

    NAME = "name"
    REGISTRATION = "registration"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE = "phone"
    LOGO = "logo"
    ACCENT = "accent"
    SENDER = "sender"
    REPLY_TO = "reply_to"
    LANGUAGES = "languages"
    HOURS = "hours"
    CLOSED = "closed"
    BANK = "bank"
    TEXTS = "texts"
    EMAILS = "emails"
    LETTERS = "letters"
    CALLS = "calls"


NAMES = {
    Name.NAME: N_("Name"),
    Name.REGISTRATION: N_("Company and tax numbers"),
    Name.ADDRESS: N_("Postal address"),
    Name.EMAIL: N_("Email address"),
    Name.PHONE: N_("Telephone"),
    Name.LOGO: N_("Logo"),
    Name.ACCENT: N_("Colour"),
    Name.SENDER: N_("Sender of mail"),
    Name.REPLY_TO: N_("Where answers go"),
    Name.LANGUAGES: N_("Languages for customers"),
    Name.HOURS: N_("Working hours"),
    Name.CLOSED: N_("Days on which we are closed"),
    Name.BANK: N_("Bank account"),
    Name.TEXTS: N_("Text messages"),
    Name.EMAILS: N_("Notices by email"),
    Name.LETTERS: N_("Letters"),
    Name.CALLS: N_("Calls"),
}
"""What each is called."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the installation can do, and no preference goes beyond."""

    languages: tuple[str, ...]
    can_text: bool


def checked(name: Name, value: Any, bounds: Bounds) -> Any:
    """The value as it is kept; Invalid, beside the field of the preference, where it cannot be used."""
    return CHECKS[name](value, bounds)


def value_of(business: Business, name: Name) -> Any:
    """How a preference stands in a business, as it would be kept."""
    match name:
        case Name.HOURS:
            return [business.opens, business.closes]
        case Name.CLOSED:
            return sorted(day.isoformat() for day in business.closed)
        case Name.BANK:
            return asdict(business.bank)
        case Name.LOGO:
            return asdict(business.logo) if business.logo is not None else None
        case Name.LANGUAGES:
            return list(business.languages)
        case _:
            return getattr(business, name.value)


def applied(installation: Business, values: Mapping[str, Any]) -> Business:
    """The business of the installation with these preferences; what was kept as None is the installation's own."""
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if name in set(Name) and value is not None:
            changes |= _fields(Name(name), value)
    if not installation.texts:
        changes.pop("texts", None)
    return replace(installation, **changes)


def _fields(name: Name, value: Any) -> dict[str, Any]:
    match name:
        case Name.HOURS:
            return {"opens": value[0], "closes": value[1]}
        case Name.CLOSED:
            return {"closed": frozenset(map(date.fromisoformat, value))}
        case Name.BANK:
            return {"bank": BankDetails(**value)}
        case Name.LOGO:
            return {"logo": Logo(**value)}
        case Name.LANGUAGES:
            return {"languages": tuple(value)}
        case _:
            return {name.value: value}


def _line(name: Name, longest: int, missing: str = "") -> Callable[[Any, Bounds], str]:
    def check(value: Any, _: Bounds) -> str:
        text = str(value).strip()
        if missing and not text:
            raise Invalid(missing, field=name.value)
        if len(text) > longest:
            raise Invalid(N_("Use at most {longest} characters."), field=name.value, longest=longest)
        if "\n" in text and name is not Name.ADDRESS:
            raise Invalid(N_("Write it in one line."), field=name.value)
        return text

    return check


def _email(name: Name, *, or_none: bool = False) -> Callable[[Any, Bounds], str]:
    def check(value: Any, _: Bounds) -> str:
        text = str(value).strip()
        if (or_none and not text) or (EMAIL.fullmatch(text) and len(text) <= 254):
            return text
        raise Invalid(N_("Enter an email address such as accounts@example.com."), field=name.value)

    return check


def _colour(value: Any, _: Bounds) -> str:
    text = str(value).strip().lower()
    if not text:
        return ""
    if not COLOUR.fullmatch(text):
        raise Invalid(N_("Enter a colour as # and six digits, such as #0f5c6e."), field=Name.ACCENT.value)
    least = least_contrast(text)
    if least < LEAST_CONTRAST:
        raise Invalid(
            N_("Text could not be read well in this colour: its contrast would be {found} to 1, not {least} or more."),
            field=Name.ACCENT.value,
            found=f"{least:.1f}",
            least=f"{LEAST_CONTRAST}",
        )
    return text


def _languages(value: Any, bounds: Bounds) -> list[str]:
    wanted = [tag for tag in bounds.languages if tag in value]
    if not wanted:
        raise Invalid(N_("Choose at least one language."), field=Name.LANGUAGES.value)
    return [] if len(wanted) == len(bounds.languages) else wanted


def _hours(value: Sequence[int], _: Bounds) -> list[int]:
    opens, closes = value
    if not 0 <= opens < closes <= 24:
        raise Invalid(N_("A working day begins before it ends, within one day."), field="closes")
    return [opens, closes]


def _closed(value: Any, _: Bounds) -> list[str]:
    days = str(value).replace(",", "\n").split()
    try:
        found = sorted({date.fromisoformat(day) for day in days})
    except ValueError as problem:
        raise Invalid(N_("Enter each day as year-month-day, such as 2026-12-24."), field=Name.CLOSED.value) from problem
    if len(found) > MOST_CLOSED:
        raise Invalid(N_("Enter at most {most} days."), field=Name.CLOSED.value, most=MOST_CLOSED)
    return [day.isoformat() for day in found]


def _bank(value: Mapping[str, str], _: Bounds) -> dict[str, str]:
    given = {name: " ".join(str(value.get(name, "")).split()) for name in asdict(BankDetails())}
    for name, text in given.items():
        if len(text) > 100:
            raise Invalid(N_("Use at most {longest} characters."), field=name, longest=100)
    if given["iban"] and not stdnum.iban.is_valid(given["iban"]):
        raise Invalid(N_("This is no IBAN: a digit must be wrong or missing."), field="iban")
    if given["bic"] and not stdnum.bic.is_valid(given["bic"]):
        raise Invalid(N_("This is no BIC. It has 8 or 11 characters, such as NWBKGB2L."), field="bic")
    if (given["iban"] or given["account"]) and not given["holder"]:
        raise Invalid(N_("Enter whose bank account it is."), field="holder")
    given["iban"], given["bic"] = stdnum.iban.compact(given["iban"]), stdnum.bic.compact(given["bic"])
    return given


def _texts(value: Any, bounds: Bounds) -> bool:
    if value and not bounds.can_text:
        raise Invalid(N_("Nobody is set up to carry text messages."), field=Name.TEXTS.value)
    return bool(value)


def _switch(value: Any, _: Bounds) -> bool:
    return bool(value)


def _logo(value: Any, _: Bounds) -> dict[str, str]:
    return asdict(Logo(**value))


CHECKS: dict[Name, Callable[[Any, Bounds], Any]] = {
    Name.NAME: _line(Name.NAME, 100, N_("Enter the name of the business.")),
    Name.REGISTRATION: _line(Name.REGISTRATION, 300),
    Name.ADDRESS: _line(Name.ADDRESS, 500),
    Name.EMAIL: _email(Name.EMAIL),
    Name.PHONE: _line(Name.PHONE, 40),
    Name.LOGO: _logo,
    Name.ACCENT: _colour,
    Name.SENDER: _line(Name.SENDER, 100),
    Name.REPLY_TO: _email(Name.REPLY_TO, or_none=True),
    Name.LANGUAGES: _languages,
    Name.HOURS: _hours,
    Name.CLOSED: _closed,
    Name.BANK: _bank,
    Name.TEXTS: _texts,
    Name.EMAILS: _switch,
    Name.LETTERS: _switch,
    Name.CALLS: _switch,
}
