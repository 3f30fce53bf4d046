"""Talking: both sides write in a dispute's thread; staff ask, answer and keep notes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.disputes import changing
from domain.disputes.messages import News
from domain.disputes.model import Dispute, DisputeMessage, DisputeStatus, MessageKind, Outcome
from domain.disputes.raising import check_words, live_under_lock, under_lock
from domain.disputes.routes import route_of
from domain.documents.intake import TakenIn
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_


def write_to_us(
    session: Session, account_id: int, dispute_id: int, words: str, *, files: Sequence[TakenIn] = (), actor: Actor
) -> DisputeMessage:
    """The customer writes, or staff on their word: whoever handles it looks, and nothing closes by silence any more.

    Raises NotFound, Conflict once it has ended, Invalid beside the field.
    """
    dispute = live_under_lock(session, account_id, dispute_id)
    message = _say(session, dispute, MessageKind.WORDS, words, from_us=False, files=files, actor=actor)
    if dispute.status is DisputeStatus.AWAITING_CUSTOMER:
        changing.move(session, dispute, DisputeStatus.UNDER_REVIEW, actor=actor)
    changing.needs_us(session, dispute)
    return message


def answer(
    session: Session, account_id: int, dispute_id: int, words: str, *, files: Sequence[TakenIn] = (), actor: Actor
) -> DisputeMessage:
    """Staff write to the customer, who is told; a dispute that was new is being looked into."""
    dispute = live_under_lock(session, account_id, dispute_id)
    message = _say(session, dispute, MessageKind.WORDS, words, from_us=True, files=files, actor=actor)
    if dispute.status is DisputeStatus.OPEN:
        changing.move(session, dispute, DisputeStatus.UNDER_REVIEW, actor=actor)
    _answered(session, dispute)
    changing.tell(session, dispute, News.WROTE, message)
    return message


def ask(
    session: Session, account_id: int, dispute_id: int, words: str, *, files: Sequence[TakenIn] = (), actor: Actor
) -> DisputeMessage:
    """Staff ask the customer and wait: it closes by itself where no answer comes in the days that the reason has."""
    dispute = live_under_lock(session, account_id, dispute_id)
    message = _say(session, dispute, MessageKind.QUESTION, words, from_us=True, files=files, actor=actor)
    await_customer(session, dispute, Outcome.UNANSWERED, actor=actor)
    changing.tell(session, dispute, News.ASKED, message)
    return message


def note_down(
    session: Session, account_id: int, dispute_id: int, words: str, *, files: Sequence[TakenIn] = (), actor: Actor
) -> DisputeMessage:
    """A note that only staff read; also of a dispute that has ended."""
    dispute = under_lock(session, account_id, dispute_id)
    return _say(session, dispute, MessageKind.NOTE, words, from_us=True, files=files, actor=actor)


def await_customer(session: Session, dispute: Dispute, closes_as: Outcome, *, actor: Actor) -> None:
    """It is the customer's turn from now on; on the last of its days without a word it ends as `closes_as`."""
    if dispute.status is not DisputeStatus.AWAITING_CUSTOMER:
        changing.move(session, dispute, DisputeStatus.AWAITING_CUSTOMER, actor=actor)
    handling = changing.handling_of(session, dispute)
    silent_on = changing.day_of(session, dispute.account_id) + timedelta(
        days=route_of(session, dispute.reason).silent_days
    )
    handling.asked_at, handling.silent_on, handling.closes_as = now(session), silent_on, closes_as
    handling.reminded_at = None
    session.flush()
    changing.rests(session, dispute)
    _answered(session, dispute)


def _answered(session: Session, dispute: Dispute) -> None:
    handling = changing.handling_of(session, dispute)
    handling.answered_at = handling.answered_at or now(session)
    session.flush()


def _say(
    session: Session,
    dispute: Dispute,
    kind: MessageKind,
    words: str,
    *,
    from_us: bool,
    files: Sequence[TakenIn],
    actor: Actor,
) -> DisputeMessage:
    check_words(words, missing=N_("Write something first."))
    message = changing.say(session, dispute, kind, words, from_us=from_us, actor=actor)
    changing.keep_files(session, dispute, files, about=message, actor=actor)
    audit.record(
        session,
        "dispute.noted" if kind is MessageKind.NOTE else "dispute.written",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=dispute.account_id,
        after={"number": dispute.number, "message_id": message.id, "kind": kind},
    )
    return message
