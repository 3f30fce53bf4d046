"""Keeping: a chargeback and a fraud warning as the processor reports them; the state moves along its arrows only."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.chargebacks.model import (
    CHARGEBACKS,
    FRAUD_WARNINGS,
    Chargeback,
    ChargebackChange,
    ChargebackMovement,
    FraudWarning,
)
from domain.chargebacks.states import ARROWS, OPEN, PROCESSOR_WORDS, ChargebackState, may_become
from domain.payments.model import Payment
from domain.payments.snapshots import ChargebackSnapshot, FraudWarningSnapshot, Movement
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.money import Money


def keep(session: Session, seen: ChargebackSnapshot, *, actor: Actor) -> tuple[Chargeback, bool]:
    """The locked chargeback of this name, and whether it was not known before."""
    state = PROCESSOR_WORDS.get(seen.state, ChargebackState.UNKNOWN)
    row = {
        "chargeback_ref": seen.chargeback_ref,
        "charge_id": seen.charge_id,
        "currency": seen.amount.currency,
        "amount_minor": seen.amount.minor,
        "reason": seen.reason,
        "state": state,
        "processor_state": seen.state,
        "respond_by": seen.evidence_by,
        "can_answer": seen.can_answer,
        "opened_at": seen.created_at,
        "card": seen.card,
        "recorded_at": now(session),
        "closed_at": None if state in OPEN else now(session),
    }
    is_new = insert_if_new(session, CHARGEBACKS, ("chargeback_ref",), row) is not None
    chargeback = locked(session, seen.chargeback_ref)
    if is_new:
        _note(session, chargeback, None, actor)
    return chargeback, is_new


def locked(session: Session, chargeback_ref: str) -> Chargeback:
    """The chargeback of this name, read again under its lock; the account's lock, where it has one, comes first."""
    return session.scalars(
        select(Chargeback)
        .where(Chargeback.chargeback_ref == chargeback_ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def belong(session: Session, chargeback: Chargeback, payment: Payment) -> None:
    """Tie a chargeback to the payment that it contests, and to its account where we have recorded the money.

    Once money was booked it stays where it was booked: what came off foreign receipts goes back there.
    """
    chargeback.payment_id = payment.id
    ours = payment.recorded_at is not None and payment.currency == chargeback.currency
    if ours and not has_moved(session, chargeback):
        chargeback.account_id = payment.account_id
    session.flush()


def is_old_news(session: Session, chargeback: Chargeback, seen: ChargebackSnapshot) -> bool:
    """Whether a snapshot was taken before what we know: it lacks money that has moved."""
    names = {movement.external_id for movement in seen.movements}
    known = session.scalars(
        select(ChargebackMovement.external_id).where(ChargebackMovement.chargeback_id == chargeback.id)
    ).all()
    return not names.issuperset(known)


def follow(session: Session, chargeback: Chargeback, seen: ChargebackSnapshot, *, actor: Actor) -> bool:
    """Bring state, deadline and amount to what the processor says; whether the state, or its word, has changed.

    A word that we do not know leaves the state as it is. News from before the present state changes nothing.
    """
    wanted = PROCESSOR_WORDS.get(seen.state, chargeback.state)
    if wanted is ChargebackState.LOST and chargeback.accepting_since is not None:
        given_in = ChargebackState.ACCEPTED
        wanted = given_in if given_in in {chargeback.state, *ARROWS[chargeback.state]} else wanted
    if wanted is not chargeback.state and not may_become(chargeback.state, wanted):
        return False
    before, changed = chargeback.state, (wanted, seen.state) != (chargeback.state, chargeback.processor_state)
    chargeback.state, chargeback.processor_state = wanted, seen.state
    chargeback.respond_by, chargeback.can_answer = seen.evidence_by, seen.can_answer
    chargeback.amount_minor = seen.amount.minor
    chargeback.card = seen.card or chargeback.card
    if chargeback.is_open:
        chargeback.closed_at = None
    else:
        chargeback.closed_at = chargeback.closed_at or now(session)
    if changed:
        _note(session, chargeback, before, actor)
    session.flush()
    return changed


def has_moved(session: Session, chargeback: Chargeback) -> bool:
    """Whether any of its money was booked."""
    found = select(ChargebackMovement.id).where(ChargebackMovement.chargeback_id == chargeback.id).limit(1)
    return session.scalar(found) is not None


def taken(session: Session, chargeback: Chargeback) -> Money:
    """How much is withdrawn and has not come back."""
    total = session.scalar(
        select(func.coalesce(func.sum(ChargebackMovement.amount_minor), 0)).where(
            ChargebackMovement.chargeback_id == chargeback.id
        )
    )
    return Money(-int(total or 0), chargeback.currency)


def moved(session: Session, chargeback: Chargeback, movement: Movement, amount: Money) -> None:
    """Write down that a movement was booked, with its amount in the payer's currency."""
    session.add(
        ChargebackMovement(
            chargeback_id=chargeback.id,
            external_id=movement.external_id,
            amount_minor=amount.minor,
            occurred_at=movement.created_at,
            recorded_at=now(session),
        )
    )
    session.flush()


def keep_warning(session: Session, seen: FraudWarningSnapshot, payment: Payment | None) -> tuple[FraudWarning, bool]:
    """The warning of this name, brought up to date, and whether it was not known before."""
    row = {
        "warning_ref": seen.warning_ref,
        "payment_id": payment.id if payment else None,
        "charge_id": seen.charge_id,
        "kind": seen.kind,
        "actionable": seen.actionable,
        "warned_at": seen.created_at,
        "recorded_at": now(session),
    }
    is_new = insert_if_new(session, FRAUD_WARNINGS, ("warning_ref",), row) is not None
    warning = session.scalars(
        select(FraudWarning)
        .where(FraudWarning.warning_ref == seen.warning_ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    warning.payment_id = payment.id if payment else warning.payment_id
    warning.actionable = warning.actionable and seen.actionable
    session.flush()
    return warning, is_new


def _note(session: Session, chargeback: Chargeback, before: ChargebackState | None, actor: Actor) -> None:
    session.add(
        ChargebackChange(
            chargeback_id=chargeback.id,
            before=before,
            after=chargeback.state,
            processor_state=chargeback.processor_state,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
        )
    )
    session.flush()
