"""Checks: the parts of a signed plan add up, they say what its invoices say, and it holds them just while it lives."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import String, and_, case, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from domain.ledger.findings import Finding
from domain.plans.model import ENDED_EARLY, SIGNED, Instalment, PaymentPlan, PlanInvoice
from domain.plans.rules import stand
from domain.policies.sections import PlanInterest
from domain.receivables.model import Invoice
from domain.stops.model import Stop, StopKind, StopLift

BATCH = 500
"""So many plans are asked how they stand at once."""
WITH_SAY = (
    select(PaymentPlan.id)
    .where(PaymentPlan.signed_on.is_not(None), PaymentPlan.status.not_in(ENDED_EARLY))
    .order_by(PaymentPlan.id)
)
"""The signed plans whose parts say what is open: those of one that was ended early stay as they stood then."""
PARTS = func.coalesce(func.sum(Instalment.amount_minor), 0)
AGREED = func.coalesce(PaymentPlan.total_minor, 0)
UNEQUAL = (
    select(PaymentPlan.id, AGREED.label("agreed"), PARTS.label("parts"))
    .outerjoin(Instalment, Instalment.plan_id == PaymentPlan.id)
    .group_by(PaymentPlan.id, PaymentPlan.total_minor)
    .having(PARTS != AGREED)
    .order_by(PaymentPlan.id)
)
RIGHT_KIND = case(
    (PaymentPlan.interest == PlanInterest.STOPPED, StopKind.PLAN.value), else_=StopKind.PLAN_BEARING.value
)
ITS_STOP = and_(
    Stop.kind.in_((StopKind.PLAN, StopKind.PLAN_BEARING)),
    Stop.source == literal("plan:").concat(cast(PaymentPlan.id, String)),
    Stop.invoice_id == PlanInvoice.invoice_id,
    ~exists().where(StopLift.stop_id == Stop.id),
)
STOPS = (
    select(
        PaymentPlan.id,
        PaymentPlan.status,
        PlanInvoice.invoice_id,
        func.count(Stop.id).label("holds"),
        func.sum(case((Stop.kind == RIGHT_KIND, 1), else_=0)).label("rightly"),
    )
    .join(PlanInvoice, PlanInvoice.plan_id == PaymentPlan.id)
    .outerjoin(Stop, ITS_STOP)
    .group_by(PaymentPlan.id, PaymentPlan.status, PlanInvoice.invoice_id)
    .order_by(PaymentPlan.id, PlanInvoice.invoice_id)
)


def check_plans(session: Session) -> Iterator[Finding]:
    """Every plan whose parts are not its total, or not what is open, and every stop of one that is missing or too much.

    Unsigned plans have no parts and hold nothing.
    """
    yield from _check_totals(session)
    yield from _check_stops(session)
    signed = session.scalars(WITH_SAY).all()
    for start in range(0, len(signed), BATCH):
        yield from _check_parts(session, list(signed[start : start + BATCH]))


def _check_totals(session: Session) -> Iterator[Finding]:
    for row in session.execute(UNEQUAL):
        yield Finding("plan", str(row.id), "a plan is not the sum of its parts", str(row.agreed), str(row.parts))


def _check_parts(session: Session, plan_ids: list[int]) -> Iterator[Finding]:
    rows = session.execute(
        select(PlanInvoice.plan_id, func.sum(Invoice.open_minor).label("open"))
        .join(Invoice, Invoice.id == PlanInvoice.invoice_id)
        .where(PlanInvoice.plan_id.in_(plan_ids))
        .group_by(PlanInvoice.plan_id)
    )
    still_open = {row.plan_id: int(row.open) for row in rows}
    for plan_id, standing in stand(session, plan_ids).items():
        left, expected = standing.remaining.minor, still_open.get(plan_id, 0)
        if left != expected:
            yield Finding("plan", str(plan_id), "what is left of a plan is not what is open", str(expected), str(left))


def _check_stops(session: Session) -> Iterator[Finding]:
    for row in session.execute(STOPS):
        expected = 1 if row.status in SIGNED else 0
        if not row.holds == row.rightly == expected:
            words = "a plan and the register of stops do not agree about what is held"
            yield Finding("plan", f"{row.id}:{row.invoice_id}", words, str(expected), f"{row.rightly} of {row.holds}")
