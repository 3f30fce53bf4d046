"""Checking: turns texts of a bank file into values, and collects what is wrong with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import BinaryIO, TypeVar

from domain.banking.files import BadBankFile, BankStatementPage, FileLine, FileProblem
from domain.importing.cells import CONTROLS, LARGEST, SHORT, WORDS
from domain.importing.dates import plausible
from domain.importing.problems import Unfit, visible
from domain.shared.errors import N_
from domain.shared.money import Money, is_currency, minor_digits
from domain.shared.words import Words

T = TypeVar("T")

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes: a year of a busy account."""
LARGEST_HELD = 16 * 1024 * 1024
"""Bytes of a file that has to be held at once."""
MOST_LINES = 200_000
MOST_PROBLEMS = 100
LONGEST_TEXT = 4_000
LONGEST_NAME = 200
LONGEST_REFERENCE = 100
LONGEST_ACCOUNT = 40
LONGEST_CODE = 60
LONGEST_REASON = 200
PLAIN_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?")
NOTHING_TOLD = frozenset({"NONREF", "NOTPROVIDED", "NOT PROVIDED", "NONE", "N/A"})
"""What banks write where a reference would stand."""

WHOLE_FILE = N_("the file")
AN_AMOUNT = N_("an amount such as 1234.56")
FITTING = N_("an amount with at most {places} decimals, as {currency} has, and of a size that can be booked")
A_CURRENCY = N_("a currency code of three letters, such as EUR")
ADDS_UP = N_("a closing balance of {reckoned}: the opening balance {opening} and the lines, {total}")
FEWER_LINES = N_("{limit} lines at most")
SMALLER = N_("a file of {limit} MB at most")
A_STATEMENT = N_("a bank statement")


class Findings:
    """Everything that is wrong with one file, up to a number that a person can still read."""

    def __init__(self) -> None:
        self.problems: list[FileProblem] = []

    def tell(self, place: Words, found: object, expected: str, /, **params: object) -> None:
        """Note one problem; raises BadBankFile once there are too many to go on."""
        self.problems.append(FileProblem(place, visible(str(found)), Words(expected, params)))
        if len(self.problems) >= MOST_PROBLEMS:
            self.finish()

    def attempt(self, place: Words, read: Callable[[str], T], found: str | None) -> T | None:
        """What `read` makes of the text; None, and a note, where it does not fit."""
        try:
            return read(found or "")
        except Unfit as problem:
            self.tell(place, found or "", problem.expected, **problem.params)
            return None

    def finish(self) -> None:
        """Raise BadBankFile if anything is wrong."""
        if self.problems:
            raise BadBankFile(self.problems)

    def check_sum(self, page: BankStatementPage, place: Words) -> None:
        """Note a statement whose lines do not lead from the opening to the closing balance."""
        if page.opening is None or page.closing is None:
            return
        total = page.total
        reckoned = page.opening + total
        if reckoned != page.closing:
            self.tell(place, page.closing, ADDS_UP, reckoned=reckoned, opening=page.opening, total=total)


def refuse(found: object, expected: str, /, place: Words | None = None, **params: object) -> BadBankFile:
    """The refusal of a file for one reason."""
    return BadBankFile([FileProblem(place or Words(WHOLE_FILE), visible(str(found)), Words(expected, params))])


def words(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text with its white space made single; Unfit for control characters, or for a text without end."""
    plain = " ".join(text.split())
    if CONTROLS.search(plain):
        raise Unfit(WORDS)
    if len(plain) > longest:
        raise Unfit(SHORT, length=longest)
    return plain


def name(text: str) -> str:
    """A person's or company's name."""
    return words(text, LONGEST_NAME)


def reference(text: str) -> str:
    """A reference, empty where the bank only says that there is none."""
    plain = words(text, LONGEST_REFERENCE)
    return "" if plain.upper() in NOTHING_TOLD else plain


def account(text: str) -> str:
    """An IBAN or account number without spaces."""
    return words(text.replace(" ", ""), LONGEST_ACCOUNT)


def code(text: str) -> str:
    """A code or type of the bank's."""
    return words(text, LONGEST_CODE)


def reason(text: str) -> str:
    """Why something came back; what is too long of it is cut off."""
    return words(text)[:LONGEST_REASON]


def currency(text: str) -> str:
    """A currency's code."""
    if not is_currency(text):
        raise Unfit(A_CURRENCY)
    return text


def number(text: str) -> Decimal:
    """A number with a decimal point, as computers write it."""
    if not PLAIN_NUMBER.fullmatch(text):
        raise Unfit(AN_AMOUNT)
    return Decimal(text)


def money(amount: Decimal, code: str) -> Money:
    """An amount in whole minor units of a currency."""
    try:
        whole = Money.of(amount, code)
    except ValueError as problem:
        raise Unfit(FITTING, places=minor_digits(code), currency=code) from problem
    if abs(whole.minor) > LARGEST:
        raise Unfit(FITTING, places=minor_digits(code), currency=code)
    return whole


def day(text: str) -> date:
    """A day as ISO 8601 writes it, with or without a time behind it."""
    try:
        return plausible(date.fromisoformat(text[:10]))
    except ValueError as problem:
        raise Unfit(N_("a date in the format 2026-03-31")) from problem


def distinct(references: Iterable[str]) -> tuple[str, ...]:
    """References that say something, each once."""
    return tuple(dict.fromkeys(filter(None, references)))


def refuse_too_many(lines: list[FileLine]) -> None:
    """Stop before a file fills the memory."""
    if len(lines) > MOST_LINES:
        raise refuse(f"> {MOST_LINES}", FEWER_LINES, limit=MOST_LINES)


def held(stream: BinaryIO) -> bytes:
    """The whole content of a file that cannot be read in pieces; BadBankFile where it is too much."""
    stream.seek(0)
    content = stream.read(LARGEST_HELD + 1)
    if len(content) > LARGEST_HELD:
        raise refuse(f"> {LARGEST_HELD >> 20} MB", SMALLER, limit=LARGEST_HELD >> 20)
    return content
