"""Dispute turns: what disputes have due: a paper that answers one, a customer to remind, one that closes in silence."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from app.handlers.failing import each_in_turn
from domain.disputes import answering, silence
from domain.dunning.turns import Did
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def take_due(database: Database) -> Did:
    """Do all that disputes have due now, each in a transaction of its own; how much it was, and how many failed.

    Safe to repeat and to be killed at any point. One that fails keeps no other from its turn.
    """
    each = partial(each_in_turn, database, "disputes", "dispute")
    return each(answering.to_answer, _answer) + each(silence.to_remind, silence.remind) + each(silence.to_close, _close)


def _answer(session: Session, dispute_id: int) -> bool:
    return answering.answer_with_paper(session, dispute_id, actor=WORKER)


def _close(session: Session, dispute_id: int) -> bool:
    return silence.close(session, dispute_id, actor=WORKER)
