"""Delays: how many days late accounts pay, weighted by amount, over periods; one query for any number of accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session, aliased

from domain.receivables.due_days import ORIGINAL_DUE_ON, days_after
from domain.receivables.model import Allocation, CreditItem, CreditKind, Extension, Invoice, InvoiceKind, InvoiceStatus


@dataclass(frozen=True, slots=True)
class Delay:
    """What payments settled in a period, in minor units, and the same multiplied by the days it was late."""

    settled_minor: int
    late_minor_days: int

    @property
    def days(self) -> Fraction:
        """Σ(amount × max(0, days late)) ÷ Σ amount, exact; early payment never makes up for late."""
        return Fraction(self.late_minor_days, self.settled_minor)


def delays(
    session: Session,
    beginnings: Sequence[date],
    last: date,
    account_ids: Collection[int] | None = None,
    *,
    least_days: int = 0,
) -> dict[int, dict[date, Delay]]:
    """The delays of accounts (None: of all) in periods that begin on these days, ascending, the last ending on `last`.

    By the account and the beginning; where nothing was settled there is none. Late is by the day on which the invoice
    was due at first. What was taken back by `last` does not count, nor does what was credited instead of paid.
    `least_days` leaves out the periods with a lower delay.
    """
    paid_on = Allocation.effective_on
    period = case(*((paid_on >= first, first.isoformat()) for first in reversed(beginnings)))
    taken_back = aliased(Allocation)
    undone = select(literal(1)).where(taken_back.reverses_id == Allocation.id, taken_back.effective_on <= last)
    settled = func.sum(Allocation.amount_minor)
    late = func.sum(Allocation.amount_minor * days_after(ORIGINAL_DUE_ON, paid_on))
    query = (
        select(Allocation.account_id, period.label("period"), settled.label("settled"), late.label("late"))
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .outerjoin(Extension, Extension.invoice_id == Invoice.id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(
            paid_on.between(beginnings[0], last),
            Allocation.reverses_id.is_(None),
            CreditItem.kind == CreditKind.PAYMENT,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
            ~undone.exists(),
        )
        .group_by(Allocation.account_id, "period")
        .having(late >= least_days * settled)
    )
    if account_ids is not None:
        query = query.where(Allocation.account_id.in_(account_ids))
    found: dict[int, dict[date, Delay]] = defaultdict(dict)
    for row in session.execute(query):
        found[row.account_id][date.fromisoformat(row.period)] = Delay(int(row.settled), int(row.late))
    return found
