"""Changing: the one place where a plan's state changes, along its arrows, with what that stops and starts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.plans.model import ARROWS, PLAN_NAMES, SIGNED, TALKING, PaymentPlan, PlanChange, PlanInvoice, PlanStatus
from domain.policies.sections import PlanInterest
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import working
from domain.tasks.model import TaskKind


def note(
    session: Session, plan: PaymentPlan, before: PlanStatus | None, *, actor: Actor, why: str | None = None
) -> None:
    """Keep a change of state: who, when, why; and tell the audit and the account's timeline."""
    session.flush()
    session.add(
        PlanChange(
            plan_id=plan.id,
            before=before,
            after=plan.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
    audit.record(
        session,
        f"plan.{plan.status}",
        actor=actor,
        subject=("plan", plan.id),
        account_id=plan.account_id,
        before={"status": before},
        after={"status": plan.status, "why": why},
    )


def check(plan: PaymentPlan, after: PlanStatus) -> None:
    """Do nothing where the plan may become that; Conflict otherwise."""
    if after not in ARROWS[plan.status]:
        raise Conflict(N_("This plan has moved on meanwhile: it is {state} now."), state=PLAN_NAMES[plan.status])


def change(session: Session, plan: PaymentPlan, after: PlanStatus, *, actor: Actor, why: str | None = None) -> None:
    """Move a plan of a locked account; Conflict where no arrow leads there.

    While it is signed and lives its invoices are protected; when that ends, they are chased again where they were.
    """
    check(plan, after)
    before = plan.status
    plan.status = after
    plan.ended_at = None if after in TALKING | SIGNED else now(session)
    note(session, plan, before, actor=actor, why=why)
    if after in SIGNED and before not in SIGNED:
        protect(session, plan, actor=actor)
    if before in SIGNED and after not in SIGNED:
        stops.lift(session, stop_kind(plan), plan.source, actor=actor)
    if after is not PlanStatus.REQUESTED:
        working.settle(session, TaskKind.PLAN_REQUEST, subject=("plan", plan.id))
    if before in TALKING and after not in TALKING:
        working.settle(session, TaskKind.PLAN_UNSIGNED, subject=("plan", plan.id))
    if before is PlanStatus.DEFAULTED:
        working.settle(session, TaskKind.PLAN_DEFAULTED, subject=("plan", plan.id))


def protect(session: Session, plan: PaymentPlan, *, actor: Actor) -> None:
    """Hold what a plan holds on each of its invoices that no stop of it holds yet."""
    invoices = session.scalars(select(PlanInvoice.invoice_id).where(PlanInvoice.plan_id == plan.id)).all()
    for invoice_id in sorted(invoices):
        stops.write(session, plan.account_id, stop_kind(plan), plan.source, actor=actor, invoice_id=invoice_id)


def stop_kind(plan: PaymentPlan) -> StopKind:
    """The kind of its stops: interest goes on under a plan that bears it."""
    return StopKind.PLAN if plan.interest is PlanInterest.STOPPED else StopKind.PLAN_BEARING
