"""Seen: what a partner sees of the debts that were handed to it, and nothing of what is ours alone."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.placements.model import (
    OURS,
    CommissionCard,
    Placement,
    PlacementChange,
    PlacementInvoice,
    PlacementStatus,
)
from domain.placements.queries import NO_SUCH_PLACEMENT
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import NotFound


class Pile(StrEnum):
    """The lists of placements for a partner."""

    NEW = "new"
    OPEN = "open"
    HELD = "held"
    ENDED = "ended"


_S = PlacementStatus
PILES: dict[Pile, frozenset[PlacementStatus]] = {
    Pile.NEW: frozenset({_S.SENT}),
    Pile.OPEN: frozenset({_S.ACTIVE}),
    Pile.HELD: frozenset({_S.HELD}),
    Pile.ENDED: frozenset({_S.REFUSED, _S.RECALLED, _S.RETURNED, _S.CLOSED}),
}

_OPEN = (
    select(cast(func.coalesce(func.sum(Invoice.open_minor), 0), BigInteger))
    .join(PlacementInvoice, PlacementInvoice.invoice_id == Invoice.id)
    .where(PlacementInvoice.placement_id == Placement.id, PlacementInvoice.placed_minor.is_not(None))
    .correlate(Placement)
    .scalar_subquery()
)
_SEEN = (
    select(
        Placement.id,
        Placement.account_id,
        Placement.partner_id,
        Placement.currency,
        Placement.status,
        Placement.rate_bp,
        Placement.placed_minor,
        Placement.sent_at,
        Placement.returns_on,
        Placement.closing,
        Placement.ended_at,
        Account.number.label("account_number"),
        Account.name.label("account_name"),
        CommissionCard.terms.label("card"),
        _OPEN.label("open_minor"),
    )
    .join(Account, Account.id == Placement.account_id)
    .join(CommissionCard, CommissionCard.id == Placement.card_id)
    .where(Placement.sent_at.is_not(None), Placement.status.not_in(OURS))
)


def placement(session: Session, partner_id: int, placement_id: int) -> AnyRow:
    """One placement that was sent to this partner; NotFound for everything else, whether it exists or not."""
    row = session.execute(_SEEN.where(Placement.partner_id == partner_id, Placement.id == placement_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_PLACEMENT)
    return row


def placements(session: Session, partner_id: int, pile: Pile, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of a partner's list, after `place`, the newest first."""
    wanted = _SEEN.where(Placement.partner_id == partner_id, Placement.status.in_(PILES[pile]))
    if place is not None:
        wanted = wanted.where(Placement.id < place)
    return session.execute(wanted.order_by(Placement.id.desc()).limit(limit)).all()


def every(session: Session, partner_id: int, *, after: int = 0, limit: int) -> AnyRows:
    """A page of all that was ever sent to a partner, behind the placement `after`, the first one first."""
    wanted = _SEEN.where(Placement.partner_id == partner_id, Placement.id > after)
    return session.execute(wanted.order_by(Placement.id).limit(limit)).all()


def counts(session: Session, partner_id: int) -> dict[Pile, int]:
    """How many stand in each list of a partner."""
    found = session.execute(
        select(Placement.status, func.count().label("many"))
        .where(Placement.partner_id == partner_id, Placement.sent_at.is_not(None))
        .group_by(Placement.status)
    )
    by_status = {row.status: row.many for row in found}
    return {pile: sum(by_status.get(status, 0) for status in statuses) for pile, statuses in PILES.items()}


def changes(session: Session, placement_id: int) -> AnyRows:
    """Every change of a placement's state from its sending on, the first one first."""
    return session.execute(
        select(
            PlacementChange.before,
            PlacementChange.after,
            PlacementChange.at,
            PlacementChange.actor_kind,
            PlacementChange.actor_id,
            PlacementChange.why,
        )
        .where(PlacementChange.placement_id == placement_id, PlacementChange.after.in_(_shown()))
        .order_by(PlacementChange.id)
    ).all()


def _shown() -> Collection[PlacementStatus]:
    return frozenset[PlacementStatus]().union(*PILES.values())
