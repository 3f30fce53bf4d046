"""Delays: how many days late accounts pay, weighted by amount, and what they have not paid at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Date, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from domain.receivables.due_days import ORIGINAL_DUE_ON, days_after
from domain.receivables.model import Allocation, CreditItem, CreditKind, Extension, Invoice, InvoiceKind, InvoiceStatus


@dataclass(frozen=True, slots=True)
class Delay:
    """What was settled in a period, or is open, in minor units, and the same multiplied by the days it was late."""

    settled_minor: int
    late_minor_days: int

    @property
    def days(self) -> Fraction:
        """Σ(amount × max(0, days late)) ÷ Σ amount, exact; early payment never makes up for late."""
        return Fraction(self.late_minor_days, self.settled_minor)

    def __add__(self, other: Delay) -> Delay:
        return Delay(self.settled_minor + other.settled_minor, self.late_minor_days + other.late_minor_days)


NOTHING = Delay(0, 0)


def with_open(paid: Delay | None, still_open: Delay | None) -> Delay | None:
    """The delay of what was paid and of what is open and overdue as if it were paid today; None without either.

    Who pays what is easy and leaves the rest is so no better than who pays all of it late.
    """
    both = (paid or NOTHING) + (still_open or NOTHING)
    return both if both.settled_minor else None


def open_delays(session: Session, day: date, account_ids: Collection[int]) -> dict[int, Delay]:
    """What is open and overdue on a day, multiplied by the days since it was due at first; by the account."""
    open_, days_late = func.sum(Invoice.open_minor), days_after(ORIGINAL_DUE_ON, literal(day, Date))
    query = (
        select(Invoice.account_id, open_.label("open"), func.sum(Invoice.open_minor * days_late).label("late"))
        .outerjoin(Extension, Extension.invoice_id == Invoice.id)
        .where(
            Invoice.account_id.in_(account_ids),
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.due_on < day,
        )
        .group_by(Invoice.account_id)
    )
    return {row.account_id: Delay(int(row.open), int(row.late)) for row in session.execute(query)}


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
