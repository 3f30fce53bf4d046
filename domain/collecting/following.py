"""Following: bring a collection to what became of its payment: done, asked by the bank, to be tried again, or over."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.collecting import changing
from domain.collecting.messages import TellCollection
from domain.collecting.model import TRYING, Autopay, Collection, CollectionState, EndReason
from domain.collecting.rules import next_try, rules_of
from domain.collecting.turning import failed_today
from domain.outbox import sending as outbox
from domain.payments import queries as payments
from domain.payments.model import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentChange,
    PaymentStatus,
)
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_

ASKS = "authentication_required"
"""The bank's word for: only with the payer there."""
NO_REASON = N_("The bank did not say why.")


class Verdict(StrEnum):
    """What has become of the latest try, as far as we know."""

    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"
    ASKS = "asks"
    REFUSED = "refused"
    ENDED = "ended"


def follow(session: Session, collection: Collection, *, actor: Actor) -> None:
    """Act on what became of the collection's payment; safe to repeat. The account's lock is held."""
    if collection.payment_id is None:
        return
    payment = session.get_one(Payment, collection.payment_id)
    attempt = payments.attempt_of(session, payment.id)
    verdict = _verdict(session, payment, attempt)
    if verdict is Verdict.PAID:
        _done(session, collection, actor=actor)
    elif collection.state not in TRYING:
        return
    elif verdict is Verdict.ENDED:
        changing.ended(session, collection, actor=actor)
    elif verdict is Verdict.REFUSED:
        collection.failure = payment.failure
        unwanted = collection.ends_why is None
        collection.ends_why = collection.ends_why or EndReason.REFUSED
        changing.ended(session, collection, actor=actor)
        if unwanted:
            _count_failure(session, collection, actor=actor)
    elif payment.status is PaymentStatus.PROCESSING:
        changing.change(session, collection, CollectionState.COLLECTING, actor=actor)
    elif verdict is not Verdict.OPEN and attempt.number > collection.judged:
        _judge(session, collection, payment, attempt.number, verdict, actor=actor)


def give_up_unanswered(session: Session, collection: Collection, *, actor: Actor) -> bool:
    """Nobody has answered the bank in time: have it ended; whether that was so."""
    late = collection.answer_by is not None and collection.answer_by < today(session)
    if not late or collection.ends_why is not None:
        return False
    changing.end(session, collection, EndReason.UNANSWERED, actor=actor)
    _count_failure(session, collection, actor=actor)
    return True


def _verdict(session: Session, payment: Payment, attempt: PaymentAttempt) -> Verdict:
    if payment.status is PaymentStatus.SUCCEEDED:
        return Verdict.PAID
    if payment.status is PaymentStatus.CANCELED:
        return Verdict.ENDED
    if payment.status is PaymentStatus.FAILED:
        return Verdict.REFUSED if attempt.sent_at is not None else Verdict.ENDED
    if attempt.state is not AttemptState.ANSWERED:
        return Verdict.OPEN
    if attempt.refusal is not None:
        return Verdict.ASKS if payments.decline_of(session, attempt.id) == ASKS else Verdict.DECLINED
    return Verdict.DECLINED if _came_back(session, payment, attempt) else Verdict.OPEN


def _came_back(session: Session, payment: Payment, attempt: PaymentAttempt) -> bool:
    """Whether money that was on its way by this attempt did not come after all, as bank debits do days later."""
    if payment.status is not PaymentStatus.REQUIRES_ACTION or payment.checkout_url is not None:
        return False
    back = select(PaymentChange.id).where(
        PaymentChange.payment_id == payment.id,
        PaymentChange.before == PaymentStatus.PROCESSING,
        PaymentChange.after == PaymentStatus.REQUIRES_ACTION,
        PaymentChange.at >= attempt.prepared_at,
    )
    return session.scalar(back.limit(1)) is not None


def _done(session: Session, collection: Collection, *, actor: Actor) -> None:
    if not changing.change(session, collection, CollectionState.DONE, actor=actor):
        return
    collection.ends_why = collection.failure = None
    if collection.autopay_id is None:
        return
    autopay = session.get_one(Autopay, collection.autopay_id)
    autopay.failures, autopay.failed_on = 0, None


def _judge(
    session: Session, collection: Collection, payment: Payment, number: int, verdict: Verdict, *, actor: Actor
) -> None:
    """A try has failed: ask the payer where the bank wants them, else try again later, or give up."""
    collection.judged, collection.failure = number, payment.failure or NO_REASON
    rules = rules_of(collection.rules_version)
    if verdict is Verdict.ASKS:
        if collection.state is not CollectionState.ACTION_REQUIRED:
            collection.answer_by = today(session) + timedelta(days=rules.answer_days)
            changing.change(session, collection, CollectionState.ACTION_REQUIRED, actor=actor, why=collection.failure)
            _tell(session, collection, "asks")
        return
    if collection.state is CollectionState.ACTION_REQUIRED:
        changing.change(session, collection, CollectionState.COLLECTING, actor=actor)
    assert collection.first_tried_on is not None
    following = next_try(rules, first_on=collection.first_tried_on, tries=collection.tries, today=today(session))
    collection.next_try_on = following or today(session)
    changing.change(session, collection, CollectionState.RETRYING, actor=actor, why=collection.failure)
    if following is None:
        changing.end(session, collection, EndReason.TRIES_USED, actor=actor)
    _count_failure(session, collection, actor=actor)
    if collection.ends_why is None:
        _tell(session, collection, "failed")


def _count_failure(session: Session, collection: Collection, *, actor: Actor) -> None:
    """Automatic payment stops itself after enough of them; a plan is watched by what is missing."""
    if collection.autopay_id is None:
        return
    autopay = session.get_one(Autopay, collection.autopay_id)
    failed_today(session, autopay, rules_of(collection.rules_version).failing_days, actor=actor)


def _tell(session: Session, collection: Collection, news: str) -> None:
    message = TellCollection(collection_id=collection.id, news=news, attempt=collection.judged)
    outbox.add(session, message, account_id=collection.account_id)
