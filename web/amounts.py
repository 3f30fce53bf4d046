"""Amounts as people type them: 1,234.56 and 1.234,56 and £12, read into Money without guessing."""

import re
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_symbol, get_decimal_symbol

from domain.shared.money import Money, is_currency, minor_digits

_CURRENCY: Final = r"([A-Za-z]{3}|[A-Za-z]{0,2}[$€£¥])"
_TYPED: Final = re.compile(rf"([-−]?) ?{_CURRENCY}? ?([-−]?)([0-9][0-9., ]*?) ?{_CURRENCY}?")
_PLAIN: Final = re.compile(r"([0-9]{1,13})(?:\.([0-9]+))?")
_GROUP_MARKS: Final = str.maketrans("\u00a0\u202f'’", "    ")


def read_amount(typed: str, currency: str, locale: Locale) -> Money:
    """The amount that somebody of `locale` typed; ValueError when it is not an amount, or could be two.

    Where both marks occur the last one is the decimal mark. Where one occurs, it is the decimal mark if the locale
    uses it so, or if it cannot part thousands (one mark, not three digits after it). A space parts thousands only.
    """
    match = _TYPED.fullmatch(typed.translate(_GROUP_MARKS).strip())
    if not match:
        raise ValueError(f"{typed!r} is not an amount")
    sign, before, inner_sign, digits, after = match.groups(default="")
    if (sign and inner_sign) or (before and after) or not _names(before or after, currency):
        raise ValueError(f"{typed!r} is not an amount in {currency}")
    number = _PLAIN.fullmatch(_with_point(digits, get_decimal_symbol(locale)))
    if not number:
        raise ValueError(f"{typed!r} is not an amount")
    whole, part = number.groups()
    if len((part or "").rstrip("0")) > minor_digits(currency):
        raise ValueError(f"{typed!r} has more decimals than {currency}")
    return Money.of(f"{'-' if sign or inner_sign else ''}{whole}.{part or 0}", currency)


def typed_amount(amount: Money, locale: Locale) -> str:
    """The amount as somebody of `locale` would type it, without currency or thousands marks."""
    return str(amount.decimal).replace(".", get_decimal_symbol(locale))


def _names(said: str, currency: str) -> bool:
    """Whether a code or sign that was typed beside the number can be this currency (nothing said can be any)."""
    if not said or said.upper() == currency:
        return True
    return not said.isalpha() and said[-1] in get_currency_symbol(currency, "en")


def _with_point(number: str, decimal_mark: str) -> str:
    """The same number with a point as its decimal mark and no groups."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return _joined(number, " ")
    mark, other = number[last], "," if number[last] == "." else "."
    whole, part = number[:last], number[last + 1 :]
    groups = number.split(mark)
    if other in whole:
        return f"{_joined(whole, other)}.{part}"
    if len(groups) == 2 and (mark == decimal_mark or len(part) != 3):
        return f"{_joined(whole, ' ')}.{part}"
    return _joined(number, mark)


def _joined(number: str, mark: str) -> str:
    """Take out thousands marks; ValueError where they do not part thousands."""
    first, *rest = number.split(mark)
    if rest and (not 1 <= len(first) <= 3 or any(len(group) != 3 for group in rest)):
        raise ValueError(f"{number!r} has its thousands in odd places")
    return first + "".join(rest)


def possible_amounts(typed: str, locale: Locale) -> frozenset[Money]:
    """Every amount above zero that somebody of `locale` can mean whatever its currency; none in what is no amount."""
    return frozenset(amount for currency in _currencies() if (amount := _read(typed, currency, locale)) is not None)


def _read(typed: str, currency: str, locale: Locale) -> Money | None:
    try:
        amount = read_amount(typed, currency, locale)
    except ValueError:
        return None
    return Money(abs(amount.minor), currency) if amount else None


@cache
def _currencies() -> tuple[str, ...]:
    return tuple(sorted(code for code in get_global("all_currencies") if is_currency(code)))
