"""Reconciling: bring a payment to what the processor says of it now; the only place that posts the processor's money.

Snapshots come late, twice and in any order: nothing here moves a state backwards, and each effect happens once.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.clearing import booking
from domain.clearing import queries as clearing
from domain.clearing.booking import Against
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind
from domain.outbox import sending as outbox
from domain.payments import changing, ending
from domain.payments.model import LIVE, Payment, PaymentMethod, PaymentStatus
from domain.payments.recording import AmountMismatch, Received
from domain.payments.snapshots import ChargeSnapshot, CheckoutSnapshot, CheckoutState, IntentSnapshot, IntentState
from domain.processing.collecting import collection_follows
from domain.processing.messages import KeepMethod, SendPaymentFailed
from domain.processing.money import money_arrived
from domain.processing.reconciling.recovering import recover
from domain.processing.reconciling.setups import setup_page_closed
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import consent_for, source_of_payment
from domain.shared.actor import PROCESSOR
from domain.shared.db.session import business, now
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

STATUS = {
    IntentState.WAITING: PaymentStatus.PENDING,
    IntentState.REQUIRES_ACTION: PaymentStatus.REQUIRES_ACTION,
    IntentState.PROCESSING: PaymentStatus.PROCESSING,
    IntentState.CANCELED: PaymentStatus.CANCELED,
}
"""What an intent's state makes of a payment; a success is not here, since it is posted."""


def reconcile_checkout(
    session: Session, checkout: CheckoutSnapshot, intent: IntentSnapshot | None = None
) -> Payment | None:
    """Move a payment on by its Session and, where it has one, by the Session's intent, from which alone money comes.

    The invoices are free when the page has expired unpaid, and when the page is complete and the money then failed to
    come after all, as a bank debit can do days later.
    """
    payment = _ours(session, checkout.payment_id, checkout.installation, checkout_id=checkout.checkout_id)
    if payment is None:
        setup_page_closed(session, checkout)
        return None
    accounts.lock(session, payment.account_id)
    session.refresh(payment)
    payment.checkout_id = payment.checkout_id or checkout.checkout_id
    payment.intent_id = payment.intent_id or checkout.intent_id
    if checkout.state is CheckoutState.EXPIRED:
        ending.ended(session, payment, actor=PROCESSOR)
    if intent is None:
        return payment
    reconcile_intent(session, intent)
    if checkout.state is CheckoutState.COMPLETE and intent.state is IntentState.WAITING and intent.failure is not None:
        _failed(session, payment, intent.failure)
    return payment


def reconcile_intent(session: Session, intent: IntentSnapshot) -> Payment | None:
    """Bring a payment to what its intent says: post a success, note a decline, book the fee; None when not ours."""
    payment = _ours(session, intent.payment_id, intent.installation, intent_id=intent.intent_id)
    payment = payment or recover(session, intent)
    if payment is None:
        if intent.charge is not None:
            _foreign(session, intent.charge)
        return None
    accounts.lock(session, payment.account_id)
    session.refresh(payment)
    payment.intent_id = payment.intent_id or intent.intent_id
    _keep_method(session, payment, intent)
    if intent.state is IntentState.SUCCEEDED:
        _arrived(session, payment, intent)
    else:
        _moved(session, payment, intent)
        collection_follows(session, payment, actor=PROCESSOR)
    return payment


def reconcile_charge(session: Session, charge: ChargeSnapshot) -> Payment | None:
    """Book the fee of a charge whose movement is there; None when it is not ours."""
    payment = _ours(session, charge.payment_id, charge.installation, charge_id=charge.charge_id)
    if payment is None:
        _foreign(session, charge)
        return None
    accounts.lock(session, payment.account_id)
    session.refresh(payment)
    _settle(session, payment, charge)
    return payment


def _arrived(session: Session, payment: Payment, intent: IntentSnapshot) -> None:
    charge = intent.charge
    if charge is None or not charge.succeeded:
        raise RuntimeError(f"{intent.intent_id} has succeeded without a charge that has")
    received = Received(
        amount=charge.amount,
        occurred_at=charge.occurred_at,
        intent_id=intent.intent_id,
        charge_id=charge.charge_id,
        means=charge.means,
    )
    try:
        money_arrived(session, payment.id, received, actor=PROCESSOR)
    except AmountMismatch as problem:
        _mismatched(session, payment, charge, str(problem))
    _settle(session, payment, charge)


def _mismatched(session: Session, payment: Payment, charge: ChargeSnapshot, words: str) -> None:
    """Another amount came than was asked for: staff are asked, unless they have decided."""
    if charge.movement is not None and clearing.is_decided(session, charge.movement.external_id):
        return
    payment.charge_id = charge.charge_id
    tasks.open_task(
        session,
        TaskKind.PAYMENT_MISMATCH,
        subject=("payment", payment.public_id),
        account_id=payment.account_id,
        worth=charge.amount,
        detail={"found": words},
    )
    changing.change(session, payment, PaymentStatus.PROCESSING, actor=PROCESSOR, why=words)


