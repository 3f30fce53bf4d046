"""Queries: partners with their cards, and placements for lists and pages."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.placements.model import (
    OURS,
    PLACED,
    CommissionCard,
    Partner,
    Placement,
    PlacementChange,
    PlacementInvoice,
    PlacementStatus,
)
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_PARTNER = N_("We could not find that partner.")
NO_SUCH_PLACEMENT = N_("We could not find that placement.")


class View(StrEnum):
    """The lists of placements for staff."""

    TO_DECIDE = "to_decide"
    TO_SEND = "to_send"
    PLACED = "placed"
    ENDED = "ended"


_S = PlacementStatus
VIEWS: dict[View, frozenset[PlacementStatus]] = {
    View.TO_DECIDE: frozenset({_S.PROPOSED}),
    View.TO_SEND: frozenset({_S.APPROVED}),
    View.PLACED: PLACED,
    View.ENDED: frozenset({_S.DECLINED, _S.DROPPED, _S.REFUSED, _S.RECALLED, _S.RETURNED, _S.CLOSED}),
}

_OPEN = (
    select(cast(func.coalesce(func.sum(Invoice.open_minor), 0), BigInteger))
    .join(PlacementInvoice, PlacementInvoice.invoice_id == Invoice.id)
    .where(PlacementInvoice.placement_id == Placement.id)
    .correlate(Placement)
    .scalar_subquery()
)
_SHOWN = (
    select(
        Placement.id,
        Placement.account_id,
        Placement.partner_id,
        Placement.currency,
        Placement.status,
        Placement.turn,
        Placement.reason,
        Placement.barred_why,
        Placement.findings,
        Placement.proposed_minor,
        Placement.proposed_at,
        Placement.rate_bp,
        Placement.placed_minor,
        Placement.sent_at,
        Placement.returns_on,
        Placement.closing,
        Placement.ended_at,
        Account.number.label("account_number"),
        Account.name.label("account_name"),
        Partner.name.label("partner_name"),
        Partner.kind.label("partner_kind"),
        _OPEN.label("open_minor"),
    )
    .join(Account, Account.id == Placement.account_id)
    .join(Partner, Partner.id == Placement.partner_id)
)


def partner(session: Session, partner_id: int) -> Partner:
    """A partner, read afresh; NotFound."""
    found = session.get(Partner, partner_id, populate_existing=True)
    if found is None:
        raise NotFound(NO_SUCH_PARTNER)
    return found


def partners(session: Session) -> AnyRows:
    """Every partner by name, those that have ended last, with how much lies with each: `many` placements."""
    many = (
        select(func.count())
        .where(Placement.partner_id == Partner.id, Placement.status.in_(PLACED))
        .correlate(Partner)
        .scalar_subquery()
    )
    return session.execute(
        select(
            Partner.id,
            Partner.name,
            Partner.kind,
            Partner.email,
            Partner.countries,
            Partner.remits,
            Partner.term_days,
            Partner.ended_at,
            many.label("many"),
        ).order_by(Partner.ended_at.is_not(None), Partner.name)
    ).all()


def cards(session: Session, partner_id: int) -> AnyRows:
    """Every commission card of a partner, the newest first."""
    return session.execute(
        select(CommissionCard.id, CommissionCard.number, CommissionCard.from_on, CommissionCard.terms)
        .where(CommissionCard.partner_id == partner_id)
        .order_by(CommissionCard.number.desc())
    ).all()


def card_in_force(session: Session, partner_id: int, on: date) -> CommissionCard:
    """The card that holds for what is sent on a day; every partner has one from its first day on."""
    return session.scalars(
        select(CommissionCard)
        .where(CommissionCard.partner_id == partner_id, CommissionCard.from_on <= on)
        .order_by(CommissionCard.from_on.desc(), CommissionCard.number.desc())
        .limit(1)
    ).one()


def placement(session: Session, placement_id: int, *, account_id: int | None = None) -> AnyRow:
    """One placement with its account and partner, and what is open of its invoices; NotFound otherwise."""
    wanted = _SHOWN.where(Placement.id == placement_id)
    if account_id is not None:
        wanted = wanted.where(Placement.account_id == account_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_PLACEMENT)
    return row


def entity(session: Session, account_id: int, placement_id: int) -> Placement:
    """A placement of this account, read afresh; NotFound."""
    found = session.get(Placement, placement_id, populate_existing=True)
    if found is None or found.account_id != account_id:
        raise NotFound(NO_SUCH_PLACEMENT)
    return found


def placements(session: Session, view: View, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of a list of all accounts, after `place`, the newest first."""
    wanted = _SHOWN.where(Placement.status.in_(VIEWS[view]))
    if place is not None:
        wanted = wanted.where(Placement.id < place)
    return session.execute(wanted.order_by(Placement.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[View, int]:
    """How many stand in each list."""
    found = session.execute(select(Placement.status, func.count().label("many")).group_by(Placement.status))
    by_status = {row.status: row.many for row in found}
    return {view: sum(by_status.get(status, 0) for status in statuses) for view, statuses in VIEWS.items()}


def proposed_accounts(session: Session) -> frozenset[int]:
    """The accounts with debts that are proposed or approved: nothing else of them can be proposed meanwhile."""
    return frozenset(session.scalars(select(Placement.account_id).where(Placement.status.in_(OURS))))


def of_account(session: Session, account_id: int) -> AnyRows:
    """The account's placements, newest first."""
    return session.execute(_SHOWN.where(Placement.account_id == account_id).order_by(Placement.id.desc())).all()


def of_partner(session: Session, partner_id: int, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of what was sent to a partner, after `place`, the newest first."""
    wanted = _SHOWN.where(Placement.partner_id == partner_id, Placement.sent_at.is_not(None))
    if place is not None:
        wanted = wanted.where(Placement.id < place)
    return session.execute(wanted.order_by(Placement.id.desc()).limit(limit)).all()


def acting(session: Session, account_id: int) -> AnyRows:
    """Who acts for us on this account's debts now: a row for each open invoice that lies with a partner, oldest first.

    `taken_at` is when the partner took the debt; empty while it has not said whether it does. Nothing of what is
    between us and the partner is in it: customers read this.
    """
    taken_at = (
        select(func.min(PlacementChange.at))
        .where(PlacementChange.placement_id == Placement.id, PlacementChange.after == PlacementStatus.ACTIVE)
        .correlate(Placement)
        .scalar_subquery()
    )
    return session.execute(
        select(
            Placement.id,
            Placement.status,
            Placement.currency,
            taken_at.label("taken_at"),
            Account.time_zone,
            Partner.name,
            Partner.kind,
            Partner.contact_name,
            Partner.email,
            Partner.phone,
            Invoice.id.label("invoice_id"),
            Invoice.number,
            Invoice.due_on,
            Invoice.open_minor,
        )
        .join(Account, Account.id == Placement.account_id)
        .join(Partner, Partner.id == Placement.partner_id)
        .join(PlacementInvoice, PlacementInvoice.placement_id == Placement.id)
        .join(Invoice, Invoice.id == PlacementInvoice.invoice_id)
        .where(
            Placement.account_id == account_id,
            Placement.status.in_(PLACED),
            PlacementInvoice.placed_minor.is_not(None),
            Invoice.open_minor > 0,
        )
        .order_by(Placement.id, Invoice.due_on, Invoice.id)
    ).all()


def lines(session: Session, placement_id: int) -> list[PlacementInvoice]:
    """The invoices of a placement, read afresh."""
    return list(
        session.scalars(
            select(PlacementInvoice)
            .where(PlacementInvoice.placement_id == placement_id)
            .order_by(PlacementInvoice.id)
            .execution_options(populate_existing=True)
        )
    )


def invoices(session: Session, placement_id: int) -> AnyRows:
    """The invoices of a placement, the oldest due first: which part each is, what is open, was then, and was sent."""
    return session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.issued_on,
            Invoice.due_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.open_minor,
            Invoice.description,
            PlacementInvoice.part,
            PlacementInvoice.proposed_minor,
            PlacementInvoice.placed_minor,
        )
        .join(PlacementInvoice, PlacementInvoice.invoice_id == Invoice.id)
        .where(PlacementInvoice.placement_id == placement_id)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def handed_over(session: Session, placement_id: int) -> list[int]:
    """The ids of the invoices that were handed over with a placement."""
    return list(
        session.scalars(
            select(PlacementInvoice.invoice_id)
            .where(PlacementInvoice.placement_id == placement_id, PlacementInvoice.placed_minor.is_not(None))
            .order_by(PlacementInvoice.invoice_id)
        )
    )


def changes(session: Session, placement_id: int) -> AnyRows:
    """Every change of a placement's state, the first one first: `after`, `at`, who and why."""
    return session.execute(
        select(
            PlacementChange.after,
            PlacementChange.at,
            PlacementChange.actor_kind,
            PlacementChange.actor_id,
            PlacementChange.why,
        )
        .where(PlacementChange.placement_id == placement_id)
        .order_by(PlacementChange.id)
    ).all()
