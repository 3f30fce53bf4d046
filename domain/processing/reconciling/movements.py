"""Reconciling movements: what moved our balance at the processor and no object of ours books is placed by its category.

Whatever has an object of its own (a refund, a chargeback, a payout) is never booked here: the object says how.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.clearing import booking, queries
from domain.clearing.booking import Against
from domain.clearing.categories import Category, booking_of
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind
from domain.payments.model import Payment
from domain.payments.snapshots import Movement, PayoutSnapshot, PayoutState
from domain.processing.reconciling.payouts import reconcile_payout
from domain.shared.clock import day_in
from domain.shared.db.session import business
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

CHARGES = frozenset({Category.CHARGE, Category.CHARGE_FAILURE})
"""What takes money from a payer, or gives it back because it did not come after all."""


def reconcile_movement(session: Session, movement: Movement) -> bool:
    """Book a movement by its category, once; False where it is left to its object, or was booked before.

    One of a kind that we do not know goes to suspense, with a task. Call it after the movement's object was looked at.
    """
    placed = booking_of(movement.category)
    if placed.ledger_account is None:
        return False
    if placed.by_bank:
        return _moved_from_bank(session, movement)
    payment = _payment_of(session, movement)
    if payment is not None:
        accounts.lock(session, payment.account_id)
    elif movement.category in CHARGES:
        return _not_ours(session, movement)
    entry = booking.book(
        session,
        movement,
        Against(placed.ledger_account, movement.amount),
        kind=EntryKind.PROCESSOR_MOVEMENT,
        payment=payment,
    )
    if entry is None:
        return False
    if placed.ledger_account is LedgerAccount.PROCESSOR_SUSPENSE:
        tasks.open_task(
            session,
            TaskKind.MOVEMENT_UNKNOWN,
            subject=("movement", movement.external_id),
            worth=movement.amount,
            detail={"found": movement.category, "processor": movement.source_ref},
        )
    return True


def _payment_of(session: Session, movement: Movement) -> Payment | None:
    """Whose charge it is, where it is one of ours that has not succeeded."""
    if movement.category not in CHARGES:
        return None
    return session.scalars(select(Payment).where(Payment.charge_id == movement.source_ref)).one_or_none()


def _not_ours(session: Session, movement: Movement) -> bool:
    """Another system's charge that is still on its way, or has failed late: apart, like every receipt of theirs."""
    against = Against(LedgerAccount.FOREIGN_RECEIPTS, movement.amount)
    if booking.book(session, movement, against, kind=EntryKind.FOREIGN_RECEIPT) is None:
        return False
    tasks.open_task(
        session,
        TaskKind.FOREIGN_RECEIPT,
        subject=("charge", movement.source_ref),
        worth=movement.amount,
        detail={"processor": movement.source_ref},
    )
    return True


def _moved_from_bank(session: Session, movement: Movement) -> bool:
    """A top-up is a payout the other way, and has left our bank by the time that we see it; whether it was new."""
    if queries.booked(session, [movement.external_id]):
        return False
    zone = business(session).time_zone
    topped_up = PayoutSnapshot(
        payout_ref=movement.external_id,
        amount=-movement.amount,
        state=PayoutState.PAID,
        automatic=False,
        complete=False,
        created_at=movement.created_at,
        arrives_on=day_in(movement.created_at, zone),
        failure=None,
        movement=movement,
        failure_movement=None,
    )
    reconcile_payout(session, topped_up)
    return True
