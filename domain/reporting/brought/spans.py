"""Spans: in which stage of recovery an invoice was on which days, and so which stage what was paid belongs to; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """The stages in their order: of two that begin on one day the later one holds."""

    REMINDED = "reminded"
    PLAN = "plan"
    SETTLEMENT = "settlement"
    PARTNER = "partner"
    COURT = "court"
    WRITTEN_OFF = "written_off"


ORDER = list(Stage)


@dataclass(frozen=True, slots=True)
class Entry:
    """An invoice entered a stage on a day with so much of it open; `subject_id` is what took it there."""

    invoice_id: int
    stage: Stage
    subject_id: int
    on: date
    minor: int


def collected(entries: Sequence[Entry], paid: Iterable[tuple[date, int]]) -> dict[Entry, int]:
    """What of what was paid of one invoice, as (day, minor units), came while it was in which stage.

    It is in a stage from the day on which it entered it until the day on which it entered the next one. Money of the
    day itself counts for the new stage. What came before the first one counts for none.
    """
    found: dict[Entry, int] = defaultdict(int)
    in_turn = sorted(entries, key=lambda entry: (entry.on, ORDER.index(entry.stage)))
    for day, minor in paid:
        last = next((entry for entry in reversed(in_turn) if entry.on <= day), None)
        if last is not None:
            found[last] += minor
    return dict(found)
