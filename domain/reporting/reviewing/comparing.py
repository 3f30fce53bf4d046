"""Comparing: which days a review is beside: as many as it is about itself, whole quarters beside whole ones; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.shared.errors import N_
from domain.shared.months import months_later
from domain.shared.words import Words

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Compared:
    """The days of a review, as far as they have come, and those that stand beside them; `words` say which."""

    first: date
    last: date
    first_before: date
    last_before: date
    words: Words


def compared(first: date, last: date, today: date) -> Compared:
    """What stands beside these days: of a quarter that runs as many days from the start of the quarter before.

    Beside three whole months stand the three before them; beside longer spans as many days right before.
    """
    until = max(first, min(last, today))
    start, end = months_later(first, -3), first - A_DAY
    if until == months_later(first, 3) - A_DAY:
        return _told(WHOLE, first, until, start, end)
    days = until - first
    if start + days > end:
        return _told(BEFORE, first, until, first - days - A_DAY, end)
    return _told(RUNNING if until == today else PART, first, until, start, start + days)


def _told(text: str, first: date, last: date, first_before: date, last_before: date) -> Compared:
    words = Words.of(
        text,
        first=first,
        last=last,
        first_before=first_before,
        last_before=last_before,
    )
    return Compared(first, last, first_before, last_before, words)


WHOLE = N_("{first} to {last}, three whole months, beside the three before: {first_before} to {last_before}.")
RUNNING = N_(
    "{first} to {last}, beside as many days from the start of the quarter before: {first_before} to "
    "{last_before}. What was sent in the past two weeks may still bring more."
)
PART = N_(
    "{first} to {last}, beside as many days from the start of the quarter before: {first_before} to {last_before}."
)
BEFORE = N_("{first} to {last}, beside as many days right before: {first_before} to {last_before}.")
