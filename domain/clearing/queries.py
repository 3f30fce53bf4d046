"""Queries: the movements of our balance at the processor."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.clearing.model import BALANCE_TRANSACTIONS
from domain.shared.db.rows import AnyRows


def movements_of_payment(session: Session, payment_id: int) -> AnyRows:
    """What the processor did with the money of a payment: its balance transactions, in order."""
    wanted = select(BALANCE_TRANSACTIONS).where(BALANCE_TRANSACTIONS.c.payment_id == payment_id)
    return session.execute(wanted.order_by(BALANCE_TRANSACTIONS.c.id)).all()
