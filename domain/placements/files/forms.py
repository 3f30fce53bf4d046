"""Forms: how each value of a placement file is written, as text; what does not fit says why, and what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.accounts import checking
from domain.shared.errors import Invalid
from domain.shared.money import is_currency

UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of characters, and line ends of other kinds than ours: in no text."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
AMOUNT = re.compile(r"\d{1,16}(\.\d{1,4})?", re.ASCII)
RATE = re.compile(r"\d{1,3}(\.\d{1,4})?", re.ASCII)
REGION = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?", re.ASCII)


class Unfit(Exception):
    """A text is not written as its field asks: what is wrong, and what to do."""

    def __init__(self, wrong: str, todo: str) -> None:
        super().__init__(wrong)
        self.wrong, self.todo = wrong, todo


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is written: in the words of the manual, and as what reads it and writes it again.

    `longest` is for text alone; a `is_number` may stand without quotation marks in JSON.
    """

    words: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    longest: int | None = None
    is_number: bool = False

    def fitting(self, value: str | None) -> str | None:
        """What of a text that we hold can stand in a file: without what nobody sees, cut to its length; else None."""
        if value is None:
            return None
        cleaned = "".join(each for each in _one_line_end(value) if each == "\n" or _is_seen(each)).strip()
        if self.longest is not None and len(cleaned) > self.longest:
            cleaned = cleaned[: self.longest - 1].rstrip() + "…"
        try:
            self.read(cleaned)
        except Unfit:
            cleaned = " ".join(cleaned.split())
        try:
            self.read(cleaned)
        except Unfit:
            return None
        return cleaned or None


def text(longest: int) -> Form:
    """One line."""
    return Form(f"text, at most {longest} characters, on one line", _text(longest, False), longest=longest)


def lines(longest: int) -> Form:
    """One line or several."""
    return Form(f"text, at most {longest} characters, line breaks allowed", _text(longest, True), longest=longest)


def one_of(words: type[StrEnum], *, is_number: bool = False) -> Form:
    """One of a few words."""
    known = [each.value for each in words]
    listed = "one of " + ", ".join(f"`{each}`" for each in known) if len(known) > 1 else f"always `{known[0]}`"

    def read(given: str) -> StrEnum:
        if given not in known:
            raise Unfit("This word is not known.", f"Write {' or '.join(known)}.")
        return words(given)

    return Form(listed, read, is_number=is_number)


def _text(longest: int, several: bool) -> Callable[[str], str]:
    def read(given: str) -> str:
        joined = _one_line_end(given)
        if not several and "\n" in joined:
            raise Unfit("This goes over several lines.", "Write it on one line.")
        if not all(each == "\n" or _is_seen(each) for each in joined):
            raise Unfit("There is a control character in it.", "Take out what cannot be seen.")
        if len(joined) > longest:
            raise Unfit(f"This has {len(joined)} characters.", f"Write at most {longest}.")
        return joined

    return read


def _one_line_end(given: str) -> str:
    return given.replace("\r\n", "\n").replace("\r", "\n")


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in UNSEEN


def _day(given: str) -> date:
    try:
        if DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise Unfit("This is no day.", "Write year-month-day, such as 2026-11-22.")


def _moment(given: str) -> datetime:
    try:
        if MOMENT.fullmatch(given):
            return datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Unfit("This is no moment.", "Write it with its offset from UTC, such as 2026-11-22T09:30:00Z.")


def _amount(given: str) -> Decimal:
    if not AMOUNT.fullmatch(given):
        raise Unfit(
            "This is no amount.", "Write digits and a point, such as 1200.00: no sign, no currency, no separator."
        )
    return Decimal(given)


def _rate(given: str) -> Decimal:
    if not RATE.fullmatch(given):
        raise Unfit("This is no rate.", "Write per cent a year, such as 11.75 for 11.75 %, without the sign.")
    return Decimal(given)


def _currency(given: str) -> str:
    if not is_currency(given):
        raise Unfit("This is no currency.", "Write its code of ISO 4217 in capitals, such as GBP.")
    return given


def _country(given: str) -> str:
    if not (given.isascii() and given.isupper() and checking.is_country(given)):
        raise Unfit("This is no country.", "Write its two capitals of ISO 3166-1, such as GB.")
    return given


def _region(given: str) -> str:
    found = REGION.fullmatch(given)
    if found is None or not checking.is_country(found[1]):
        raise Unfit("This is no jurisdiction.", "Write a code of ISO 3166, such as FR, GB-SCT or US-NY.")
    return given


def _language(given: str) -> str:
    try:
        if checking.language(given) == given:
            return given
    except Invalid:
        pass
    raise Unfit("This is no language.", "Write a tag such as en or pt-BR.")


def _email(given: str) -> str:
    try:
        checking.email_address(given)
    except Invalid:
        raise Unfit(
            "This is no email address.", "Write one address such as ap@harbour.example, or leave it empty."
        ) from None
    return given


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


DAYS = Form("a day, `YYYY-MM-DD`", _day, date.isoformat)
MOMENTS = Form("a moment, `YYYY-MM-DDThh:mm:ssZ` or with an offset such as `+02:00`", _moment, _utc)
AMOUNTS = Form("an amount, such as `1200.00`", _amount, _plain)
RATES = Form("per cent a year, such as `11.75`", _rate, _plain)
CURRENCIES = Form("a currency of ISO 4217", _currency)
COUNTRIES = Form("a country of ISO 3166-1, two capitals", _country)
REGIONS = Form("a country of ISO 3166-1 or a part of one of ISO 3166-2", _region)
LANGUAGES = Form("a language tag such as `en` or `pt-BR`", _language)
EMAILS = Form("an email address", _email)
