"""Cells: turn one cell into a value of ours, or say what was expected there; no session."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from domain.accounts import checking
from domain.importing.mapping import Ours
from domain.importing.problems import Unfit
from domain.importing.tables import Cell
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money, minor_digits

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
AS_TEXT = re.compile(r'="([^"]*)"')
"""How spreadsheets are told to leave a number in a CSV file alone."""
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
LARGEST = 9_000_000_000_000
"""Minor units of one row: a million such rows still add up to a 64-bit number."""
EXACT_DIGITS = 10**15
"""A spreadsheet keeps fifteen digits of a number."""

SOMETHING = N_("something: this cell must not be empty")
WORDS = N_("text, without control characters or letters that could not be read")
NO_FORMULA = N_("text or a number, not a formula")
SHORT = N_("{length} characters at most")
NOT_A_DATE = N_("text, but the spreadsheet has made a date of it: format the column as text")
NOT_ROUNDED = N_("text, but the spreadsheet has rounded it: format the column as text")
DATE = N_("a date")
AN_AMOUNT = N_("an amount")
MINOR = N_("an amount with at most {places} decimals, as {currency} has, and of a size that can be booked")

LENGTHS = {
    Ours.ACCOUNT_NUMBER: 64,
    Ours.INVOICE_NUMBER: 64,
    Ours.ACCOUNT_NAME: 200,
    Ours.EMAIL: 254,
    Ours.PHONE: 40,
    Ours.COUNTRY: 2,
    Ours.LANGUAGE: 5,
    Ours.TIME_ZONE: 64,
    Ours.CURRENCY: 3,
    Ours.DESCRIPTION: 2000,
    Ours.PURCHASE_ORDER: 100,
}
CHECKED: dict[Ours, tuple[Callable[[str], str], str]] = {
    Ours.EMAIL: (checking.email_address, N_("an email address")),
    Ours.COUNTRY: (checking.country, N_("a country code of two letters, such as GB")),
    Ours.LANGUAGE: (checking.language, N_("a language, such as en")),
    Ours.TIME_ZONE: (checking.time_zone, N_("a time zone, such as Europe/London")),
    Ours.CURRENCY: (lambda code: checking.currency(code.upper()), N_("a currency code of three letters, such as EUR")),
}


def text(cell: Cell, ours: Ours) -> str | None:
    """What a cell of text says, trimmed; None where it is empty. Raises Unfit."""
    words = _words(cell)
    if match := AS_TEXT.fullmatch(words):
        words = match[1].strip()
    if not words:
        return None
    if words.startswith("=") or words in EXCEL_ERRORS:
        raise Unfit(NO_FORMULA)
    if ours is Ours.DESCRIPTION:
        words = " ".join(words.split())
    if CONTROLS.search(words):
        raise Unfit(WORDS)
    if len(words) > LENGTHS[ours]:
        raise Unfit(SHORT, length=LENGTHS[ours])
    return _checked(words, ours)


def _words(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, date):
        raise Unfit(NOT_A_DATE)
    if not cell.is_finite() or abs(cell) >= EXACT_DIGITS:
        raise Unfit(NOT_ROUNDED)
    return format(cell, "f")


def _checked(words: str, ours: Ours) -> str:
    if ours not in CHECKED:
        return words
    check, expected = CHECKED[ours]
    try:
        value = check(words)
    except Invalid as problem:
        raise Unfit(expected) from problem
    if len(value) > LENGTHS[ours]:
        raise Unfit(expected)
    return value


def day(cell: Cell, read: Callable[[str], date], plausible: Callable[[date], date]) -> date | None:
    """The day in a cell; None where it is empty. Raises Unfit."""
    if isinstance(cell, str):
        return read(cell) if cell.strip() else None
    if isinstance(cell, Decimal):
        raise Unfit(DATE)
    return plausible(cell)


def minor(cell: Cell, currency: str, row: int, read: Callable[[str, int], Decimal]) -> int | None:
    """The amount in a cell, in minor units; None where it is empty. Raises Unfit."""
    if isinstance(cell, str):
        if not cell.strip():
            return None
        number = read(cell, row)
    elif isinstance(cell, Decimal):
        number = cell
    else:
        raise Unfit(AN_AMOUNT)
    try:
        amount = Money.of(number, currency).minor
    except ValueError as problem:
        raise Unfit(MINOR, places=minor_digits(currency), currency=currency) from problem
    if abs(amount) > LARGEST:
        raise Unfit(MINOR, places=minor_digits(currency), currency=currency)
    return amount
