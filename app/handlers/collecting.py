"""Collecting: what automatic payment has due: plan, announce, take, follow up, end; each account by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import structlog
from sqlalchemy.orm import Session

from app.wired import Wired
from domain.collecting import planning, queries, turning
from domain.collecting.following import follow, give_up_unanswered
from domain.collecting.rules import RULES
from domain.payments.processor import ProcessorRefused, ProcessorUnreachable
from domain.processing import collecting
from domain.shared.actor import WORKER
from domain.shared.db.session import today
from domain.shared.errors import Refused

log = structlog.get_logger("collecting")

LONGEST_LEAD = timedelta(days=max(days for rules in RULES for days in rules.lead_days.values()))
Find: TypeAlias = Callable[[Session], list[int]]
Act: TypeAlias = Callable[[Session, int], object]
EXPECTED = (Refused, ProcessorRefused, ProcessorUnreachable)
"""Bad luck that needs no traceback: it is tried again the next time."""


def do_due(wired: Wired) -> int:
    """Do all that automatic payment has due now; how much it was. Safe to repeat and to be killed at any point."""
    return sum(
        (
            _write(wired, "turn off", queries.unfit, _turn_off_unfit),
            _write(wired, "plan", queries.to_plan, planning.plan),
            _write(wired, "drop", queries.settled_ahead, planning.drop_settled),
            _write(wired, "announce", _to_announce, planning.announce),
            _write(wired, "follow", queries.to_follow, _follow),
            _write(wired, "give up", queries.unanswered, _give_up),
            _collect(wired),
            _end(wired),
        )
    )


def _write(wired: Wired, name: str, find: Find, act: Act) -> int:
    """Find what has a turn, and act on each in a transaction of its own; how often something came of it."""
    with wired.database.reading() as session:
        found = find(session)

    def one(key: int) -> bool:
        with wired.database.transaction() as session:
            return bool(act(session, key))

    return sum(_guarded(name, key, one) for key in found)


def _collect(wired: Wired) -> int:
    with wired.database.reading() as session:
        due = queries.to_collect(session)
    return sum(
        _guarded("collect", key, lambda key: collecting.collect(wired.database, wired.processor, key)) for key in due
    )


def _end(wired: Wired) -> int:
    with wired.database.reading() as session:
        payments = {row.id: row.payment for row in queries.to_end(session)}
    return sum(
        _guarded("end", key, lambda key: collecting.end(wired.database, wired.processor, key, payments[key]))
        for key in payments
    )


def _guarded(name: str, key: int, act: Callable[[int], bool]) -> bool:
    """Act on one; one that fails never keeps the others from their turn."""
    try:
        return act(key)
    except Exception as problem:
        log.warning(
            "automatic payment", doing=name, of=key, reason=str(problem), exc_info=not isinstance(problem, EXPECTED)
        )
        return False


def _to_announce(session: Session) -> list[int]:
    return queries.to_announce(session, today(session) + LONGEST_LEAD)


def _turn_off_unfit(session: Session, account_id: int) -> bool:
    return turning.turn_off_unfit(session, account_id, actor=WORKER)


def _follow(session: Session, collection_id: int) -> bool:
    collection = planning.lock(session, collection_id)
    before = (collection.state, collection.judged)
    follow(session, collection, actor=WORKER)
    return before != (collection.state, collection.judged)


def _give_up(session: Session, collection_id: int) -> bool:
    return give_up_unanswered(session, planning.lock(session, collection_id), actor=WORKER)
