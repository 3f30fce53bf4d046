"""Queries: the movements of our balance at the processor, and payouts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.clearing.model import BALANCE_TRANSACTIONS, EXPLANATIONS, PAYOUTS, Payout, PayoutChange, PayoutItem
from domain.payments.model import Payment
from domain.payments.snapshots import PayoutState
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

MOST_AT_ONCE = 900
"""How many keys are asked for in one query: databases limit the values that a statement may bring."""

NO_SUCH_PAYOUT = N_("We could not find that payout.")
NO_SUCH_MOVEMENT = N_("We could not find that movement.")


def movements_of_payment(session: Session, payment_id: int) -> AnyRows:
    """What the processor did with the money of a payment: its balance transactions, in order.

    Among them is that of its charge where another amount came, so that it was booked apart.
    """
    charge = select(Payment.charge_id).where(Payment.id == payment_id).scalar_subquery()
    of_it = (BALANCE_TRANSACTIONS.c.payment_id == payment_id) | (BALANCE_TRANSACTIONS.c.source_ref == charge)
    return session.execute(select(BALANCE_TRANSACTIONS).where(of_it).order_by(BALANCE_TRANSACTIONS.c.id)).all()


def booked(session: Session, external_ids: Collection[str]) -> set[str]:
    """Which of these movements stand in the books."""
    found: set[str] = set()
    wanted = sorted(external_ids)
    for start in range(0, len(wanted), MOST_AT_ONCE):
        some = BALANCE_TRANSACTIONS.c.external_id.in_(wanted[start : start + MOST_AT_ONCE])
        found.update(session.scalars(select(BALANCE_TRANSACTIONS.c.external_id).where(some)))
    return found


def movement(session: Session, movement_id: int) -> AnyRow:
    """One movement; NotFound where there is none."""
    row = session.execute(select(BALANCE_TRANSACTIONS).where(BALANCE_TRANSACTIONS.c.id == movement_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_MOVEMENT)
    return row


def by_ref(session: Session, ref: str) -> AnyRow:
    """The movement of that name, else the first that came from the object of that name; NotFound without any."""
    named = (BALANCE_TRANSACTIONS.c.external_id == ref) | (BALANCE_TRANSACTIONS.c.source_ref == ref)
    row = session.execute(select(BALANCE_TRANSACTIONS).where(named).order_by(BALANCE_TRANSACTIONS.c.id)).first()
    if row is None:
        raise NotFound(NO_SUCH_MOVEMENT)
    return row


def explanation_of(session: Session, movement_id: int) -> AnyRow | None:
    """What staff decided of a movement, if they did."""
    wanted = select(EXPLANATIONS).where(EXPLANATIONS.c.balance_transaction_id == movement_id)
    return session.execute(wanted).one_or_none()


def is_decided(session: Session, external_id: str) -> bool:
    """Whether staff have decided of the movement of that name."""
    decided = (
        select(EXPLANATIONS.c.id)
        .join(BALANCE_TRANSACTIONS, BALANCE_TRANSACTIONS.c.id == EXPLANATIONS.c.balance_transaction_id)
        .where(BALANCE_TRANSACTIONS.c.external_id == external_id)
    )
    return session.scalar(decided) is not None


def payout(session: Session, payout_id: int) -> Payout:
    """One payout; NotFound where there is none."""
    found = session.get(Payout, payout_id)
    if found is None:
        raise NotFound(NO_SUCH_PAYOUT)
    return found


def payouts(session: Session, *, before: int | None = None, limit: int = 50) -> AnyRows:
    """A page of payouts, newest first; `before` is the id of the last one shown."""
    query = select(PAYOUTS)
    if before is not None:
        query = query.where(PAYOUTS.c.id < before)
    return session.execute(query.order_by(PAYOUTS.c.id.desc()).limit(limit)).all()


def payouts_on_their_way(session: Session) -> AnyRows:
    """Payouts that have left the processor's balance and are neither at the bank nor back."""
    on_the_way = (PAYOUTS.c.movement_ref.is_not(None), PAYOUTS.c.arrived_on.is_(None), PAYOUTS.c.reversal_ref.is_(None))
    return session.execute(select(PAYOUTS).where(*on_the_way).order_by(PAYOUTS.c.arrives_on, PAYOUTS.c.id)).all()


def changes_of_payout(session: Session, payout_id: int) -> AnyRows:
    """Every change of a payout's state, in order."""
    wanted = select(*PayoutChange.__table__.c).where(PayoutChange.payout_id == payout_id)
    return session.execute(wanted.order_by(PayoutChange.id)).all()


def items_of_payout(session: Session, payout_id: int) -> AnyRows:
    """What the processor names in a payout: each with the movement that we booked for it, if we did."""
    return session.execute(
        select(
            PayoutItem.external_id,
            PayoutItem.category,
            PayoutItem.net_minor,
            BALANCE_TRANSACTIONS.c.id.label("movement_id"),
            BALANCE_TRANSACTIONS.c.payment_id,
            BALANCE_TRANSACTIONS.c.source_ref,
        )
        .outerjoin(BALANCE_TRANSACTIONS, BALANCE_TRANSACTIONS.c.external_id == PayoutItem.external_id)
        .where(PayoutItem.payout_id == payout_id)
        .order_by(PayoutItem.id)
    ).all()


def unfinished_payouts(session: Session) -> list[str]:
    """The processor's names of payouts of which it still owes us some word."""
    moving = PAYOUTS.c.state.in_((PayoutState.PENDING, PayoutState.IN_TRANSIT))
    coming_back = PAYOUTS.c.state.in_((PayoutState.FAILED, PayoutState.CANCELED)) & PAYOUTS.c.reversal_ref.is_(None)
    untied = PAYOUTS.c.automatic & PAYOUTS.c.tied_at.is_(None) & (PAYOUTS.c.state == PayoutState.PAID)
    wanted = select(PAYOUTS.c.external_id).where(moving | coming_back | untied)
    return list(session.scalars(wanted.order_by(PAYOUTS.c.id)))
