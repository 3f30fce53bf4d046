"""Sending: the conversation with the processor around a started payment; short transactions, no call inside any.

What happened is never guessed: an answer that did not come leaves the attempt *unknown*, and only a repeat under the
same key, or a look at the processor's own list, ends that.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.payments import changing, ending, queries
from domain.payments.model import (
    LIVE,
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentMethod,
    PaymentStatus,
    ProcessorCustomer,
    SavedAttempt,
)
from domain.payments.processor import Processor, ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState, CustomerRequest, IntentSnapshot, IntentState
from domain.shared.actor import Actor
from domain.shared.db.session import Database, business, now, today
from domain.shared.errors import N_, Conflict

KEY_LIVES = timedelta(hours=20)
"""The processor forgets keys after a day; ours are trusted for less."""
LIST_SETTLES = timedelta(minutes=5)
"""Only when the processor's list has not shown a Session for this long do we believe that there is none."""


class Outcome(StrEnum):
    """What became of an attempt: only TAKEN may have brought money, and only the reconciliation says so."""

    OPENED = "opened"
    """The payer goes on elsewhere: to the processor's page, or to their bank's."""
    TAKEN = "taken"
    """The processor has it: it succeeded, or is on its way."""
    DECLINED = "declined"
    """The bank said no; a further try may go better."""
    REFUSED = "refused"
    """The processor did not take the request."""
    UNKNOWN = "unknown"


def know_customer(database: Database, processor: Processor, account_id: int) -> None:
    """See to it that the processor knows the account; ProcessorUnreachable or ProcessorRefused when that fails.

    The key bears the day: a customer too many moves no money, and one that the processor has deleted can be made again.
    """
    with database.reading() as session:
        if queries.customer_id(session, account_id) is not None:
            return
        account = session.get_one(Account, account_id)
        request = CustomerRequest(
            account_id=account_id,
            installation=business(session).installation,
            number=account.number,
            name=account.name,
            email=account.email,
        )
        key = f"customer:{request.installation}:{account_id}:{today(session).isoformat()}"
    customer_id = processor.create_customer(request, key=key)
    with database.transaction() as session:
        accounts.lock(session, account_id)
        if queries.customer_id(session, account_id) is None:
            session.add(ProcessorCustomer(account_id=account_id, customer_id=customer_id, created_at=now(session)))


def send(database: Database, processor: Processor, attempt_id: int, *, actor: Actor) -> Outcome:
    """Send a prepared attempt; repeat an unknown one under the same key and body.

    Where asking again cannot help (a saved error, a key that may be forgotten) the processor's own list decides.
    """
    with database.transaction() as session:
        attempt, payment = _lock(session, attempt_id)
        if attempt.state is AttemptState.ANSWERED:
            return _outcome_of(attempt, payment)
        may_ask = not attempt.only_look and now(session) - attempt.prepared_at <= KEY_LIVES
        if may_ask:
            attempt.state, attempt.sent_at = AttemptState.SENT, attempt.sent_at or now(session)
        method, intent_id = payment.method, payment.intent_id if attempt.number > 1 else None
        body, key = attempt.request, attempt.key(payment.public_id)
    if not may_ask:
        return _look_it_up(database, processor, attempt_id, actor=actor)
    try:
        if method is PaymentMethod.CHECKOUT:
            checkout = processor.open_checkout(body, key=key)
        elif intent_id is None:
            intent = processor.pay_saved(body, key=key)
        else:
            intent = processor.confirm_intent(intent_id, body, key=key)
    except ProcessorConfused:
        _mark_unknown(database, attempt_id, only_look=True)
        return _look_it_up(database, processor, attempt_id, actor=actor)
    except ProcessorUnreachable:
        _mark_unknown(database, attempt_id)
        return Outcome.UNKNOWN
    except ProcessorRefused as refusal:
        return _refused(database, attempt_id, refusal.text, actor=actor)
    if method is PaymentMethod.CHECKOUT:
        return _adopt(database, processor, attempt_id, checkout)
    return _answered(database, attempt_id, intent, actor=actor)


