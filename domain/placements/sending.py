"""Sending: an approved debt is looked at once more and handed over; the partner takes it or refuses it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.outbox import sending as outbox
from domain.placements import candidates, cards, changing, queries
from domain.placements.messages import PartnerNews, TellPartner
from domain.placements.model import Placement, PlacementChange, PlacementStatus
from domain.placements.proposing import ready
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind


def send(session: Session, account_id: int, placement_id: int, *, actor: Actor) -> Placement:
    """Hand an approved debt over: what is still open and ready of its invoices, at the commission of the card in force.

    From now on we do not chase it. Raises Conflict where it moved on or the criteria are no longer met.
    """
    accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    if placement.status is not PlacementStatus.APPROVED:
        raise Conflict(N_("Only what was approved can be sent."))
    partner = queries.partner(session, placement.partner_id)
    if partner.ended_at is not None:
        raise Conflict(N_("Nothing is handed to {name} any more."), name=partner.name)
    looked = candidates.look(session, account_id, force=placement.barred_why is not None)
    open_now = {late.invoice_id: late for late in ready(looked)}
    rows = queries.lines(session, placement.id)
    going = [row for row in rows if row.invoice_id in open_now]
    if not going:
        raise Conflict(N_("None of these invoices can be handed over any more."))
    for row in going:
        row.placed_minor = open_now[row.invoice_id].open.minor
    total = Money.sum((row.placed(placement.currency) for row in going), placement.currency)
    late_days = max((today(session) - open_now[row.invoice_id].due_on).days for row in going)
    card = queries.card_in_force(session, partner.id, today(session))
    placement.card_id = card.id
    placement.rate_bp = cards.rate_bp(cards.card_of(card.terms), total, late_days, again=placement.turn > 1)
    placement.placed_minor = total.minor
    placement.sent_at = now(session)
    placement.returns_on = today(session) + timedelta(days=partner.term_days)
    session.flush()
    changing.change(session, placement, PlacementStatus.SENT, actor=actor)
    tell(session, placement, PartnerNews.SENT)
    return placement


def take(session: Session, account_id: int, placement_id: int, *, actor: Actor) -> Placement:
    """The partner takes a debt: it is active, or on hold at once where something has come up since."""
    accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    changing.change(session, placement, PlacementStatus.ACTIVE, actor=actor)
    return placement


def refuse(session: Session, account_id: int, placement_id: int, *, why: str, actor: Actor) -> Placement:
    """The partner does not take a debt: it is ours again, and somebody finds another way. Invalid without a reason."""
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    changing.change(session, placement, PlacementStatus.REFUSED, actor=actor, why=why.strip())
    worth = Money(placement.placed_minor or placement.proposed_minor, placement.currency)
    tasks.open_task(
        session,
        TaskKind.PLACEMENT_REFUSED,
        subject=("placement", placement.id),
        account_id=account_id,
        worth=worth,
    )
    return placement


def tell(
    session: Session,
    placement: Placement,
    news: PartnerNews,
    *,
    note_id: int | None = None,
    offer_id: int | None = None,
) -> None:
    """Have the partner told of the latest change of a placement, of an answer of ours, or of an offer to settle."""
    latest = select(func.max(PlacementChange.id)).where(PlacementChange.placement_id == placement.id)
    change_id = session.execute(latest).scalar_one()
    message = TellPartner(placement_id=placement.id, news=news, change_id=change_id, note_id=note_id, offer_id=offer_id)
    outbox.add(session, message, account_id=placement.account_id)
