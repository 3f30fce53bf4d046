"""Queries: refunds of a payment and of all accounts, and what one person has let go of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.payments.model import Payment
from domain.refunds.model import (
    ENDED,
    Refund,
    RefundAttempt,
    RefundChange,
    RefundSource,
    RefundStatus,
    RefundWay,
)
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money

NO_SUCH_REFUND = N_("We could not find that refund.")


class View(StrEnum):
    """The lists of refunds."""

    ALL = "all"
    APPROVAL = "approval"
    EXPLAIN = "explain"
    BANK = "bank"
    FAILED = "failed"


SHOWN = (
    Refund.id,
    Refund.public_id,
    Refund.account_id,
    Refund.currency,
    Refund.amount_minor,
    Refund.source,
    Refund.way,
    Refund.outside,
    Refund.status,
    Refund.reason,
    Refund.failure,
    Refund.requested_at,
    Refund.requested_by,
    Refund.decided_by,
    Refund.refund_ref,
    Refund.sent_at,
    Refund.credit_note_id,
    Payment.public_id.label("payment"),
    Payment.receipt_number,
    Payment.means,
)
_ROWS = select(*SHOWN).join(Payment, Payment.id == Refund.payment_id)
WHICH: dict[View, tuple[ColumnElement[bool], ...]] = {
    View.ALL: (),
    View.APPROVAL: (Refund.status == RefundStatus.AWAITING_APPROVAL,),
    View.EXPLAIN: (Refund.source == RefundSource.UNEXPLAINED, Refund.status.not_in(ENDED)),
    View.BANK: (Refund.way == RefundWay.BANK, Refund.status == RefundStatus.PENDING),
    View.FAILED: (Refund.status == RefundStatus.FAILED,),
}
"""What each list shows."""


def by_public_id(session: Session, public_id: str) -> Refund:
    """The refund of that public id; NotFound otherwise."""
    refund = session.scalars(select(Refund).where(Refund.public_id == public_id)).one_or_none()
    if refund is None:
        raise NotFound(NO_SUCH_REFUND)
    return refund


def shown(session: Session, public_id: str) -> AnyRow:
    """One refund with its payment's names, in the shape of the lists; NotFound otherwise."""
    row = session.execute(_ROWS.where(Refund.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_REFUND)
    return row


def refunds(session: Session, view: View = View.ALL, *, before: int | None = None, limit: int = 50) -> AnyRows:
    """A page of one list over all accounts, newest first; `before` is the id of the last one shown."""
    query = _ROWS.where(*WHICH[view])
    if before is not None:
        query = query.where(Refund.id < before)
    return session.execute(query.order_by(Refund.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[View, int]:
    """How many stand in each list."""
    wanted = [func.count().filter(*WHICH[view]) if WHICH[view] else func.count() for view in View]
    row = session.execute(select(*wanted).select_from(Refund)).one()
    return dict(zip(View, row, strict=True))


def of_payment(session: Session, payment_id: int) -> AnyRows:
    """The refunds of one payment, the oldest first."""
    return session.execute(_ROWS.where(Refund.payment_id == payment_id).order_by(Refund.id)).all()


def awaited_at_bank(session: Session, currency: str) -> AnyRows:
    """Refunds that somebody has paid, or has yet to pay, from the bank, and whose line has not come; oldest first."""
    return session.execute(_ROWS.where(*WHICH[View.BANK], Refund.currency == currency).order_by(Refund.id)).all()


def changes(session: Session, refund_id: int) -> AnyRows:
    """Every change of state: before, after, when, who and why, in order."""
    return session.execute(
        select(
            RefundChange.before,
            RefundChange.after,
            RefundChange.at,
            RefundChange.actor_kind,
            RefundChange.actor_id,
            RefundChange.why,
        )
        .where(RefundChange.refund_id == refund_id)
        .order_by(RefundChange.id)
    ).all()


def attempt_of(session: Session, refund_id: int) -> RefundAttempt | None:
    """The request to the processor, where there was one."""
    return session.get(RefundAttempt, refund_id)


def by_name(session: Session, names: Collection[str]) -> dict[str, AnyRow]:
    """How far the refunds of these names (`Refund.name`) are: state and when they were sent."""
    keys = {name.partition(":")[2]: name for name in names}
    if not keys:
        return {}
    rows = session.execute(
        select(Refund.public_id, Refund.status, Refund.sent_at).where(Refund.public_id.in_(keys.keys()))
    )
    return {keys[row.public_id]: row for row in rows}


def let_go_by(session: Session, staff_id: int | None, payment: Payment, *, since: datetime) -> Money:
    """What one person has let go alone: of this payment at any time, and of its account from `since` on.

    That is what they asked for and nobody had to approve, and what they approved; nothing that has come to nothing, and
    nothing that was made outside, whose money had gone before anybody here said a word.
    """
    if staff_id is None:
        return Money.zero(payment.currency)
    unapproved = and_(
        Refund.requested_by == staff_id,
        Refund.decided_by.is_(None),
        Refund.status != RefundStatus.AWAITING_APPROVAL,
    )
    total = session.scalar(
        select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(
            Refund.account_id == payment.account_id,
            or_(Refund.payment_id == payment.id, Refund.requested_at >= since),
            or_(unapproved, Refund.decided_by == staff_id),
            Refund.status.not_in(ENDED),
            Refund.outside.is_(False),
        )
    )
    return Money(int(total or 0), payment.currency)
