"""Sequences: which notices a sequence would have sent to one account, day by day; computed from values alone.

It asks what the nightly run asks: which step is due, what of it is held by a stop or covered by unused credit, whether
it is too little; and it sends one notice a day, at the highest step. Days on which nothing can change are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heapify, heappop, heappush

from domain.dunning.second_look import NEEDS_NOTHING
from domain.dunning.sequence import due_step
from domain.policies.interest import DAY
from domain.policies.sections import Dunning, DunningStep
from domain.reporting.trial.known import Known, Owed
from domain.stops import holding


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice: its day, its step (the highest of its invoices), and how much it asks for of which."""

    on: date
    step: DunningStep
    parts: Sequence[tuple[Owed, int]]

    @property
    def minor(self) -> int:
        """How much it asks for."""
        return sum(minor for _, minor in self.parts)


@dataclass(slots=True)
class _Item:
    """A debit item on its way: how much is open, and how far the sequence has come for it."""

    owed: Owed
    open: int = 0
    stage: int | None = None
    reached_on: date | None = None


def sent(account: Known, dunning: Dunning, last: date) -> Iterator[Sent]:
    """What the sequence would have sent through `last`, from the beginning; amounts in the account's currency."""
    run, before = _Run(account, dunning), date.min
    while run.days and (day := heappop(run.days)) <= last:
        if day == before:
            continue
        before = day
        run.learn(day)
        notice = _notice(day, run.alive.values(), run.credit, dunning)
        if notice is not None:
            run.go_on(notice)
            yield notice


class _Run:
    """How things stand on the day that a run has come to: what is open, and which days are still to be looked at."""

    def __init__(self, account: Known, dunning: Dunning) -> None:
        self.alive: dict[int, _Item] = {}
        self.credit = 0
        self._crediting = account.credit
        self._changing: dict[date, list[tuple[_Item, int]]] = {}
        self._end = dunning.steps[-1].day
        self._gaps = {timedelta(days=step.gap_days) for step in dunning.steps} | {DAY}
        turns: set[date] = set(account.credit)
        for owed in account.owed:
            item = _Item(owed)
            for day, minor in owed.changes.items():
                self._changing.setdefault(day, []).append((item, minor))
            turns |= {*owed.changes, *_turns(owed, dunning)}
        self.days = list(turns)
        heapify(self.days)

    def learn(self, day: date) -> None:
        """Take in what became known that day."""
        self.credit += self._crediting.get(day, 0)
        for item, minor in self._changing.get(day, ()):
            item.open += minor
            if item.open > 0 and item.stage != self._end:
                self.alive[item.owed.invoice_id] = item
            else:
                self.alive.pop(item.owed.invoice_id, None)

    def go_on(self, notice: Sent) -> None:
        """After a notice look again on the next day and when its gaps are over; what had its last step is done."""
        for gap in self._gaps:
            heappush(self.days, notice.on + gap)
        for owed, _ in notice.parts:
            if self.alive[owed.invoice_id].stage == self._end:
                del self.alive[owed.invoice_id]


def _turns(owed: Owed, dunning: Dunning) -> Iterator[date]:
    """The days on which something may begin to be due, or to be asked for, of one item."""
    for due in {owed.due.day, owed.due.before} - {None}:
        assert due is not None
        yield from (due + timedelta(days=step.day) for step in dunning.steps)
    if owed.due.granted_on is not None:
        yield owed.due.granted_on
    for hold in owed.holds:
        yield hold.from_on
        if hold.last_on is not None:
            yield hold.last_on + DAY


def _notice(day: date, items: Collection[_Item], credit: int, dunning: Dunning) -> Sent | None:
    """What is sent that day, and moves what it asks for on to its step; None where nothing is."""
    due = [(item, item.owed.due.on(day), step) for item in items if (step := _step(item, day, dunning)) is not None]
    asked: list[tuple[_Item, DunningStep, int]] = []
    for item, _, step in sorted(due, key=lambda each: (each[1], each[0].owed.invoice_id)):
        left = item.open - _held(item, day)
        covered = max(0, min(credit, left))
        credit -= covered
        if left > covered:
            asked.append((item, step, left - covered))
    if not asked or sum(minor for *_, minor in asked) < dunning.least_minor:
        return None
    for item, step, _ in asked:
        item.stage, item.reached_on = step.day, day
    highest = max((step for _, step, _ in asked), key=lambda step: step.day)
    return Sent(day, highest, [(item.owed, minor) for item, _, minor in asked])


def _step(item: _Item, day: date, dunning: Dunning) -> DunningStep | None:
    return due_step(dunning.steps, due_on=item.owed.due.on(day), on=day, stage=item.stage, reached_on=item.reached_on)


def _held(item: _Item, day: date) -> int:
    """How much of what is open a stop holds that day."""
    if any(hold.kind in NEEDS_NOTHING and hold.is_on(day) for hold in item.owed.holds):
        return item.open
    return holding.held(item.owed.holds, day, item.open)