def _look_it_up(database: Database, processor: Processor, attempt_id: int, *, actor: Actor) -> Outcome:
    """End an unknown outcome by looking at the processor's own list, and only by that."""
    with database.reading() as session:
        attempt, payment = _find(session, attempt_id)
        if attempt.state is AttemptState.ANSWERED:
            return _outcome_of(attempt, payment)
        customer_id = queries.customer_id(session, payment.account_id) or ""
        since = attempt.prepared_at - timedelta(minutes=10)
        settled = now(session) - (attempt.sent_at or attempt.prepared_at) > LIST_SETTLES
        public_id, method = payment.public_id, payment.method
        intent_id = payment.intent_id if attempt.number > 1 else None
    try:
        if method is PaymentMethod.CHECKOUT:
            checkout = processor.find_checkout(customer_id, public_id, since=since)
            if checkout is not None:
                return _adopt(database, processor, attempt_id, checkout)
        else:
            intent = (
                processor.find_intent(customer_id, public_id, since=since)
                if intent_id is None
                else processor.intent(intent_id)
            )
            if intent is not None and (settled or _is_final(intent, is_first=intent_id is None)):
                return _answered(database, attempt_id, intent, actor=actor)
    except ProcessorUnreachable:
        return Outcome.UNKNOWN
    if not settled:
        return Outcome.UNKNOWN
    return _refused(database, attempt_id, N_("The request never reached the payment service."), actor=actor)


def _is_final(intent: IntentSnapshot, *, is_first: bool) -> bool:
    """Whether the try is over: an intent that waits may be in the middle of it, and bear the failure of the last."""
    return intent.state is not IntentState.WAITING or (is_first and intent.failure is not None)


def _adopt(database: Database, processor: Processor, attempt_id: int, checkout: CheckoutSnapshot) -> Outcome:
    """The processor's page exists: remember its name and address, or close it when nobody waits for it any more."""
    with database.transaction() as session:
        attempt, payment = _lock(session, attempt_id)
        payment.checkout_id = checkout.checkout_id
        payment.intent_id = payment.intent_id or checkout.intent_id
        wanted = payment.status in LIVE
        if wanted:
            attempt.state, attempt.answered_at = AttemptState.ANSWERED, now(session)
            payment.checkout_url = checkout.url
    if wanted:
        return Outcome.OPENED
    with suppress(ProcessorUnreachable):  # then it closes by itself, and a success until then is still posted
        processor.expire_checkout(checkout.checkout_id)
    return Outcome.REFUSED


def _answered(database: Database, attempt_id: int, intent: IntentSnapshot, *, actor: Actor) -> Outcome:
    """The processor says what became of a try on a saved method; money is left to the reconciliation.

    A decline at the payer's own press ends the payment. Where nobody was asked, it waits for a further try.
    """
    with database.transaction() as session:
        attempt, payment = _lock(session, attempt_id)
        payment.intent_id = payment.intent_id or intent.intent_id
        if attempt.state is AttemptState.ANSWERED:
            ending.look_soon(session, payment)
            return _outcome_of(attempt, payment)
        attempt.state, attempt.answered_at = AttemptState.ANSWERED, now(session)
        if intent.state is IntentState.WAITING:
            attempt.refusal = intent.failure or N_("The bank did not say why.")
            session.get_one(SavedAttempt, attempt.id).failure_code = intent.failure_code
        if payment.status not in LIVE:
            ending.end_soon(session, payment)
        elif intent.state is IntentState.REQUIRES_ACTION:
            payment.checkout_url = intent.confirm_url
            changing.change(session, payment, PaymentStatus.REQUIRES_ACTION, actor=actor)
        elif attempt.refusal is not None:
            if payment.failure != attempt.refusal:
                changing.declined(session, payment, attempt.refusal, actor=actor)
            if payment.method is PaymentMethod.SAVED:
                ending.fail(session, payment, attempt.refusal, actor=actor)
        else:
            ending.look_soon(session, payment)
        return _outcome_of(attempt, payment)


def _outcome_of(attempt: PaymentAttempt, payment: Payment) -> Outcome:
    """What became of an attempt that has been answered."""
    if payment.method is PaymentMethod.CHECKOUT:
        return Outcome.OPENED if payment.checkout_id else Outcome.REFUSED
    if payment.intent_id is None:
        return Outcome.REFUSED
    if attempt.refusal is not None:
        return Outcome.DECLINED
    return Outcome.OPENED if payment.status is PaymentStatus.REQUIRES_ACTION else Outcome.TAKEN


