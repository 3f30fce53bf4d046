"""Changing: the one place where an offer's state changes, along its arrows, with what that stops and starts."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.outbox import sending as outbox
from domain.settlements.messages import OfferNews, TellOffer
from domain.settlements.model import (
    ARROWS,
    OFFER_NAMES,
    STANDING,
    OfferChange,
    OfferInvoice,
    OfferStatus,
    SettlementOffer,
)
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import working
from domain.tasks.model import TaskKind


def note(
    session: Session, offer: SettlementOffer, before: OfferStatus | None, *, actor: Actor, why: str | None = None
) -> None:
    """Keep a change of state: who, when, why; and tell the audit and the account's timeline."""
    session.flush()
    session.add(
        OfferChange(
            offer_id=offer.id,
            before=before,
            after=offer.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
    audit.record(
        session,
        f"settlement.{offer.status}",
        actor=actor,
        subject=("offer", offer.id),
        account_id=offer.account_id,
        before={"status": before},
        after={"status": offer.status, "amount": offer.amount, "why": why},
    )


def change(
    session: Session, offer: SettlementOffer, after: OfferStatus, *, actor: Actor, why: str | None = None
) -> None:
    """Move an offer of a locked account; Conflict where no arrow leads there.

    From the day on which it is offered until it ends, its invoices are not chased; after that they are where they were.
    """
    before = offer.status
    if after not in ARROWS[before]:
        raise Conflict(N_("This offer has moved on meanwhile: {state}."), state=OFFER_NAMES[before])
    offer.status = after
    offer.ended_at = now(session) if not ARROWS[after] else None
    note(session, offer, before, actor=actor, why=why)
    if after in STANDING and before not in STANDING:
        protect(session, offer, actor=actor)
    if before in STANDING and after not in STANDING:
        stops.lift(session, StopKind.OFFER, offer.source, actor=actor)
    if before is OfferStatus.AWAITING_APPROVAL:
        working.settle(session, TaskKind.SETTLEMENT_APPROVAL, subject=("offer", offer.id))


def protect(session: Session, offer: SettlementOffer, *, actor: Actor) -> None:
    """Hold the chasing of each of its invoices."""
    invoices = session.scalars(select(OfferInvoice.invoice_id).where(OfferInvoice.offer_id == offer.id)).all()
    for invoice_id in sorted(invoices):
        stops.write(session, offer.account_id, StopKind.OFFER, offer.source, actor=actor, invoice_id=invoice_id)


def tell(session: Session, offer: SettlementOffer, news: OfferNews) -> None:
    """Have the customer told of the latest change of an offer."""
    latest = select(func.max(OfferChange.id)).where(OfferChange.offer_id == offer.id)
    change_id = session.execute(latest).scalar_one()
    outbox.add(session, TellOffer(offer_id=offer.id, news=news, change_id=change_id), account_id=offer.account_id)
