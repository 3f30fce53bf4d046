"""Reconciling payouts: bring a payout to what the processor says of it now, and the bank's word of its arrival."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.clearing import booking
from domain.clearing.booking import Against
from domain.clearing.model import PAYOUT_ITEMS, PAYOUTS, Payout, PayoutChange
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg
from domain.ledger.streams import bank_stream
from domain.payments.snapshots import Movement, PayoutSnapshot, PayoutState
from domain.shared.actor import PROCESSOR, Actor
from domain.shared.db.inserting import insert_if_new, insert_new
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

BACK = frozenset({PayoutState.FAILED, PayoutState.CANCELED})
"""The states in which the money is, or will be, in the processor's balance again."""

TRANSITIONS: dict[PayoutState, frozenset[PayoutState]] = {
    PayoutState.PENDING: frozenset(set(PayoutState) - {PayoutState.PENDING}),
    PayoutState.IN_TRANSIT: frozenset({PayoutState.PAID, *BACK}),
    PayoutState.PAID: frozenset({PayoutState.FAILED}),
    PayoutState.FAILED: frozenset(),
    PayoutState.CANCELED: frozenset(),
}
"""Which state may follow which: `failed` can follow `paid`, and nothing follows `failed`."""


def reconcile_payout(session: Session, seen: PayoutSnapshot, items: Iterable[Movement] = ()) -> Payout:
    """Bring a payout to what the processor says of it: book what it moved, note its arrival, undo what came back.

    `items` are the movements that the processor names in it, its own among them, once it says that they are complete.
    Safe to repeat; late news never moves a payout back.
    """
    payout = _locked(session, seen)
    before, payout.failure = payout.state, seen.failure or payout.failure
    payout.arrives_on, payout.complete = seen.arrives_on, payout.complete or seen.complete
    moved = _change(session, payout, seen)
    if seen.movement is not None:
        payout.movement_ref = seen.movement.external_id
        _book(session, seen.movement)
    if payout.state is PayoutState.PAID and payout.arrived_on is None:
        _arrive(session, payout, min(payout.arrives_on, today(session)), actor=PROCESSOR)
    if payout.state in BACK and seen.failure_movement is not None:
        _come_back(session, payout, seen.failure_movement)
    if moved and payout.state is PayoutState.FAILED:
        tasks.open_task(
            session,
            TaskKind.PAYOUT_FAILED,
            subject=("payout", payout.id),
            worth=payout.amount,
            detail={"found": payout.failure or "", "processor": payout.external_id},
        )
    if seen.complete:
        _tie(session, payout, items)
    if moved:
        audit.record(
            session,
            f"payout.{payout.state.value}",
            actor=PROCESSOR,
            subject=("payout", payout.id),
            before={"state": before},
            after={"amount": payout.amount, "why": payout.failure},
        )
    return payout


def lock(session: Session, payout: Payout) -> None:
    """Lock a payout, and read it again."""
    session.execute(select(PAYOUTS.c.id).where(PAYOUTS.c.id == payout.id).with_for_update())
    session.refresh(payout)


def payout_arrived(session: Session, payout: Payout, on: date, *, actor: Actor, source: str | None = None) -> bool:
    """The bank shows a payout: post it, unless the processor said so before; whether anything was posted.

    `source` is the bank line that says so. Conflict for one that came back: what the bank shows then needs a person.
    """
    lock(session, payout)
    if payout.state in BACK:
        raise Conflict(N_("The processor has taken this payout back."))
    if payout.arrived_on is not None:
        return False
    _arrive(session, payout, on, actor=actor, source=source)
    return True


def _locked(session: Session, seen: PayoutSnapshot) -> Payout:
    row = {
        "external_id": seen.payout_ref,
        "state": PayoutState.PENDING,
        "currency": seen.amount.currency,
        "amount_minor": seen.amount.minor,
        "automatic": seen.automatic,
        "complete": False,
        "created_at": seen.created_at,
        "arrives_on": seen.arrives_on,
    }
    new_id = insert_if_new(session, PAYOUTS, ("external_id",), row)
    wanted = select(Payout).where(Payout.external_id == seen.payout_ref)
    payout = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()
    if new_id is not None:
        _note(session, payout, None, actor=PROCESSOR)
    return payout


def _change(session: Session, payout: Payout, seen: PayoutSnapshot) -> bool:
    if seen.state is payout.state or seen.state not in TRANSITIONS[payout.state]:
        return False
    before, payout.state = payout.state, seen.state
    _note(session, payout, before, actor=PROCESSOR, why=seen.failure)
    return True


def _note(
    session: Session, payout: Payout, before: PayoutState | None, *, actor: Actor, why: str | None = None
) -> None:
    session.add(
        PayoutChange(
            payout_id=payout.id,
            before=before,
            after=payout.state,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )


def _book(session: Session, movement: Movement) -> None:
    against = Against(LedgerAccount.PAYOUTS_IN_TRANSIT, movement.amount)
    booking.book(session, movement, against, kind=EntryKind.PROCESSOR_MOVEMENT)


def _arrive(session: Session, payout: Payout, on: date, *, actor: Actor, source: str | None = None) -> None:
    payout.arrived_on = on
    entry = ledger.post(
        session,
        kind=EntryKind.PAYOUT_ARRIVED,
        source=source or f"payout:{payout.external_id}",
        effective_on=on,
        legs=[Leg(LedgerAccount.BANK, payout.amount), Leg(LedgerAccount.PAYOUTS_IN_TRANSIT, -payout.amount)],
        stream=bank_stream(payout.currency),
    )
    audit.record(
        session,
        "payout.arrived",
        actor=actor,
        subject=("payout", payout.id),
        entry_id=entry.id,
        after={"amount": payout.amount, "on": on},
    )


def _come_back(session: Session, payout: Payout, reversal: Movement) -> None:
    """The money is in the processor's balance again; where it had arrived, that is undone with it.

    The processor's stream comes before the bank's, as everywhere where both are locked.
    """
    payout.reversal_ref = reversal.external_id
    _book(session, reversal)
    if payout.arrived_on is not None and payout.undone_at is None:
        payout.undone_at = now(session)
        ledger.post(
            session,
            kind=EntryKind.PAYOUT_ARRIVAL_UNDONE,
            source=f"balance_transaction:{reversal.external_id}",
            effective_on=today(session),
            legs=[Leg(LedgerAccount.PAYOUTS_IN_TRANSIT, payout.amount), Leg(LedgerAccount.BANK, -payout.amount)],
            stream=bank_stream(payout.currency),
        )


def _tie(session: Session, payout: Payout, items: Iterable[Movement]) -> None:
    """Keep what the processor names in the payout; it is tied once all of that adds up to what was sent."""
    rows = [
        {
            "payout_id": payout.id,
            "external_id": item.external_id,
            "category": item.category,
            "net_minor": (item.amount - item.fee).minor,
        }
        for item in items
        if item.external_id not in (payout.movement_ref, payout.reversal_ref)
    ]
    if rows:
        insert_new(session, PAYOUT_ITEMS, ("payout_id", "external_id"), rows, returning=("id",))
    total = select(func.sum(PAYOUT_ITEMS.c.net_minor)).where(PAYOUT_ITEMS.c.payout_id == payout.id)
    if int(session.scalar(total) or 0) == payout.amount_minor and payout.tied_at is None:
        payout.tied_at = now(session)