def cancel(database: Database, processor: Processor, public_id: str, *, actor: Actor) -> bool:
    """End a payment that has not come, so that its invoices are free; whether nothing can come of it any more.

    False means that it was paid before we could end it, or is on its way: then nothing is freed, and nothing new may be
    started. Raises Conflict while the outcome of asking for it is unknown, and ProcessorUnreachable when ending it is.
    """
    with database.reading() as session:
        payment = queries.by_public_id(session, public_id)
        attempt = queries.attempt_of(session, payment.id)
    if payment.status not in LIVE:
        return payment.status is not PaymentStatus.SUCCEEDED
    if attempt.state is AttemptState.PREPARED and _give_up_unsent(database, attempt.id, actor=actor):
        return True
    if payment.checkout_id is not None:
        gone = processor.expire_checkout(payment.checkout_id).state is CheckoutState.EXPIRED
    elif payment.intent_id is not None:
        gone = processor.cancel_intent(payment.intent_id).state is IntentState.CANCELED
    else:
        raise Conflict(N_("We are still finding out what became of that payment. Try again in a minute."))
    with database.transaction() as session:
        payment = queries.by_public_id(session, public_id)
        if gone:
            ending.ended(session, payment, actor=actor)
        else:
            ending.look_soon(session, payment)
    return gone


def end_intent(database: Database, processor: Processor, payment_id: int) -> None:
    """End what a payment that did not come has left at the processor; look at it again where it has come after all."""
    with database.reading() as session:
        payment = session.get_one(Payment, payment_id)
    if payment.intent_id is None or payment.status not in (PaymentStatus.FAILED, PaymentStatus.CANCELED):
        return
    if processor.cancel_intent(payment.intent_id).state is not IntentState.CANCELED:
        with database.transaction() as session:
            ending.look_soon(session, payment)


def _find(session: Session, attempt_id: int) -> tuple[PaymentAttempt, Payment]:
    attempt = session.get_one(PaymentAttempt, attempt_id)
    return attempt, session.get_one(Payment, attempt.payment_id)


def _lock(session: Session, attempt_id: int) -> tuple[PaymentAttempt, Payment]:
    account_id = session.scalars(
        select(Payment.account_id)
        .join(PaymentAttempt, PaymentAttempt.payment_id == Payment.id)
        .where(PaymentAttempt.id == attempt_id)
    ).one()
    accounts.lock(session, account_id)
    return _find(session, attempt_id)


def _mark_unknown(database: Database, attempt_id: int, *, only_look: bool = False) -> None:
    with database.transaction() as session:
        attempt, _ = _lock(session, attempt_id)
        if attempt.state is not AttemptState.ANSWERED:
            attempt.state = AttemptState.UNKNOWN
            attempt.only_look = attempt.only_look or only_look


def _give_up_unsent(database: Database, attempt_id: int, *, actor: Actor) -> bool:
    with database.transaction() as session:
        attempt, payment = _lock(session, attempt_id)
        if attempt.state is not AttemptState.PREPARED or payment.intent_id is not None:
            return False
        _end(session, attempt, payment, N_("It was given up before it was sent."), actor=actor)
        return True


def _refused(database: Database, attempt_id: int, words: str, *, actor: Actor) -> Outcome:
    with database.transaction() as session:
        attempt, payment = _lock(session, attempt_id)
        if attempt.state is not AttemptState.ANSWERED:
            _end(session, attempt, payment, words, actor=actor)
        return _outcome_of(attempt, payment)


def _end(session: Session, attempt: PaymentAttempt, payment: Payment, words: str, *, actor: Actor) -> None:
    """Nothing will come of this attempt: the payment failed, unless an earlier try has left it waiting."""
    attempt.state, attempt.answered_at, attempt.refusal = AttemptState.ANSWERED, now(session), words
    payment.failure = words
    if payment.method is not PaymentMethod.CHECKOUT and payment.intent_id is not None:
        ending.look_soon(session, payment)
    else:
        ending.fail(session, payment, words, actor=actor)
