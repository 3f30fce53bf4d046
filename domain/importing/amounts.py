"""Amounts: read what people write for numbers, and refuse what could mean two things. No session."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.importing.problems import Unfit
from domain.shared.errors import N_

AN_AMOUNT = N_("an amount such as 1234.56, without letters or currency signs")
WHICH_SIGN = N_(
    'a number that can only mean one thing: say which sign is the decimal one (decimal = "," or decimal = ".")'
)
ONE_SIGN = N_("the same decimal sign as in row {row}")
THE_SIGN = N_("an amount with the decimal sign {sign}")

LONGEST = 40
MINUS = "-\u2212\u2013"
NUMBER = re.compile(r"\d+(?:[.,' \u00a0\u2009\u202f\u2019]\d+)*|[.,]\d+")
GROUPERS = "' \u00a0\u2009\u202f\u2019"


@dataclass(slots=True)
class AmountReader:
    """Reads the amounts of one file: with its declared decimal sign, or by what each amount itself proves.

    Without a declaration an amount such as "1,234" is refused, and so is an amount that proves another sign than an
    earlier row did.
    """

    declared: str | None = None
    proven: str | None = None
    proven_in: int = 0

    def read(self, text: str, row: int) -> Decimal:
        """The number written in `text`; minus as -12, 12- or (12). Raises Unfit."""
        digits, negative = _unsigned(text)
        if not NUMBER.fullmatch(digits):
            raise Unfit(AN_AMOUNT)
        number = Decimal(self._plain(digits, row))
        return -number if negative else number

    def _plain(self, digits: str, row: int) -> str:
        if self.declared is not None:
            return _as_declared(digits, self.declared)
        seen = proven_sign(digits)
        if seen is None:
            return _without_sign(digits)
        if self.proven not in (None, seen):
            raise Unfit(ONE_SIGN, row=self.proven_in)
        plain = _with_sign(digits, seen)
        if self.proven is None:
            self.proven, self.proven_in = seen, row
        return plain


def proven_sign(digits: str) -> str | None:
    """The decimal sign that `digits` can only have, or None where they have none or do not say."""
    signs = [character for character in digits if character in ".,"]
    if not signs:
        return None
    last = signs[-1]
    if len(set(signs)) == 2:
        return last if signs.count(last) == 1 else None
    if len(signs) > 1:
        return "," if last == "." else "."
    before, _, after = digits.partition(last)
    could_group = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    return None if could_group else last


def _unsigned(text: str) -> tuple[str, bool]:
    """The digits and separators, and whether the whole is negative."""
    digits = text.strip()
    if len(digits) > LONGEST:
        raise Unfit(AN_AMOUNT)
    if digits.startswith("(") and digits.endswith(")"):
        return digits[1:-1].strip(), True
    if digits[:1] and digits[0] in MINUS:
        return digits[1:].strip(), True
    if digits[-1:] and digits[-1] in MINUS:
        return digits[:-1].strip(), True
    return digits.removeprefix("+"), False


def _without_sign(digits: str) -> str:
    """Whole digits; Unfit where a point or a comma among them might be the decimal sign or group thousands."""
    if "." in digits or "," in digits:
        raise Unfit(WHICH_SIGN)
    return _ungrouped(digits, GROUPERS)


def _as_declared(digits: str, sign: str) -> str:
    try:
        return _with_sign(digits, sign)
    except Unfit as problem:
        raise Unfit(THE_SIGN, sign=sign) from problem


def _with_sign(digits: str, sign: str) -> str:
    """The digits as Python writes them, read with a known decimal sign; Unfit where they do not fit it."""
    whole, found, fraction = digits.partition(sign)
    if found and not fraction.isdecimal():
        raise Unfit(AN_AMOUNT)
    other = "," if sign == "." else "."
    return f"{_ungrouped(whole, GROUPERS + other) or '0'}.{fraction or '0'}"


def _ungrouped(whole: str, groupers: str) -> str:
    """Whole digits without what groups them: one kind of sign, with three digits behind each."""
    used = {character for character in whole if not character.isdecimal()}
    if not used:
        return whole
    first, *groups = re.split(r"\D", whole)
    in_threes = 1 <= len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in groups)
    if len(used) > 1 or not used <= set(groupers) or not in_threes:
        raise Unfit(AN_AMOUNT)
    return "".join((first, *groups))
