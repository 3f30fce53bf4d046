"""Refund sending: the conversation with the processor around one refund; short transactions, no call inside any.

What happened is never guessed: an answer that did not come leaves the request *unknown*, and only a repeat under the
same key, or a look at the processor's own list, ends that.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.payments.janitor import PATIENCE, WORRY
from domain.payments.model import AttemptState, Payment
from domain.payments.processor import Processor, ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.sending import KEY_LIVES, LIST_SETTLES
from domain.payments.snapshots import RefundRequest, RefundSnapshot
from domain.processing.reconciling.refunds import reconcile_refund
from domain.processing.refunds.progress import came_to_nothing
from domain.refunds import queries
from domain.refunds.model import Refund, RefundAttempt, RefundChange, RefundStatus, RefundWay
from domain.shared.actor import Actor
from domain.shared.db.session import Database, business, now
from domain.shared.errors import N_
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind


class Outcome(StrEnum):
    """What became of asking the processor for a refund."""

    TAKEN = "taken"
    ENDED = "ended"
    UNKNOWN = "unknown"


def send(database: Database, processor: Processor, refund_id: int, *, actor: Actor) -> Outcome:
    """Ask the processor for a refund that may go out; repeat an unknown request under the same key and body.

    Where asking again cannot help (a saved error, a key that may be forgotten) the processor's own list decides. A
    definite refusal ends the refund: another one is a new row with a key of its own.
    """
    with database.transaction() as session:
        refund = _lock(session, refund_id)
        if refund.refund_ref is not None:
            return Outcome.TAKEN
        if refund.status is not RefundStatus.PENDING or refund.way is not RefundWay.PROCESSOR:
            return Outcome.ENDED
        try:
            attempt = queries.attempt_of(session, refund_id) or _prepare(session, processor, refund)
        except ProcessorRefused as refusal:
            came_to_nothing(session, refund, RefundStatus.FAILED, why=str(refusal), actor=actor)
            return Outcome.ENDED
        may_ask = not attempt.only_look and now(session) - attempt.sent_at <= KEY_LIVES
        body, key = attempt.request, refund.name
    if not may_ask:
        return _look_it_up(database, processor, refund_id, actor=actor)
    try:
        snapshot = processor.open_refund(body, key=key)
    except ProcessorConfused:
        _mark_unknown(database, refund_id, only_look=True)
        return _look_it_up(database, processor, refund_id, actor=actor)
    except ProcessorUnreachable:
        _mark_unknown(database, refund_id)
        return Outcome.UNKNOWN
    except ProcessorRefused as refusal:
        _refused(database, refund_id, str(refusal), actor=actor)
        return Outcome.ENDED
    return _adopt(database, snapshot)


def hanging(session: Session, limit: int = 50) -> list[int]:
    """Refunds that may go out and that the processor has not taken, though nobody is likely to be sending them now."""
    let_go = (
        select(RefundChange.id)
        .where(
            RefundChange.refund_id == Refund.id,
            RefundChange.after == RefundStatus.PENDING,
            RefundChange.at < now(session) - PATIENCE,
        )
        .exists()
    )
    return list(session.scalars(select(Refund.id).where(_untaken(), let_go).order_by(Refund.id).limit(limit)))


def ask_about_unknown(session: Session) -> None:
    """Open a task for each refund whose request has had an unknown outcome for too long."""
    late = select(Refund).join(RefundAttempt, RefundAttempt.refund_id == Refund.id)
    for refund in session.scalars(late.where(_untaken(), RefundAttempt.sent_at < now(session) - WORRY)):
        tasks.open_task(
            session,
            TaskKind.REFUND_UNKNOWN,
            subject=("refund", refund.public_id),
            account_id=refund.account_id,
            worth=refund.amount,
        )


def _untaken() -> ColumnElement[bool]:
    return and_(Refund.status == RefundStatus.PENDING, Refund.way == RefundWay.PROCESSOR, Refund.refund_ref.is_(None))


def _prepare(session: Session, processor: Processor, refund: Refund) -> RefundAttempt:
    """Store the exact body before it is sent; ProcessorRefused where the processor has no words for the amount."""
    payment = session.get_one(Payment, refund.payment_id)
    request = RefundRequest(
        refund_id=refund.public_id,
        payment_id=payment.public_id,
        installation=business(session).installation,
        intent_id=payment.intent_id,
        charge_id=payment.charge_id,
        amount=refund.amount,
        account_id=refund.account_id,
    )
    attempt = RefundAttempt(
        refund_id=refund.id,
        state=AttemptState.SENT,
        request=processor.compose_refund(request),
        sent_at=now(session),
        only_look=False,
    )
    session.add(attempt)
    return attempt


def _look_it_up(database: Database, processor: Processor, refund_id: int, *, actor: Actor) -> Outcome:
    """End an unknown outcome by looking at the processor's own list, and only by that."""
    with database.reading() as session:
        refund = session.get_one(Refund, refund_id)
        attempt = session.get_one(RefundAttempt, refund_id)
        payment = session.get_one(Payment, refund.payment_id)
        settled = now(session) - attempt.sent_at > LIST_SETTLES
    try:
        snapshot = processor.find_refund(refund.public_id, intent_id=payment.intent_id, charge_id=payment.charge_id)
    except ProcessorUnreachable:
        return Outcome.UNKNOWN
    if snapshot is not None:
        return _adopt(database, snapshot)
    if not settled:
        return Outcome.UNKNOWN
    _refused(database, refund_id, N_("The request never reached the payment service."), actor=actor)
    return Outcome.ENDED


def _adopt(database: Database, snapshot: RefundSnapshot) -> Outcome:
    """The processor has it: from here on it is reconciled, and this is the first time."""
    with database.transaction() as session:
        reconcile_refund(session, snapshot)
    return Outcome.TAKEN


def _lock(session: Session, refund_id: int) -> Refund:
    account_id = session.scalars(select(Refund.account_id).where(Refund.id == refund_id)).one()
    accounts.lock(session, account_id)
    return session.get_one(Refund, refund_id)


def _mark_unknown(database: Database, refund_id: int, *, only_look: bool = False) -> None:
    with database.transaction() as session:
        _lock(session, refund_id)
        attempt = session.get_one(RefundAttempt, refund_id)
        if attempt.state is not AttemptState.ANSWERED:
            attempt.state = AttemptState.UNKNOWN
            attempt.only_look = attempt.only_look or only_look


def _refused(database: Database, refund_id: int, words: str, *, actor: Actor) -> None:
    """Nothing will come of the request: the refund has failed, and what was taken for it comes back."""
    with database.transaction() as session:
        refund = _lock(session, refund_id)
        attempt = session.get_one(RefundAttempt, refund_id)
        if attempt.state is AttemptState.ANSWERED:
            return
        attempt.state, attempt.answered_at, attempt.refusal = AttemptState.ANSWERED, now(session), words
        came_to_nothing(session, refund, RefundStatus.FAILED, why=words, actor=actor)
