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
from domain.payments import changing, queries
from domain.payments.model import LIVE, AttemptState, Payment, PaymentAttempt, PaymentStatus, ProcessorCustomer
from domain.payments.processor import Processor, ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState, CustomerRequest
from domain.shared.actor import Actor
from domain.shared.db.session import Database, business, now
from domain.shared.errors import N_, Conflict

KEY_LIVES = timedelta(hours=20)
"""The processor forgets keys after a day; ours are trusted for less."""
LIST_SETTLES = timedelta(minutes=5)
"""Only when the processor's list has not shown a Session for this long do we believe that there is none."""


class Outcome(StrEnum):
    """What became of an attempt to open the processor's page."""

    OPENED = "opened"
    REFUSED = "refused"
    UNKNOWN = "unknown"


def know_customer(database: Database, processor: Processor, account_id: int) -> None:
    """See to it that the processor knows the account; ProcessorUnreachable or ProcessorRefused when that fails."""
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
        key = f"customer:{request.installation}:{account_id}"
    customer_id = processor.create_customer(request, key=key)
    with database.transaction() as session:
        accounts.lock(session, account_id)
        if queries.customer_id(session, account_id) is None:
            session.add(ProcessorCustomer(account_id=account_id, customer_id=customer_id, created_at=now(session)))


def send(database: Database, processor: Processor, attempt_id: int, *, actor: Actor) -> Outcome:
    """Ask the processor for the page of a prepared attempt; repeat an unknown one under the same key and body.

    Where asking again cannot help (a saved error, a key that may be forgotten) the processor's own list decides.
    """
    with database.transaction() as session:
        attempt, payment = _lock(session, attempt_id)
        if attempt.state is AttemptState.ANSWERED:
            return Outcome.OPENED if payment.checkout_id else Outcome.REFUSED
        may_ask = not attempt.only_look and now(session) - attempt.prepared_at <= KEY_LIVES
        if may_ask:
            attempt.state, attempt.sent_at = AttemptState.SENT, attempt.sent_at or now(session)
        body, key = attempt.request, attempt.key(payment.public_id)
    if not may_ask:
        return _look_it_up(database, processor, attempt_id, actor=actor)
    try:
        checkout = processor.open_checkout(body, key=key)
    except ProcessorConfused:
        _mark_unknown(database, attempt_id, only_look=True)
        return _look_it_up(database, processor, attempt_id, actor=actor)
    except ProcessorUnreachable:
        _mark_unknown(database, attempt_id)
        return Outcome.UNKNOWN
    except ProcessorRefused as refusal:
        _refused(database, attempt_id, refusal.text, actor=actor)
        return Outcome.REFUSED
    return _adopt(database, processor, attempt_id, checkout)


def _look_it_up(database: Database, processor: Processor, attempt_id: int, *, actor: Actor) -> Outcome:
    """End an unknown outcome by looking at the processor's own list, and only by that."""
    with database.reading() as session:
        attempt, payment = _find(session, attempt_id)
        if attempt.state is AttemptState.ANSWERED:
            return Outcome.OPENED if payment.checkout_id else Outcome.REFUSED
        customer_id = queries.customer_id(session, payment.account_id) or ""
        since = attempt.prepared_at - timedelta(minutes=10)
        settled = now(session) - (attempt.sent_at or attempt.prepared_at) > LIST_SETTLES
        public_id = payment.public_id
    try:
        checkout = processor.find_checkout(customer_id, public_id, since=since)
    except ProcessorUnreachable:
        return Outcome.UNKNOWN
    if checkout is not None:
        return _adopt(database, processor, attempt_id, checkout)
    if not settled:
        return Outcome.UNKNOWN
    _refused(database, attempt_id, N_("The request never reached the payment processor."), actor=actor)
    return Outcome.REFUSED


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


def close(database: Database, processor: Processor, public_id: str, *, actor: Actor) -> CheckoutState:
    """Close the page of a started payment, so that its invoices are free; how the page stands afterwards.

    COMPLETE means that it was paid before we could close it: then nothing is freed and nothing new may be opened.
    Raises Conflict while the outcome of opening it is unknown, and ProcessorUnreachable when closing it is.
    """
    with database.reading() as session:
        payment = queries.by_public_id(session, public_id)
        attempt = queries.attempt_of(session, payment.id)
        checkout_id, attempt_id, state = payment.checkout_id, attempt.id, attempt.state
    if state is AttemptState.ANSWERED and checkout_id is None:
        return CheckoutState.EXPIRED
    if state is AttemptState.PREPARED and _give_up_unsent(database, attempt_id, actor=actor):
        return CheckoutState.EXPIRED
    if checkout_id is None:
        raise Conflict(N_("We are still finding out whether the payment page was opened. Try again in a minute."))
    checkout = processor.expire_checkout(checkout_id)
    if checkout.state is CheckoutState.EXPIRED:
        with database.transaction() as session:
            expired(session, queries.by_public_id(session, public_id), actor=actor)
    return checkout.state


def expired(session: Session, payment: Payment, *, actor: Actor) -> None:
    """The processor confirmed that its page is closed and unpaid: the payment ends and its invoices are free."""
    accounts.lock(session, payment.account_id)
    session.refresh(payment)
    if changing.change(session, payment, PaymentStatus.CANCELED, actor=actor, why="page closed"):
        changing.release_claims(session, payment)


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
        if attempt.state is not AttemptState.PREPARED:
            return False
        _end(session, attempt, payment, N_("It was given up before it was sent."), actor=actor)
        return True


def _refused(database: Database, attempt_id: int, words: str, *, actor: Actor) -> None:
    with database.transaction() as session:
        attempt, payment = _lock(session, attempt_id)
        if attempt.state is AttemptState.ANSWERED:
            return
        _end(session, attempt, payment, words, actor=actor)


def _end(session: Session, attempt: PaymentAttempt, payment: Payment, words: str, *, actor: Actor) -> None:
    """Nothing will come of this attempt: the payment failed and its invoices are free."""
    attempt.state, attempt.answered_at, attempt.refusal = AttemptState.ANSWERED, now(session), words
    payment.failure = words
    if changing.change(session, payment, PaymentStatus.FAILED, actor=actor, why=words):
        changing.release_claims(session, payment)
