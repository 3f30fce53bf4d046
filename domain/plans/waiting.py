"""Waiting: which plans have a turn now, found for all accounts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.collecting.model import Collection, SubjectKind
from domain.plans.health import SOON
from domain.plans.model import (
    RUNNING,
    TALKING,
    Instalment,
    PaymentPlan,
    PlanInvoice,
    PlanPause,
    PlanStatus,
)
from domain.plans.queries import TAKEN
from domain.plans.rules import stand
from domain.plans.watching import A_DAY, watch
from domain.receivables.model import Allocation, Invoice, InvoiceStatus
from domain.shared.db.session import now, today
from domain.stops.queries import is_held

BATCH = 500
"""So many plans are looked at together."""


def to_expire(session: Session) -> list[int]:
    """Plans that nobody has signed, or started, in their time."""
    waits = PaymentPlan.status.in_(TALKING | {PlanStatus.ACCEPTED})
    return _found(session, waits, PaymentPlan.expires_at <= now(session))


def to_resume(session: Session) -> list[int]:
    """Paused plans whose pause may be over, by the customer's day."""
    latest = select(func.max(PlanPause.id)).group_by(PlanPause.plan_id)
    over = exists().where(
        PlanPause.plan_id == PaymentPlan.id, PlanPause.id.in_(latest), PlanPause.until_on <= today(session)
    )
    return _found(session, PaymentPlan.status == PlanStatus.PAUSED, over)


def to_follow(session: Session) -> list[int]:
    """Plans whose state is not what the ledger says of their invoices, the newest first: it has the first word on them.

    Signed ones that may start, those that are paid, and completed ones of which something is open again that nothing
    else is about.
    """
    still = and_(Invoice.id == PlanInvoice.invoice_id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
    mine = PlanInvoice.plan_id == PaymentPlan.id
    taken = is_held(PaymentPlan.account_id, PlanInvoice.invoice_id, TAKEN, today(session))
    paid = and_(PaymentPlan.status.in_(RUNNING | {PlanStatus.DEFAULTED}), ~exists().where(mine, still))
    opened = and_(
        PaymentPlan.status == PlanStatus.COMPLETED, exists().where(mine, still), ~exists().where(mine, still, taken)
    )
    return [*_startable(session), *reversed(_found(session, or_(paid, opened)))]


def to_plan_again(session: Session) -> list[int]:
    """Active plans of which something that had covered a part was taken back since anything was planned for them."""
    taken_back = exists().where(
        PlanInvoice.plan_id == PaymentPlan.id,
        Allocation.invoice_id == PlanInvoice.invoice_id,
        Allocation.id > PaymentPlan.made_after_id,
        Allocation.reverses_id.is_not(None),
        ~exists().where(
            Collection.subject_kind == SubjectKind.INSTALMENT,
            Collection.subject_id == Instalment.id,
            Instalment.plan_id == PaymentPlan.id,
            Collection.planned_at >= Allocation.recorded_at,
        ),
    )
    has_method = PaymentPlan.saved_method_id.is_not(None)
    return _found(session, PaymentPlan.status == PlanStatus.ACTIVE, has_method, taken_back)


def to_judge(session: Session) -> list[int]:
    """Active plans that are late for too long, or of which the customer is to be told something of a part."""
    near = exists().where(Instalment.plan_id == PaymentPlan.id, Instalment.due_on <= today(session) + SOON + A_DAY)
    active = _found(session, PaymentPlan.status == PlanStatus.ACTIVE, near)

    def of_them(plan_ids: Sequence[int]) -> list[int]:
        watched = watch(session, plan_ids)
        return [plan_id for plan_id in plan_ids if watched[plan_id].turn or watched[plan_id].to_tell]

    return _in_batches(active, of_them)


def _startable(session: Session) -> list[int]:
    """Signed plans whose down payment is here."""
    signed = _found(session, PaymentPlan.status == PlanStatus.ACCEPTED)

    def of_them(plan_ids: Sequence[int]) -> list[int]:
        standing = stand(session, plan_ids)
        return [one for one in plan_ids if not any(p.left for p in standing[one].parts if p.agreed.number == 0)]

    return _in_batches(signed, of_them)


def _in_batches(plan_ids: Sequence[int], find: Callable[[Sequence[int]], list[int]]) -> list[int]:
    starts = range(0, len(plan_ids), BATCH)
    return [found for start in starts for found in find(plan_ids[start : start + BATCH])]


def _found(session: Session, *conditions: ColumnElement[bool]) -> list[int]:
    return list(session.scalars(select(PaymentPlan.id).where(*conditions).order_by(PaymentPlan.id)))
