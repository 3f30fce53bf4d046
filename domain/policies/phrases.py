"""Phrases: what each field of a section says in plain words, and what it says when it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

Say = Callable[[Any, str], Sequence[Words]]
Change = Callable[[Any, Any, str], Sequence[Words]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """What some fields of a section say together.

    `says` gives the sentences of a section, in a business of a currency; none where the fields mean nothing beside the
    others. `changes` gives those of a change, none where the plain sentences say it best. `inside`: customers are not
    told.
    """

    fields: tuple[str, ...]
    says: Say
    changes: Change = lambda before, after, currency: ()
    inside: bool = False


class As(StrEnum):
    """How a number is shown in a sentence."""

    NUMBER = "number"
    MONEY = "money"


def number(
    field: str,
    text: str,
    changed: str,
    *,
    none: str = "",
    special: Mapping[int, str] | None = None,
    shown_as: As = As.NUMBER,
    inside: bool = False,
) -> Phrase:
    """A field that is a number `{n}` in `text`; `changed` has `{before}` too; `none` is said where nothing is set."""
    alone = special or {}

    def shown(value: int | Decimal, currency: str) -> object:
        if shown_as is As.MONEY:
            assert isinstance(value, int)
            return Money(value, currency)
        return value

    def says(section: Any, currency: str) -> list[Words]:
        value = getattr(section, field)
        if value is None:
            return [Words.of(none)]
        return [Words.of(alone[value]) if value in alone else Words.of(text, n=shown(value, currency))]

    def changes(before: Any, after: Any, currency: str) -> list[Words]:
        old, new = getattr(before, field), getattr(after, field)
        if None in (old, new) or old in alone or new in alone:
            return []
        return [Words.of(changed, n=shown(new, currency), before=shown(old, currency))]

    return Phrase((field,), says, changes, inside)


def one_of(field: str, texts: Mapping[Any, str], *, inside: bool = False) -> Phrase:
    """A field with a sentence for each of its values."""
    return Phrase((field,), lambda section, currency: [Words.of(texts[getattr(section, field)])], inside=inside)


def yes_no(field: str, yes: str, no: str, *, inside: bool = False) -> Phrase:
    """A field that is true or false."""
    return one_of(field, {True: yes, False: no}, inside=inside)


def listed(field: str, say: Callable[[Any, Any, str], Words], *, none: str = "", inside: bool = False) -> Phrase:
    """A field with rows: `say` is given the section, a row and the currency."""

    def says(section: Any, currency: str) -> list[Words]:
        rows = getattr(section, field)
        return [say(section, row, currency) for row in rows] or [Words.of(none or N_("It has no rows."))]

    return Phrase((field,), says, inside=inside)
