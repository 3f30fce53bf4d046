"""Reconciling refunds: bring a refund to what the processor says of it now, and recognise those made outside.

Snapshots come late, twice and in any order: nothing here moves a state backwards, and each effect happens once.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.clearing import booking
from domain.clearing.booking import Against
from domain.clearing.model import BalanceTransaction
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind
from domain.payments.model import AttemptState, Payment
from domain.payments.snapshots import Movement, RefundSnapshot, RefundState
from domain.processing.refunds import progress
from domain.refunds import changing, queries
from domain.refunds.model import ENDED, Refund, RefundSource, RefundStatus, RefundWay
from domain.shared.actor import PROCESSOR
from domain.shared.db.session import business, now
from domain.shared.ids import new_public_id
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

STATUS = {
    RefundState.PENDING: RefundStatus.PENDING,
    RefundState.REQUIRES_ACTION: RefundStatus.REQUIRES_ACTION,
    RefundState.SUCCEEDED: RefundStatus.SUCCEEDED,
    RefundState.FAILED: RefundStatus.FAILED,
    RefundState.CANCELED: RefundStatus.CANCELED,
}
"""What the processor's state of a refund makes of ours."""


def reconcile_refund(session: Session, snapshot: RefundSnapshot) -> Refund | None:
    """Bring a refund to what the processor says: its state, its movement, and its end; None when it is not ours.

    One that we did not make, on a payment of ours, becomes a refund that staff have to explain, and does not touch the
    account until they have.
    """
    payment = _payment_of(session, snapshot)
    if payment is None:
        _foreign(session, snapshot)
        return None
    accounts.lock(session, payment.account_id)
    refund = _known(session, snapshot) or _found_outside(session, payment, snapshot)
    if refund.amount != snapshot.amount:
        raise RuntimeError(f"{snapshot.refund_ref} is over {snapshot.amount}, and we asked for {refund.amount}")
    refund.refund_ref = snapshot.refund_ref
    _answer(session, refund)
    _book(session, payment, refund, snapshot)
    session.flush()
    _move(session, refund, snapshot)
    return refund


def _move(session: Session, refund: Refund, snapshot: RefundSnapshot) -> None:
    status = STATUS[snapshot.state]
    if status in ENDED:
        progress.came_to_nothing(session, refund, status, why=snapshot.failure, actor=PROCESSOR)
        return
    changing.change(session, refund, status, actor=PROCESSOR)
    if refund.status not in ENDED:
        progress.went_out(session, refund, now(session), actor=PROCESSOR)


def _book(session: Session, payment: Payment, refund: Refund, snapshot: RefundSnapshot) -> None:
    """The money leaves our balance, and comes back to it where the refund failed."""
    if snapshot.movement is not None:
        _book_one(session, payment, snapshot.movement, Against(refund.passes_through, -refund.amount))
        refund.moved_at = refund.moved_at or now(session)
    if snapshot.failure_movement is not None:
        _book_one(session, payment, snapshot.failure_movement, Against(refund.passes_through, refund.amount))
        refund.moved_back_at = refund.moved_back_at or now(session)


def _book_one(session: Session, payment: Payment, movement: Movement, against: Against) -> None:
    booking.book(session, movement, against, kind=EntryKind.PROCESSOR_MOVEMENT, payment=payment)


def _answer(session: Session, refund: Refund) -> None:
    attempt = queries.attempt_of(session, refund.id)
    if attempt is not None and attempt.state is not AttemptState.ANSWERED:
        attempt.state, attempt.answered_at = AttemptState.ANSWERED, now(session)


def _known(session: Session, snapshot: RefundSnapshot) -> Refund | None:
    """The refund by the processor's name for it, else by what we wrote on it.

    One that we gave up before we knew its name stays given up: if it was made all the same, it counts as made outside.
    """
    wanted = select(Refund).execution_options(populate_existing=True)
    found = session.scalars(wanted.where(Refund.refund_ref == snapshot.refund_ref)).one_or_none()
    if found is None and snapshot.refund_id is not None and snapshot.installation == business(session).installation:
        found = session.scalars(wanted.where(Refund.public_id == snapshot.refund_id)).one_or_none()
        if found is not None and found.status in ENDED:
            return None
    return found


def _found_outside(session: Session, payment: Payment, snapshot: RefundSnapshot) -> Refund:
    refund = Refund(
        public_id=new_public_id(now(session)),
        account_id=payment.account_id,
        payment_id=payment.id,
        currency=snapshot.amount.currency,
        amount_minor=snapshot.amount.minor,
        source=RefundSource.UNEXPLAINED,
        way=RefundWay.PROCESSOR,
        outside=True,
        status=RefundStatus.REQUESTED,
        requested_at=snapshot.created_at,
        refund_ref=snapshot.refund_ref,
        sent_at=snapshot.created_at,
    )
    session.add(refund)
    session.flush()
    changing.note(session, refund, None, actor=PROCESSOR)
    tasks.open_task(
        session,
        TaskKind.REFUND_TO_EXPLAIN,
        subject=("refund", refund.public_id),
        account_id=refund.account_id,
        worth=refund.amount,
        detail={"processor": snapshot.refund_ref},
    )
    audit.record(
        session,
        "refund.found",
        actor=PROCESSOR,
        subject=("refund", refund.id),
        account_id=refund.account_id,
        after={"amount": refund.amount, "receipt": payment.receipt_number},
    )
    return refund


def _payment_of(session: Session, snapshot: RefundSnapshot) -> Payment | None:
    """The payment that the refund takes from; None where it is not ours, or its money was booked as foreign.

    Money that was foreign until staff took it as a payment is that payment's from then on; what had gone back from it
    before then stays where it was booked.
    """
    names = {Payment.charge_id: snapshot.charge_id, Payment.intent_id: snapshot.intent_id}
    for column, name in names.items():
        found = session.scalars(select(Payment).where(column == name)).one_or_none() if name is not None else None
        if found is None:
            continue
        recorded = found.recorded_at is not None and found.charge_id == snapshot.charge_id
        apart = snapshot.refund_ref if recorded else snapshot.charge_id
        return None if apart is not None and _stands_apart(session, apart) else found
    return None


def _stands_apart(session: Session, source_ref: str) -> bool:
    """Whether what an object of the processor's moved was booked as none of our payments'."""
    apart = select(BalanceTransaction.id).where(
        BalanceTransaction.source_ref == source_ref, BalanceTransaction.payment_id.is_(None)
    )
    return session.scalar(apart.limit(1)) is not None


def _foreign(session: Session, snapshot: RefundSnapshot) -> None:
    """Another system's refund on the same processor account: booked apart, like the receipt that it takes from."""
    signed: list[tuple[Movement | None, Money]] = [
        (snapshot.movement, -snapshot.amount),
        (snapshot.failure_movement, snapshot.amount),
    ]
    for movement, amount in signed:
        if movement is not None:
            against = Against(LedgerAccount.FOREIGN_RECEIPTS, amount)
            booking.book(session, movement, against, kind=EntryKind.PROCESSOR_MOVEMENT)