def _moved(session: Session, payment: Payment, intent: IntentSnapshot) -> None:
    if payment.status not in LIVE:
        return
    payment.means = intent.tried_with or payment.means
    if intent.failure is not None and intent.failure != payment.failure:
        changing.declined(session, payment, intent.failure, actor=PROCESSOR)
    if intent.state is IntentState.PROCESSING and intent.charge is not None:
        payment.charge_id = intent.charge.charge_id
    if payment.method is not PaymentMethod.CHECKOUT:
        payment.checkout_url = intent.confirm_url
        if intent.state is IntentState.WAITING and intent.failure is not None:
            _not_taken(session, payment, intent.failure)
            return
    status = STATUS[intent.state]
    if changing.change(session, payment, status, actor=PROCESSOR) and status is PaymentStatus.CANCELED:
        changing.release_claims(session, payment)


def _keep_method(session: Session, payment: Payment, intent: IntentSnapshot) -> None:
    """Where the payer agreed to it, have the method saved once the bank has accepted it."""
    if payment.method is not PaymentMethod.CHECKOUT or intent.method_ref is None:
        return
    if intent.state not in (IntentState.SUCCEEDED, IntentState.PROCESSING):
        return
    agreed = consent_for(session, source_of_payment(payment.public_id)) is not None
    if agreed and saved_methods.by_ref(session, intent.method_ref) is None:
        message = KeepMethod(payment_id=payment.id, method_ref=intent.method_ref)
        outbox.add(session, message, account_id=payment.account_id)


def _not_taken(session: Session, payment: Payment, words: str) -> None:
    """A saved method brought nothing: that ends the payment, but for one that was agreed before, which can be retried.

    A bank debit that fails late has been on its way, and then waits again.
    """
    if payment.method is PaymentMethod.SAVED:
        _failed(session, payment, words)
    elif payment.status is PaymentStatus.PROCESSING:
        changing.change(session, payment, PaymentStatus.REQUIRES_ACTION, actor=PROCESSOR, why=words)


def _failed(session: Session, payment: Payment, words: str) -> None:
    """The money did not come after all; whoever was told that it is on its way is told that too."""
    was_coming = payment.status is PaymentStatus.PROCESSING
    if ending.fail(session, payment, words, actor=PROCESSOR) and was_coming:
        outbox.add(session, SendPaymentFailed(payment_id=payment.id), account_id=payment.account_id)


def _settle(session: Session, payment: Payment, charge: ChargeSnapshot) -> None:
    if charge.movement is None or not charge.succeeded:
        return
    if charge.amount != payment.amount:
        foreign = Against(LedgerAccount.FOREIGN_RECEIPTS, charge.amount)
        booking.book(session, charge.movement, foreign, kind=EntryKind.FOREIGN_RECEIPT)
    elif payment.recorded_at is not None:
        awaited = Against(LedgerAccount.AWAITING_SETTLEMENT, charge.amount)
        booking.book(session, charge.movement, awaited, kind=EntryKind.SETTLEMENT, payment=payment)
        payment.settled_at = payment.settled_at or now(session)


def _foreign(session: Session, charge: ChargeSnapshot) -> None:
    """Money on the same processor account that is none of our payments: booked apart, and somebody has to look."""
    if charge.movement is None or not charge.succeeded:
        return
    against = Against(LedgerAccount.FOREIGN_RECEIPTS, charge.amount)
    if booking.book(session, charge.movement, against, kind=EntryKind.FOREIGN_RECEIPT) is not None:
        tasks.open_task(
            session,
            TaskKind.FOREIGN_RECEIPT,
            subject=("charge", charge.charge_id),
            worth=charge.amount,
            detail={"processor": charge.intent_id},
        )


def _ours(
    session: Session,
    public_id: str | None,
    installation: str | None,
    *,
    checkout_id: str | None = None,
    intent_id: str | None = None,
    charge_id: str | None = None,
) -> Payment | None:
    """The payment that an object of the processor belongs to: by what we wrote on it, else by the name we know."""
    if public_id is not None and installation == business(session).installation:
        found = session.scalars(select(Payment).where(Payment.public_id == public_id)).one_or_none()
        if found is not None:
            return found
    names = {Payment.checkout_id: checkout_id, Payment.intent_id: intent_id, Payment.charge_id: charge_id}
    for column, name in names.items():
        if name is not None:
            return session.scalars(select(Payment).where(column == name)).one_or_none()
    return None
