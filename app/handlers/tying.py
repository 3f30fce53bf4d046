"""Tying: ask the processor for its movements, compare them with the books, and tell staff of a difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import structlog

from app.wired import Wired
from domain.payments.processor import Processor, ProcessorUnreachable
from domain.payments.snapshots import Movement
from domain.reporting.adding_up import AddingUp, adding_up, keep
from domain.reporting.waiting_money import WATCHED
from domain.shared.clock import day_in, start_of_day
from domain.shared.db.session import Database
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind
from domain.tasks.working import settle

log = structlog.get_logger("tying")

LOOKED_BACK = timedelta(days=7)
"""How many days the nightly tie-out compares: what was late last night has come by now."""


def reported_since(database: Database, processor: Processor, first: date) -> Sequence[Movement]:
    """Every movement that the processor reports since `first` began; raises what the processor raises."""
    return list(processor.movements_since(start_of_day(first, database.business.time_zone)))


def tie_out(wired: Wired, first: date, last: date) -> AddingUp:
    """Compare the books with what the processor reports now, and keep that for the page.

    Raises ProcessorUnreachable where it does not answer.
    """
    reported = reported_since(wired.database, wired.processor, first)
    with wired.database.reading() as session:
        found = adding_up(session, first, last, reported)
    with wired.database.transaction() as session:
        keep(session, found)
    return found


def tie_out_due(wired: Wired) -> int:
    """The nightly tie-out of the days before this one; how many things do not add up, each of which has its task.

    What adds up by now settles its task.
    """
    last = day_in(wired.database.clock.now(), wired.database.business.time_zone) - timedelta(days=1)
    try:
        found = tie_out(wired, last - LOOKED_BACK, last)
    except ProcessorUnreachable as problem:
        log.warning("tie-out broken off", reason=str(problem))
        return 0
    gaps = _gaps(found)
    with wired.database.transaction() as session:
        for name in _compared(found) - gaps.keys():
            settle(session, TaskKind.TIE_OUT, subject=("tie_out", name))
        for name, (worth, words) in gaps.items():
            tasks.open_task(session, TaskKind.TIE_OUT, subject=("tie_out", name), worth=worth, detail={"found": words})
    return len(gaps)


def _compared(found: AddingUp) -> set[str]:
    """The names of all that was compared."""
    days = {f"day:{found.first + timedelta(days=number)}" for number in range(LOOKED_BACK.days + 1)}
    currencies = {money.currency for money in found.gross.values()}
    standing = {f"standing:{name.value}:{currency}" for name in WATCHED for currency in currencies}
    return days | standing | {f"payout:{payout.external_id}" for payout in found.payouts}


def _gaps(found: AddingUp) -> dict[str, tuple[Money, str]]:
    """What does not add up: its name, by how much, and in words."""
    gaps = {
        f"payout:{payout.external_id}": (payout.difference, payout.external_id)
        for payout in found.payouts
        if payout.difference
    }
    gaps |= {
        f"standing:{each.ledger_account.value}:{each.balance.currency}": (each.unnamed, each.ledger_account.value)
        for each in found.standings
        if each.unnamed
    }
    return gaps | {f"day:{day.day}": (day.difference, str(day.day)) for day in found.days if day.difference}
