"""Tying: ask the processor for its movements, compare them with the books, and tell staff of a difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import structlog

from app.handlers.backfilling import backfill
from app.wired import Wired
from domain.clearing import asking
from domain.clearing.asking import TieOutNow
from domain.payments.processor import Processor, ProcessorUnreachable
from domain.payments.snapshots import Movement
from domain.reporting.adding_up import LAST_DAYS, AddingUp, adding_up, keep
from domain.reporting.waiting_money import WATCHED
from domain.shared.actor import WORKER
from domain.shared.clock import day_in, start_of_day
from domain.shared.db.session import Database
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
    """The tie-out of the days before this one, unless the processor has answered one today already.

    How many things do not add up, each of which has its task; what adds up by now settles its task. Where the processor
    does not answer, the worker's next round asks again.
    """
    today = _today(wired)
    with wired.database.transaction() as session:
        if asking.compared_since(session, start_of_day(today, wired.database.business.time_zone)):
            return 0
        run_id = asking.begin(session, actor=WORKER)
    yesterday = today - timedelta(days=1)
    return _run(wired, run_id, lambda: tie_out(wired, yesterday - LOOKED_BACK, yesterday))


def tie_out_now(wired: Wired, message: TieOutNow) -> None:
    """The tie-out that somebody has asked for: walk what no event told us of, and compare the days up to this one."""
    with wired.database.reading() as session:
        if asking.is_over(session, message.run_id):
            return

    def compare() -> AddingUp:
        backfill(wired)
        today = _today(wired)
        return tie_out(wired, today - timedelta(days=LAST_DAYS - 1), today)

    _run(wired, message.run_id, compare)


def _run(wired: Wired, run_id: int, compare: Callable[[], AddingUp]) -> int:
    """Compare, ask staff about whatever does not add up, and write down how it went; how many things that were."""
    try:
        found = compare()
    except ProcessorUnreachable as problem:
        log.warning("tie-out broken off", reason=str(problem))
        with wired.database.transaction() as session:
            asking.end(session, run_id, answered=False)
        return 0
    with wired.database.transaction() as session:
        gaps = {gap.name: gap for gap in found.gaps}
        for name in _compared(found) - gaps.keys():
            settle(session, TaskKind.TIE_OUT, subject=("tie_out", name))
        for name, gap in gaps.items():
            subject = ("tie_out", name)
            tasks.open_task(session, TaskKind.TIE_OUT, subject=subject, worth=gap.amount, detail={"found": gap.about})
        asking.end(session, run_id, answered=True)
    return len(gaps)


def _compared(found: AddingUp) -> set[str]:
    """The names of all that was compared."""
    days = {f"day:{found.first + timedelta(days=number)}" for number in range((found.last - found.first).days + 1)}
    currencies = {money.currency for money in found.gross.values()}
    standing = {f"standing:{name.value}:{currency}" for name in WATCHED for currency in currencies}
    return days | standing | {f"payout:{payout.external_id}" for payout in found.payouts}


def _today(wired: Wired) -> date:
    return day_in(wired.database.clock.now(), wired.database.business.time_zone)
