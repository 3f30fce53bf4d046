"""Dispute turns: what disputes have due: a paper that answers one, a customer to remind, one that closes in silence."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.handlers.failing import failed
from domain.disputes import answering, silence
from domain.dunning.turns import Did
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def take_due(database: Database) -> Did:
    """Do all that disputes have due now, each in a transaction of its own; how much it was, and how many failed.

    Safe to repeat and to be killed at any point. One that fails keeps no other from its turn.
    """
    return sum(
        (
            _each(database, answering.to_answer, _answer),
            _each(database, silence.to_remind, silence.remind),
            _each(database, silence.to_close, _close),
        ),
        Did(),
    )


def _each(database: Database, find: Callable[[Session], list[int]], act: Callable[[Session, int], bool]) -> Did:
    with database.reading() as session:
        found = find(session)
    return sum((_one(database, dispute_id, act) for dispute_id in found), Did())


def _one(database: Database, dispute_id: int, act: Callable[[Session, int], bool]) -> Did:
    try:
        with database.transaction() as session:
            return Did(int(act(session, dispute_id)))
    except Exception as problem:
        return failed("disputes", f"dispute {dispute_id}", problem)


def _answer(session: Session, dispute_id: int) -> bool:
    return answering.answer_with_paper(session, dispute_id, actor=WORKER)


def _close(session: Session, dispute_id: int) -> bool:
    return silence.close(session, dispute_id, actor=WORKER)
