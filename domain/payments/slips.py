"""Slips: what was written down of cheques, cash and transfers, and what of them the bank has still to show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from domain.payments.model import Payment, PaymentMethod, PaymentReturn, ReceiptSlip
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money

SLIPS = ReceiptSlip.__table__.c
RETURNS = PaymentReturn.__table__.c
MOST_AT_ONCE = 500
"""Receipts on one list."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A receipt, or the return of one, that the bank has still to show; `on` is the day it came, or came back."""

    payment_id: int
    public_id: str
    account_id: int
    method: PaymentMethod
    means: str | None
    receipt_number: str | None
    amount: Money
    on: date


def to_bank(session: Session, ids: Collection[int] | None = None) -> list[Awaited]:
    """Receipts that nobody has taken to the bank yet, the oldest first, or those of them with these payment ids.

    What came back before the bank had it is not among them.
    """
    query = (
        _receipts(SLIPS.received_on)
        .outerjoin(PaymentReturn, PaymentReturn.payment_id == Payment.id)
        .where(
            ReceiptSlip.banked_on.is_(None), PaymentReturn.banked_on.is_not(None) | (PaymentReturn.payment_id.is_(None))
        )
    )
    if ids is not None:
        query = query.where(Payment.id.in_(ids))
    rows = session.execute(query.order_by(ReceiptSlip.received_on, Payment.id).limit(MOST_AT_ONCE))
    return [_awaited(row) for row in rows]


def returns_to_bank(session: Session) -> list[Awaited]:
    """Returns of banked receipts that the bank has still to take, the oldest first."""
    query = (
        _receipts(RETURNS.returned_on)
        .join(PaymentReturn, PaymentReturn.payment_id == Payment.id)
        .where(ReceiptSlip.banked_on.is_not(None), PaymentReturn.banked_on.is_(None))
    )
    rows = session.execute(query.order_by(PaymentReturn.returned_on, Payment.id).limit(MOST_AT_ONCE))
    return [_awaited(row) for row in rows]


def slip_of(session: Session, payment_id: int) -> ReceiptSlip | None:
    """What was written down of a receipt; None for a payment that came otherwise."""
    return session.get(ReceiptSlip, payment_id)


def return_of(session: Session, payment_id: int) -> PaymentReturn | None:
    """How a payment came back, if it did."""
    return session.scalars(select(PaymentReturn).where(PaymentReturn.payment_id == payment_id)).one_or_none()


def _receipts(day: ColumnElement[date]) -> Select[*tuple[Any, ...]]:
    return select(
        Payment.id,
        Payment.public_id,
        Payment.account_id,
        Payment.method,
        Payment.means,
        Payment.receipt_number,
        Payment.amount_minor,
        Payment.currency,
        day.label("on"),
    ).join(ReceiptSlip, ReceiptSlip.payment_id == Payment.id)


def _awaited(row: AnyRow) -> Awaited:
    return Awaited(
        payment_id=row.id,
        public_id=row.public_id,
        account_id=row.account_id,
        method=row.method,
        means=row.means,
        receipt_number=row.receipt_number,
        amount=Money(row.amount_minor, row.currency),
        on=row.on,
    )
