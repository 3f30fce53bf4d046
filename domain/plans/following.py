"""Following: bring a plan to what has become of its invoices: it starts, is completed, or is open again."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.collecting.model import EndReason
from domain.plans import changing, queries, taking
from domain.plans.messages import PlanNews
from domain.plans.model import RUNNING, SIGNED, PaymentPlan, PlanInvoice, PlanStatus
from domain.plans.negotiating import tell
from domain.plans.rules import stand
from domain.plans.signing import start_if_ready
from domain.receivables.held import held_parts
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import Actor

CAN_MOVE = SIGNED | {PlanStatus.DEFAULTED, PlanStatus.COMPLETED}
"""The states that what settles or opens its invoices can end."""


def follow_account(session: Session, account_id: int, invoice_ids: Collection[int], *, actor: Actor) -> None:
    """Follow every plan of a locked account that is about one of these invoices."""
    over = select(PlanInvoice.plan_id).where(PlanInvoice.invoice_id.in_(invoice_ids))
    plans = session.scalars(
        select(PaymentPlan)
        .where(PaymentPlan.account_id == account_id, PaymentPlan.id.in_(over), PaymentPlan.status.in_(CAN_MOVE))
        .order_by(PaymentPlan.id)
    ).all()
    for plan in plans:
        follow(session, plan, actor=actor)


def follow(session: Session, plan: PaymentPlan, *, actor: Actor) -> bool:
    """Bring one plan of a locked account to what the ledger says of it; whether its state changed. Safe to repeat."""
    session.flush()
    before = plan.status
    start_if_ready(session, plan, actor=actor)
    standing = stand(session, [plan.id])[plan.id]
    if plan.status in RUNNING | {PlanStatus.DEFAULTED} and not standing.remaining:
        taking.end_collections(session, plan, EndReason.PAID, actor=actor)
        changing.change(session, plan, PlanStatus.COMPLETED, actor=actor)
        tell(session, plan, PlanNews.COMPLETED)
    elif plan.status is PlanStatus.COMPLETED and standing.remaining:
        _reopen(session, plan, actor=actor)
    elif plan.status is PlanStatus.ACTIVE:
        taking.end_collections(session, plan, EndReason.PAID, actor=actor, only_settled=True)
    if plan.status is PlanStatus.ACTIVE and any(part.reopened_on for part in standing.parts):
        taking.plan_parts(session, plan.id)
    return plan.status is not before


def adopt_method(session: Session, method: SavedMethod, *, actor: Actor) -> None:
    """A method that somebody has just saved serves the plan that they have signed and that waits for one.

    The account's lock is held.
    """
    waiting = session.scalars(
        select(PaymentPlan)
        .where(
            PaymentPlan.account_id == method.account_id,
            PaymentPlan.login_id == method.login_id,
            PaymentPlan.status == PlanStatus.ACCEPTED,
            PaymentPlan.saved_method_id.is_(None),
        )
        .order_by(PaymentPlan.id.desc())
    ).first()
    if waiting is not None:
        waiting.saved_method_id = method.id
        start_if_ready(session, waiting, actor=actor)


def _reopen(session: Session, plan: PaymentPlan, *, actor: Actor) -> None:
    """Money of a completed plan went back: it runs again, where no other plan or offer has its invoices by now."""
    taken = held_parts(session, [plan.account_id], queries.TAKEN)
    if any(row.id in taken for row in queries.invoices(session, plan.id)):
        return
    changing.change(session, plan, PlanStatus.ACTIVE, actor=actor)
    tell(session, plan, PlanNews.REOPENED)
