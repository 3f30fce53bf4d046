"""Listing: what staff see of plans at a glance: what each is worth, what is next, what has settled it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.payments.model import Payment
from domain.plans.health import Watched
from domain.plans.model import (
    SIGNED,
    TALKING,
    Instalment,
    PaymentPlan,
    PlanInvoice,
    PlanPayment,
    PlanSignature,
    PlanStatus,
)
from domain.plans.rules import stand
from domain.plans.standing import SETTLING, Standing
from domain.plans.watching import watch
from domain.receivables.model import Allocation, CreditItem, Invoice
from domain.saved_methods.model import SavedMethod
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.money import Money

STANDING = SIGNED | {PlanStatus.DEFAULTED}
"""The states in which the parts of a plan still say something."""


@dataclass(frozen=True, slots=True)
class Glance:
    """One plan in a list: what it is worth, how it stands once it is signed, and how it goes while it is active."""

    worth: Money
    standing: Standing | None
    watched: Watched | None

    @property
    def next_on(self) -> date | None:
        """The day of the next part of which something is to be paid."""
        part = self.standing.next if self.standing else None
        return self.standing.due_on(part) if self.standing and part else None


def glances(session: Session, rows: AnyRows) -> dict[int, Glance]:
    """What there is to see of each of these rows of `queries.plans`, in as many queries for many as for one.

    While it is talked about a plan is worth what is open of its invoices, while it lives what remains of it, and
    afterwards what was signed.
    """
    if not rows:
        return {}
    asked = _open_of(session, [row.id for row in rows if row.status in TALKING])
    watched = watch(session, [row.id for row in rows if row.status is PlanStatus.ACTIVE])
    standing = stand(session, [row.id for row in rows if row.status in STANDING and row.id not in watched])
    standing |= {plan_id: each.standing for plan_id, each in watched.items()}
    return {row.id: Glance(_worth(row, asked, standing), standing.get(row.id), watched.get(row.id)) for row in rows}


def settled_by(session: Session, plan_id: int) -> AnyRows:
    """What has settled the plan's invoices since it was signed, or was taken back, newest first.

    Each with the day, the sum, the kind of credit, the payment's public id, and the part that it was meant for.
    """
    taken_back = Allocation.reverses_id.is_not(None)
    return session.execute(
        select(
            func.max(Allocation.id).label("id"),
            Allocation.effective_on,
            taken_back.label("taken_back"),
            func.sum(Allocation.amount_minor).cast(Allocation.amount_minor.type).label("amount_minor"),
            CreditItem.kind,
            CreditItem.currency,
            Payment.public_id,
            Instalment.number,
        )
        .select_from(SETTLING)
        .outerjoin(Instalment, Instalment.id == PlanPayment.instalment_id)
        .where(PlanInvoice.plan_id == plan_id)
        .group_by(
            CreditItem.id,
            CreditItem.kind,
            CreditItem.currency,
            Allocation.effective_on,
            taken_back,
            Payment.public_id,
            Instalment.number,
        )
        .order_by(func.max(Allocation.id).desc())
    ).all()


def interest_within(session: Session, plan_id: int) -> dict[int, int]:
    """How much of each part of a plan is interest, in minor units, by the part's id; only where some is."""
    wanted = select(Instalment.id, Instalment.interest_minor).where(
        Instalment.plan_id == plan_id, Instalment.interest_minor > 0
    )
    return {row.id: row.interest_minor for row in session.execute(wanted)}


def signature(session: Session, plan_id: int) -> PlanSignature | None:
    """Who signed a plan, and how; None where nobody has."""
    return session.get(PlanSignature, plan_id)


def method_of(session: Session, plan_id: int) -> str | None:
    """The name of the saved method from which a plan's parts are taken; None where they are paid by hand."""
    wanted = select(SavedMethod.label).join(PaymentPlan, PaymentPlan.saved_method_id == SavedMethod.id)
    return session.scalar(wanted.where(PaymentPlan.id == plan_id))


def successor_of(session: Session, plan_id: int) -> int | None:
    """The latest plan that is to replace this one, or has."""
    wanted = select(func.max(PaymentPlan.id)).where(PaymentPlan.supersedes_id == plan_id)
    return session.scalar(wanted)


def _open_of(session: Session, plan_ids: Collection[int]) -> Mapping[int, int]:
    rows = session.execute(
        select(PlanInvoice.plan_id, Invoice.open_minor)
        .join(Invoice, Invoice.id == PlanInvoice.invoice_id)
        .where(PlanInvoice.plan_id.in_(plan_ids))
    )
    found: dict[int, int] = defaultdict(int)
    for row in rows:
        found[row.plan_id] += row.open_minor
    return found


def _worth(row: AnyRow, asked: Mapping[int, int], standing: Mapping[int, Standing]) -> Money:
    if row.id in standing:
        return standing[row.id].remaining
    return Money(asked.get(row.id, row.total_minor or 0), row.currency)
