"""Amounts as people type them: 1,234.56 and 1.234,56 and £12, read into Money without guessing."""

import re
from typing import Final

from babel import Locale
from babel.numbers import get_decimal_symbol

from domain.shared.money import Money, minor_digits

_DECORATION: Final = re.compile(r"[\s\u00a0\u202f'’_]|[A-Za-z]{3}|[A-Za-z]{0,2}[$€£¥]")
_PLAIN: Final = re.compile(r"([-−]?)(\d{1,13})(?:\.(\d+))?")


def read_amount(typed: str, currency: str, locale: Locale) -> Money:
    """The amount that somebody of `locale` typed; ValueError when it is not an amount, or could be two.

    Where both marks occur the last one is the decimal mark. Where one occurs, it is the decimal mark if the locale
    uses it so, or if it cannot part thousands (one mark, not three digits after it).
    """
    bare = _DECORATION.sub("", typed)
    match = _PLAIN.fullmatch(_with_point(bare, get_decimal_symbol(locale)))
    if not match:
        raise ValueError(f"{typed!r} is not an amount")
    sign, whole, part = match.groups()
    if len((part or "").rstrip("0")) > minor_digits(currency):
        raise ValueError(f"{typed!r} has more decimals than {currency}")
    return Money.of(f"{'-' if sign else ''}{whole}.{part or 0}", currency)


def typed_amount(amount: Money, locale: Locale) -> str:
    """The amount as somebody of `locale` would type it, without currency or thousands marks."""
    return str(amount.decimal).replace(".", get_decimal_symbol(locale))


def _with_point(bare: str, decimal_mark: str) -> str:
    """The same number with a point as its decimal mark and no groups."""
    last = max(bare.rfind("."), bare.rfind(","))
    if last < 0:
        return bare
    mark, other = bare[last], "," if bare[last] == "." else "."
    whole, part = bare[:last], bare[last + 1 :]
    groups = bare.split(mark)
    if other in whole:
        return f"{_joined(whole, other)}.{part}"
    if len(groups) == 2 and (mark == decimal_mark or len(part) != 3):
        return f"{whole}.{part}"
    return _joined(bare, mark)


def _joined(number: str, mark: str) -> str:
    """Take out thousands marks; ValueError where they do not part thousands."""
    first, *rest = number.split(mark)
    if not 1 <= len(first.lstrip("-−")) <= 3 or any(len(group) != 3 for group in rest):
        raise ValueError(f"{number!r} has its thousands in odd places")
    return first + "".join(rest)
