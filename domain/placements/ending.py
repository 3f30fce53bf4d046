"""Ending: a debt comes back: recalled by us, returned at its term or by the partner, or closed as uncollectable."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.payments import queries as payments
from domain.placements import changing, queries
from domain.placements.messages import PartnerNews
from domain.placements.model import PLACED, Closing, Placement, PlacementStatus
from domain.placements.sending import tell
from domain.receivables.model import Invoice
from domain.settlements import changing as offers
from domain.settlements.model import OfferStatus, SettlementOffer
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind


def recall(
    session: Session, account_id: int, placement_id: int, *, why: str, actor: Actor, force: bool = False
) -> Placement:
    """Take a debt back from the partner; refused while a payment for it is under way, unless forced.

    Raises Invalid without a reason, Conflict where it moved on or money is on its way.
    """
    placement = _placed(session, account_id, placement_id, why=why)
    ids = queries.handed_over(session, placement.id)
    if not force and payments.live_claims(session, ids):
        raise Conflict(N_("A payment for this is under way: wait until it is here, or recall it all the same."))
    _back(session, placement, PlacementStatus.RECALLED, why=why, actor=actor)
    tell(session, placement, PartnerNews.RECALLED)
    return placement


def give_back(session: Session, account_id: int, placement_id: int, *, why: str, actor: Actor) -> Placement:
    """The partner returns a debt, or its term is over; somebody decides what else to do. Invalid, Conflict."""
    placement = _placed(session, account_id, placement_id, why=why)
    _back(session, placement, PlacementStatus.RETURNED, why=why, actor=actor)
    return placement


def close_uncollectable(session: Session, account_id: int, placement_id: int, *, why: str, actor: Actor) -> Placement:
    """The partner gives a debt up as not collectable; somebody decides what else to do. Invalid, Conflict."""
    placement = _placed(session, account_id, placement_id, why=why)
    _back(session, placement, PlacementStatus.CLOSED, why=why, actor=actor, closing=Closing.UNCOLLECTABLE)
    return placement


def due_back(session: Session) -> list[tuple[int, int]]:
    """The placements of which the term is over, as account and placement, the oldest first."""
    rows = session.execute(
        select(Placement.account_id, Placement.id)
        .where(Placement.status.in_(PLACED), Placement.returns_on < today(session))
        .order_by(Placement.returns_on, Placement.id)
    )
    return [(row.account_id, row.id) for row in rows]


def return_at_term(session: Session, account_id: int, placement_id: int) -> bool:
    """Take a debt back of which the term is over; False where it moved on meanwhile, or is being paid right now."""
    accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    if placement.status not in PLACED or placement.returns_on is None or placement.returns_on >= today(session):
        return False
    if payments.live_claims(session, queries.handed_over(session, placement_id)):
        return False
    if placement.status is PlacementStatus.SENT:
        _back(session, placement, PlacementStatus.RECALLED, why="term", actor=WORKER)
    else:
        _back(session, placement, PlacementStatus.RETURNED, why="term", actor=WORKER)
    tell(session, placement, PartnerNews.RECALLED)
    return True


def _placed(session: Session, account_id: int, placement_id: int, *, why: str) -> Placement:
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    accounts.lock(session, account_id)
    return queries.entity(session, account_id, placement_id)


def _back(
    session: Session,
    placement: Placement,
    after: PlacementStatus,
    *,
    why: str,
    actor: Actor,
    closing: Closing | None = None,
) -> None:
    changing.change(session, placement, after, actor=actor, why=why.strip(), closing=closing)
    _forget_proposals(session, placement, actor=actor)
    ids = queries.handed_over(session, placement.id)
    left = sum(session.scalars(select(Invoice.open_minor).where(Invoice.id.in_(ids))))
    if left:
        tasks.open_task(
            session,
            TaskKind.PLACEMENT_BACK,
            subject=("placement", placement.id),
            account_id=placement.account_id,
            worth=Money(left, placement.currency),
        )


def _forget_proposals(session: Session, placement: Placement, *, actor: Actor) -> None:
    """Nobody is to approve any more what the partner had proposed; what was offered to the debtor stands."""
    wanted = select(SettlementOffer).where(
        SettlementOffer.placement_id == placement.id, SettlementOffer.status == OfferStatus.AWAITING_APPROVAL
    )
    for offer in session.scalars(wanted.order_by(SettlementOffer.id)).all():
        offers.change(session, offer, OfferStatus.WITHDRAWN, actor=actor)
