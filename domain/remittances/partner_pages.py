"""Partner pages: what a partner reads of the money on its debts: what came in, what it cost, what it paid over."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.model import Account
from domain.remittances.model import (
    PlacedCollection,
    PlacementCost,
    Remittance,
    RemittanceLine,
)
from domain.remittances.remitting import NO_SUCH_REMITTANCE
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_COLLECTION = N_("We could not find that payment.")
_Back = aliased(PlacedCollection)
_HAS_GONE_BACK = exists().where(_Back.reverses_id == PlacedCollection.id)
_REMITTED = (
    select(Remittance.reference)
    .join(RemittanceLine, RemittanceLine.remittance_id == Remittance.id)
    .where(RemittanceLine.collection_id == PlacedCollection.id, RemittanceLine.withdrawn_at.is_(None))
    .correlate(PlacedCollection)
    .scalar_subquery()
)
_COLLECTION = select(
    PlacedCollection.id,
    PlacedCollection.placement_id,
    PlacedCollection.way,
    PlacedCollection.reference,
    PlacedCollection.currency,
    PlacedCollection.amount_minor,
    PlacedCollection.commission_minor,
    PlacedCollection.tax_minor,
    PlacedCollection.received_on,
    PlacedCollection.reverses_id,
    _HAS_GONE_BACK.label("has_gone_back"),
    _REMITTED.label("remitted"),
    Account.name.label("account_name"),
).join(Account, Account.id == PlacedCollection.account_id)
_REMITTANCE = select(
    Remittance.id,
    Remittance.reference,
    Remittance.currency,
    Remittance.remits,
    Remittance.status,
    Remittance.remitted_on,
    Remittance.paid_minor,
    Remittance.difference,
    Remittance.difference_minor,
    Remittance.banked_on,
)


def of_placement(session: Session, placement_id: int) -> AnyRows:
    """What came in on a placement, and what of that went back, in the order in which we were told."""
    wanted = _COLLECTION.where(PlacedCollection.placement_id == placement_id)
    return session.execute(wanted.order_by(PlacedCollection.id)).all()


def collection(session: Session, placement_id: int, collection_id: int) -> AnyRow:
    """One of them; NotFound."""
    wanted = _COLLECTION.where(PlacedCollection.placement_id == placement_id, PlacedCollection.id == collection_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_COLLECTION)
    return row


def collections(session: Session, partner_id: int, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of what came in on a partner's debts, after `place`, the newest first."""
    wanted = _COLLECTION.where(PlacedCollection.partner_id == partner_id)
    if place is not None:
        wanted = wanted.where(PlacedCollection.id < place)
    return session.execute(wanted.order_by(PlacedCollection.id.desc()).limit(limit)).all()


def costs(session: Session, placement_id: int) -> AnyRows:
    """What a partner has spent on a placement, the first told first."""
    return session.execute(
        select(
            PlacementCost.id,
            PlacementCost.reference,
            PlacementCost.currency,
            PlacementCost.amount_minor,
            PlacementCost.spent_on,
            PlacementCost.what,
            PlacementCost.status,
            PlacementCost.why,
        )
        .where(PlacementCost.placement_id == placement_id)
        .order_by(PlacementCost.id)
    ).all()


def remittances(session: Session, partner_id: int, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of what a partner told us it pays over, after `place`, the newest first."""
    wanted = _REMITTANCE.where(Remittance.partner_id == partner_id)
    if place is not None:
        wanted = wanted.where(Remittance.id < place)
    return session.execute(wanted.order_by(Remittance.id.desc()).limit(limit)).all()


def remittance(session: Session, partner_id: int, remittance_id: int) -> AnyRow:
    """One of a partner's remittances; NotFound for everything else, whether it exists or not."""
    wanted = _REMITTANCE.where(Remittance.partner_id == partner_id, Remittance.id == remittance_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_REMITTANCE)
    return row
