"""Practising: sessions of practice as tests have them, taken to their end by the way that earns everything."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.notices.model import CallOutcome
from domain.practice.practising import begin, log, say
from domain.practice.situation import Logged, Situation, Told
from domain.practice.situations import ALL
from domain.shared.db.session import Database, business, today
from domain.shared.money import Money

WORDS = "Ana says that she looks into it and calls back."


def best_log(session: Session, situation: Situation, outcome: CallOutcome) -> Logged:
    """The call of this situation as it is best logged."""
    is_promise = outcome is CallOutcome.PROMISE
    amount = Money.of("10", business(session).currency) if is_promise else None
    return Logged(outcome, WORDS, today(session) + timedelta(days=2), amount)


def own_practice(database: Database, staff_id: int) -> int:
    """A call of somebody's that is over and not logged yet."""
    with database.transaction() as session:
        return practised(session, staff_id, is_logged=False)


def practised(session: Session, staff_id: int, key: str = "short", *, is_logged: bool = True) -> int:
    """A session of this situation, gone through as well as can be; returns its id."""
    session_id, situation = begin(session, staff_id, key), ALL[key]
    for turn, move in enumerate(situation.model, 1):
        say(session, staff_id, session_id, turn, Told(move))
    if is_logged and situation.outcome is not None:
        log(session, staff_id, session_id, best_log(session, situation, situation.outcome))
    return session_id
