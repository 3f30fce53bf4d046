"""Planning: what payment plans have due: lapse, run again, follow the ledger, be told, have more time, default."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers.failing import each_in_turn
from domain.accounts import queries as accounts
from domain.dunning.turns import Did
from domain.plans import following, judging, negotiating, pausing, queries, taking, waiting
from domain.plans.model import PaymentPlan
from domain.shared.actor import WORKER
from domain.shared.db.session import Database


def do_due(database: Database) -> Did:
    """Do all that plans have due now, each in a transaction of its own; how much it was, and how many failed.

    Safe to repeat and to be killed at any point. One that fails keeps no other from its turn.
    """
    each = partial(each_in_turn, database, "plans", "plan")
    return sum(
        (
            each(waiting.to_expire, _expire),
            each(waiting.to_resume, pausing.resume_due),
            each(waiting.to_follow, _follow),
            each(waiting.to_plan_again, _plan_again),
            each(waiting.to_judge, _judge),
        ),
        Did(),
    )


def _expire(session: Session, plan_id: int) -> bool:
    return negotiating.expire(session, _account_of(session, plan_id), plan_id, actor=WORKER)


def _follow(session: Session, plan_id: int) -> bool:
    account_id = _account_of(session, plan_id)
    accounts.lock(session, account_id)
    return following.follow(session, queries.entity(session, account_id, plan_id), actor=WORKER)


def _plan_again(session: Session, plan_id: int) -> bool:
    return bool(taking.plan_parts(session, plan_id))


def _judge(session: Session, plan_id: int) -> bool:
    return judging.judge(session, plan_id, actor=WORKER)


def _account_of(session: Session, plan_id: int) -> int:
    return session.scalars(select(PaymentPlan.account_id).where(PaymentPlan.id == plan_id)).one()
