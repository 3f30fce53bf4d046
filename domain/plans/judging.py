"""Judging: what becomes of a plan of which a part is missed: its customer is told, has more time once, then no more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.collecting.model import EndReason
from domain.plans import changing, queries, taking
from domain.plans.health import Turn, Watched
from domain.plans.messages import PlanNews
from domain.plans.model import InstalmentTold, PaymentPlan, PlanGrace, PlanStatus
from domain.plans.negotiating import tell
from domain.plans.watching import watch
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind


def judge(session: Session, plan_id: int, *, actor: Actor) -> bool:
    """Do what an active plan has due today, under its account's lock; whether there was anything. Safe to repeat."""
    account_id = session.scalars(select(PaymentPlan.account_id).where(PaymentPlan.id == plan_id)).one()
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    watched = watch(session, [plan_id]).get(plan_id)
    if watched is None:
        return False
    if watched.turn is Turn.DEFAULT:
        _default(session, plan, watched, actor=actor)
    elif watched.turn is Turn.GRACE:
        _give_time(session, plan, watched, actor=actor)
    elif not _tell_of_parts(session, plan, watched):
        return False
    return True


def _give_time(session: Session, plan: PaymentPlan, watched: Watched, *, actor: Actor) -> None:
    """Offer more time, once in the life of a plan."""
    day = watched.standing.day
    grace = PlanGrace(
        plan_id=plan.id,
        offered_on=day,
        until_on=day + timedelta(days=watched.rules.grace_days),
        missing_minor=watched.missing.minor,
        offered_at=now(session),
    )
    session.add(grace)
    audit.record(
        session,
        "plan.grace",
        actor=actor,
        subject=("plan", plan.id),
        account_id=plan.account_id,
        after={"amount": watched.missing, "until_on": grace.until_on},
    )
    tell(session, plan, PlanNews.GRACE)


def _default(session: Session, plan: PaymentPlan, watched: Watched, *, actor: Actor) -> None:
    """The plan ends: nothing of it is taken any more, and its invoices are chased again where they were."""
    taking.end_collections(session, plan, EndReason.PLAN_CHANGED, actor=actor)
    changing.change(session, plan, PlanStatus.DEFAULTED, actor=actor)
    tasks.open_task(
        session,
        TaskKind.PLAN_DEFAULTED,
        subject=("plan", plan.id),
        account_id=plan.account_id,
        worth=watched.standing.remaining,
        detail={},
    )
    tell(session, plan, PlanNews.DEFAULTED)


def _tell_of_parts(session: Session, plan: PaymentPlan, watched: Watched) -> bool:
    """One message of each kind, about the first of the parts that it is due for; whether there was any."""
    to_tell = watched.to_tell
    session.add_all(
        InstalmentTold(
            instalment_id=part.agreed.id, news=news, due_on=watched.standing.due_on(part), told_at=now(session)
        )
        for news, part in to_tell
    )
    session.flush()
    for news in (PlanNews.MISSED, PlanNews.DUE_SOON):
        number = next((part.agreed.number for each, part in to_tell if each is news), None)
        if number is not None:
            tell(session, plan, news, part=number)
    return bool(to_tell)
