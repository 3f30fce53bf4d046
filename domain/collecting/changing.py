"""Changing: the one place where a collection's state moves, along the arrows of its table and with a row each."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.collecting.model import (
    END_WORDS,
    EXHAUSTING,
    TRANSITIONS,
    TRYING,
    Collection,
    CollectionChange,
    CollectionState,
    EndReason,
)
from domain.payments.model import Payment, PaymentStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.money import Money

TOLD = {
    CollectionState.ACTION_REQUIRED: "collection.asks",
    CollectionState.EXHAUSTED: "collection.exhausted",
    CollectionState.CANCELLED: "collection.cancelled",
}
"""The changes that stand on the account's timeline by themselves; payments and emails tell of the others."""


def change(
    session: Session, collection: Collection, state: CollectionState, *, actor: Actor, why: str | None = None
) -> bool:
    """Move the collection to `state` if an arrow leads there; whether it moved. Late news never moves it back."""
    if state not in TRANSITIONS[collection.state]:
        return False
    before, collection.state = collection.state, state
    if state is not CollectionState.RETRYING:
        collection.next_try_on = None
    if state is not CollectionState.ACTION_REQUIRED:
        collection.answer_by = None
    note(session, collection, before, actor=actor, why=why)
    if state in TOLD:
        amount = Money(collection.announced_minor, collection.currency) if collection.announced_minor else None
        audit.record(
            session,
            TOLD[state],
            actor=actor,
            subject=(collection.subject_kind.value, collection.subject_id),
            account_id=collection.account_id,
            after={"amount": amount, "why": why or ""},
        )
    return True


def note(
    session: Session,
    collection: Collection,
    before: CollectionState | None,
    *,
    actor: Actor,
    why: str | None = None,
) -> None:
    """Write down that the collection came to its present state."""
    session.add(
        CollectionChange(
            collection_id=collection.id,
            before=before,
            after=collection.state,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )


def end(session: Session, collection: Collection, why: EndReason, *, actor: Actor) -> None:
    """Have it ended: at once while there is no payment that could bring money, else once the processor confirms.

    The first reason stays; the lock is held.
    """
    if collection.state in TRYING:
        collection.ends_why = collection.ends_why or why
        assert collection.payment_id is not None
        payment = session.get_one(Payment, collection.payment_id)
        if payment.status in (PaymentStatus.FAILED, PaymentStatus.CANCELED):
            ended(session, collection, actor=actor)
        return
    if CollectionState.CANCELLED in TRANSITIONS[collection.state]:
        collection.ends_why = why
        change(session, collection, CollectionState.CANCELLED, actor=actor, why=END_WORDS[why])


def ended(session: Session, collection: Collection, *, actor: Actor) -> None:
    """No money can come by its payment any more, and it was wanted so, or not: exhausted or cancelled accordingly."""
    why = collection.ends_why = collection.ends_why or EndReason.GIVEN_UP
    if why not in EXHAUSTING:
        change(session, collection, CollectionState.CANCELLED, actor=actor, why=END_WORDS[why])
        return
    if collection.state is CollectionState.COLLECTING:
        collection.next_try_on = today(session)
        change(session, collection, CollectionState.RETRYING, actor=actor, why=collection.failure)
    change(session, collection, CollectionState.EXHAUSTED, actor=actor, why=END_WORDS[why])
