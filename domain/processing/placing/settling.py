"""Settling: a partner settles what lies with it for less, within its authority, or asks us whether it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.placements import queries as placements
from domain.placements.messages import PartnerNews
from domain.placements.model import PLACED, PLACEMENT_NAMES, Partner, Placement, PlacementStatus
from domain.placements.sending import tell
from domain.receivables.model import Invoice
from domain.settlements import accepting, brackets, changing, offering, queries
from domain.settlements.model import OfferStatus, SettlementOffer
from domain.settlements.offering import Room, Wanted
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.shared.months import months_later
from domain.shared.words import Words
from domain.staff.model import Role


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a partner would settle for: so much of all that lies with it, in monthly parts, the first by a day, why."""

    amount: Money
    most_parts: int
    expires_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Considered:
    """What a proposal comes to: what is given up, in money and in per cent rounded up, and what is beyond it.

    `beyond` is all that the partner may not decide alone; empty where the offer is made at once.
    """

    room: Room
    given_up: Money
    percent: int
    beyond: Sequence[Words]


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a partner may go with a placement alone: what is open, the least to be paid of it, and by which day."""

    open: Money
    percent: int
    least: Money
    until: date


def scope_of(session: Session, account_id: int, placement_id: int) -> Scope:
    """How far the partner may go today. Raises NotFound, Conflict where nothing of it can be settled."""
    placement, partner = _active(session, account_id, placement_id)
    room = _room(session, placement)
    assert placement.returns_on is not None
    least = brackets.least(room.total, partner.settle_percent)
    return Scope(room.total, partner.settle_percent, least, placement.returns_on)


def consider(session: Session, account_id: int, placement_id: int, proposed: Proposed) -> Considered:
    """Look at a proposal without writing anything.

    Raises NotFound, Conflict where the placement is not active or nothing of it can be settled, and Invalid beside
    "amount", "parts", "expires_on" or "reason".
    """
    placement, partner = _active(session, account_id, placement_id)
    room = _room(session, placement)
    offering.check_possible(room, _wanted(room, proposed))
    percent = brackets.percent_given_up(room.total, proposed.amount)
    beyond = []
    if percent > partner.settle_percent:
        text = N_("{percent} per cent are given up; {most} may be without asking.")
        beyond.append(Words.of(text, percent=percent, most=partner.settle_percent))
    last = months_later(proposed.expires_on, proposed.most_parts - 1)
    assert placement.returns_on is not None
    if last > placement.returns_on:
        text = N_("The last part is due on {last}, and the debt comes back to us on {returns_on}.")
        beyond.append(Words.of(text, last=last, returns_on=placement.returns_on))
    return Considered(room, room.total - proposed.amount, percent, beyond)


def propose(
    session: Session, account_id: int, placement_id: int, proposed: Proposed, *, actor: Actor
) -> SettlementOffer:
    """Offer the debtor to settle for less: at once within the partner's authority, else once staff have approved it.

    Raises as `consider`.
    """
    accounts.lock(session, account_id)
    considered = consider(session, account_id, placement_id, proposed)
    wanted = _wanted(considered.room, proposed)
    return offering.enter(
        session,
        considered.room,
        wanted,
        needs_approval=bool(considered.beyond),
        placement_id=placement_id,
        actor=actor,
    )


def debtor_accepts(
    session: Session, account_id: int, placement_id: int, offer_id: int, *, parts: int, actor: Actor
) -> SettlementOffer:
    """The partner says that the debtor takes the offer; the first part is due on its last day.

    Raises NotFound, Invalid beside "parts", Conflict where the placement or the offer has moved on.
    """
    accounts.lock(session, account_id)
    _own(session, account_id, placement_id, offer_id)
    return accepting.accept_by_partner(session, account_id, offer_id, parts=parts, actor=actor)


def debtor_declines(
    session: Session, account_id: int, placement_id: int, offer_id: int, *, actor: Actor
) -> SettlementOffer:
    """The partner says that the debtor does not take the offer.

    Raises NotFound, Conflict where the placement or the offer has moved on.
    """
    accounts.lock(session, account_id)
    found = _own(session, account_id, placement_id, offer_id)
    changing.change(session, found, OfferStatus.DECLINED, actor=actor)
    return found


def take_back(
    session: Session, account_id: int, placement_id: int, offer_id: int, *, why: str, actor: Actor
) -> SettlementOffer:
    """The partner takes back what it proposed, as long as nobody has accepted it. NotFound, Invalid, Conflict."""
    accounts.lock(session, account_id)
    _own(session, account_id, placement_id, offer_id)
    return offering.withdraw(session, account_id, offer_id, why=why, actor=actor)


def approve(session: Session, account_id: int, offer_id: int, *, role: Role, actor: Actor) -> SettlementOffer:
    """Let an offer go out that waits for it; the partner that proposed it and has the debt is told.

    Raises as `offering.approve`.
    """
    found = offering.approve(session, account_id, offer_id, role=role, actor=actor)
    _tell(session, found, PartnerNews.SETTLEMENT_APPROVED)
    return found


def withdraw(session: Session, account_id: int, offer_id: int, *, why: str, actor: Actor) -> SettlementOffer:
    """Do not approve an offer, or take it back, whoever proposed it; a partner is told. As `offering.withdraw`."""
    found = offering.withdraw(session, account_id, offer_id, why=why, actor=actor)
    _tell(session, found, PartnerNews.SETTLEMENT_DECLINED)
    return found


def accept_by_paying(session: Session, placement: Placement, amount: Money, paid_on: date, *, actor: Actor) -> bool:
    """Take an offer of a locked account as accepted for which the debtor has paid the partner all that it asks.

    Called before the money is booked. Whether there was one: made by this partner by that day, not lapsed on it, and
    for no more than `amount`, with as much open as when it was made.
    """
    for row in queries.of_placement(session, placement.id):
        if row.status is not OfferStatus.OFFERED or row.amount_minor > amount.minor or row.currency != amount.currency:
            continue
        made_on = day_in(row.made_at, business(session).time_zone)
        if made_on <= paid_on <= row.expires_on and not offering.has_changed(queries.invoices(session, row.id)):
            return accepting.accept_paid(session, placement.account_id, row.id, actor=actor)
    return False


def _active(session: Session, account_id: int, placement_id: int) -> tuple[Placement, Partner]:
    placement = placements.entity(session, account_id, placement_id)
    if placement.status is not PlacementStatus.ACTIVE:
        text = N_("Only a debt that you have taken and that is not on hold can be settled: {state}.")
        raise Conflict(text, state=PLACEMENT_NAMES[placement.status])
    return placement, placements.partner(session, placement.partner_id)


def _room(session: Session, placement: Placement) -> Room:
    """All that is open of a placement; Conflict where it cannot be settled as a whole."""
    ids = placements.handed_over(session, placement.id)
    still_open = session.scalars(select(Invoice.id).where(Invoice.id.in_(ids), Invoice.open_minor > 0)).all()
    try:
        return offering.room_of(session, placement.account_id, still_open, placement_id=placement.id)
    except Invalid:
        raise Conflict(N_("An offer for this is open already, or waits for approval.")) from None


def _wanted(room: Room, proposed: Proposed) -> Wanted:
    ids = tuple(row.id for row in room.invoices)
    return Wanted(ids, proposed.amount, proposed.most_parts, proposed.expires_on, proposed.reason)


def _own(session: Session, account_id: int, placement_id: int, offer_id: int) -> SettlementOffer:
    """An offer that was proposed for this placement; NotFound, Conflict once it does not lie with the partner."""
    found = queries.entity(session, account_id, offer_id)
    if found.placement_id != placement_id:
        raise NotFound(queries.NO_SUCH_OFFER)
    placement = placements.entity(session, account_id, placement_id)
    if placement.status not in PLACED:
        raise Conflict(N_("This has moved on meanwhile: {state}."), state=PLACEMENT_NAMES[placement.status])
    return found


def _tell(session: Session, offer: SettlementOffer, news: PartnerNews) -> None:
    """Tell the partner that proposed it, while the debt lies there: afterwards it is its business no more."""
    if offer.placement_id is None:
        return
    placement = placements.entity(session, offer.account_id, offer.placement_id)
    if placement.status in PLACED:
        tell(session, placement, news, offer_id=offer.id)
