"""Listing: agents' money for pages: what was collected, remitted, invoiced, spent and paid, by partner or placement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.model import Account
from domain.placements.model import Partner
from domain.remittances.invoicing import to_invoice
from domain.remittances.model import (
    CommissionInvoice,
    CommissionInvoiceLine,
    CostStatus,
    Difference,
    PartnerPayment,
    PlacedCollection,
    PlacementCost,
    Remittance,
    RemittanceLine,
    Way,
)
from domain.remittances.remitting import LIVE, NO_SUCH_REMITTANCE
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_INVOICE = N_("We could not find that invoice.")
NO_SUCH_COST = N_("We could not find that cost.")
LATEST = 50

_REVERSAL = aliased(PlacedCollection)
_WENT_BACK = exists().where(_REVERSAL.reverses_id == PlacedCollection.id).correlate(PlacedCollection)
_REMITTED_IN = (
    select(RemittanceLine.remittance_id)
    .where(RemittanceLine.collection_id == PlacedCollection.id, LIVE)
    .correlate(PlacedCollection)
    .scalar_subquery()
)
_CORRECTED = (
    select(RemittanceLine.remittance_id)
    .where(RemittanceLine.corrects_id == Remittance.id, LIVE)
    .correlate(Remittance)
    .scalar_subquery()
)
_COLLECTIONS = (
    select(
        PlacedCollection.id,
        PlacedCollection.placement_id,
        PlacedCollection.account_id,
        PlacedCollection.way,
        PlacedCollection.reference,
        PlacedCollection.currency,
        PlacedCollection.amount_minor,
        PlacedCollection.commission_minor,
        PlacedCollection.tax_minor,
        PlacedCollection.received_on,
        PlacedCollection.reverses_id,
        Account.name.label("account_name"),
        _REMITTED_IN.label("remittance_id"),
        _WENT_BACK.label("went_back"),
    )
    .join(Account, Account.id == PlacedCollection.account_id)
    .order_by(PlacedCollection.received_on, PlacedCollection.id)
)
_REMITTANCES = (
    select(
        Remittance.id,
        Remittance.partner_id,
        Remittance.reference,
        Remittance.currency,
        Remittance.remits,
        Remittance.status,
        Remittance.remitted_on,
        Remittance.paid_minor,
        Remittance.difference,
        Remittance.difference_minor,
        Remittance.difference_on,
        Remittance.told_at,
        Remittance.banked_on,
        Remittance.bank_line_id,
        Remittance.ended_at,
        Partner.name.label("partner_name"),
        _CORRECTED.label("corrected_by_id"),
    )
    .join(Partner, Partner.id == Remittance.partner_id)
    .order_by(Remittance.id.desc())
)
_INVOICES = (
    select(
        CommissionInvoice.id,
        CommissionInvoice.partner_id,
        CommissionInvoice.reference,
        CommissionInvoice.currency,
        CommissionInvoice.invoiced_on,
        CommissionInvoice.net_minor,
        CommissionInvoice.tax_minor,
        CommissionInvoice.difference,
        CommissionInvoice.difference_minor,
        CommissionInvoice.difference_on,
        Partner.name.label("partner_name"),
    )
    .join(Partner, Partner.id == CommissionInvoice.partner_id)
    .order_by(CommissionInvoice.id.desc())
)
_COSTS = (
    select(
        PlacementCost.id,
        PlacementCost.placement_id,
        PlacementCost.partner_id,
        PlacementCost.account_id,
        PlacementCost.reference,
        PlacementCost.currency,
        PlacementCost.amount_minor,
        PlacementCost.spent_on,
        PlacementCost.what,
        PlacementCost.status,
        PlacementCost.why,
        Account.name.label("account_name"),
        Partner.name.label("partner_name"),
    )
    .join(Account, Account.id == PlacementCost.account_id)
    .join(Partner, Partner.id == PlacementCost.partner_id)
    .order_by(PlacementCost.status != CostStatus.TOLD, PlacementCost.id.desc())
)


def collections_of(session: Session, placement_id: int) -> AnyRows:
    """What came in on a placement and what of it went back, in the order of its days."""
    return session.execute(_COLLECTIONS.where(PlacedCollection.placement_id == placement_id)).all()


def unremitted(session: Session, partner_id: int) -> AnyRows:
    """What a partner has collected, or had to give back, that stands in no live remittance; in all currencies."""
    of_it = (PlacedCollection.partner_id == partner_id, PlacedCollection.way == Way.AGENT, _REMITTED_IN.is_(None))
    return session.execute(_COLLECTIONS.where(*of_it)).all()


def unsettled_differences(session: Session, partner_id: int) -> AnyRows:
    """The remittances of which a difference is open that no later one puts right; in all currencies."""
    return session.execute(
        _REMITTANCES.where(
            Remittance.partner_id == partner_id, Remittance.difference == Difference.OPEN, _CORRECTED.is_(None)
        )
    ).all()


def remittances(session: Session, partner_id: int, limit: int = LATEST) -> AnyRows:
    """The latest remittances of a partner."""
    return session.execute(_REMITTANCES.where(Remittance.partner_id == partner_id).limit(limit)).all()


def remittance(session: Session, remittance_id: int) -> AnyRow:
    """A remittance with its partner; NotFound."""
    return _found(session, _REMITTANCES.where(Remittance.id == remittance_id), NO_SUCH_REMITTANCE)


def lines(session: Session, remittance_id: int) -> AnyRows:
    """The lines of a remittance: as stated, and by the card (`card_…`, empty for what puts an earlier one right)."""
    earlier = aliased(Remittance)
    return session.execute(
        select(
            RemittanceLine.amount_minor,
            RemittanceLine.commission_minor,
            RemittanceLine.tax_minor,
            RemittanceLine.corrects_id,
            PlacedCollection.commission_minor.label("card_commission_minor"),
            PlacedCollection.tax_minor.label("card_tax_minor"),
            PlacedCollection.placement_id,
            PlacedCollection.reference,
            PlacedCollection.received_on,
            Account.name.label("account_name"),
            earlier.reference.label("corrects_reference"),
        )
        .outerjoin(PlacedCollection, PlacedCollection.id == RemittanceLine.collection_id)
        .outerjoin(Account, Account.id == PlacedCollection.account_id)
        .outerjoin(earlier, earlier.id == RemittanceLine.corrects_id)
        .where(RemittanceLine.remittance_id == remittance_id)
        .order_by(RemittanceLine.id)
    ).all()


def uninvoiced(session: Session, partner: Partner) -> AnyRows:
    """The collections whose commission a partner can still invoice; in all currencies."""
    return session.execute(_COLLECTIONS.where(to_invoice(partner))).all()


def commission_invoices(session: Session, partner_id: int, limit: int = LATEST) -> AnyRows:
    """The latest invoices of a partner's commission."""
    return session.execute(_INVOICES.where(CommissionInvoice.partner_id == partner_id).limit(limit)).all()


def commission_invoice(session: Session, invoice_id: int) -> AnyRow:
    """An invoice with its partner; NotFound."""
    return _found(session, _INVOICES.where(CommissionInvoice.id == invoice_id), NO_SUCH_INVOICE)


def invoiced(session: Session, invoice_id: int) -> AnyRows:
    """The collections that an invoice is for."""
    wanted = _COLLECTIONS.join(CommissionInvoiceLine, CommissionInvoiceLine.collection_id == PlacedCollection.id)
    return session.execute(wanted.where(CommissionInvoiceLine.commission_invoice_id == invoice_id)).all()


def costs(session: Session, partner_id: int, limit: int = LATEST) -> AnyRows:
    """What a partner has spent: what is to be decided first, then the latest."""
    return session.execute(_COSTS.where(PlacementCost.partner_id == partner_id).limit(limit)).all()


def costs_of(session: Session, placement_id: int) -> AnyRows:
    """What was spent on a placement."""
    return session.execute(_COSTS.where(PlacementCost.placement_id == placement_id)).all()


def cost(session: Session, cost_id: int) -> AnyRow:
    """A cost with its partner and whose debt it is; NotFound."""
    return _found(session, _COSTS.where(PlacementCost.id == cost_id), NO_SUCH_COST)


def payments(session: Session, partner_id: int, limit: int = LATEST) -> AnyRows:
    """The latest payments to a partner."""
    return session.execute(
        select(
            PartnerPayment.id,
            PartnerPayment.currency,
            PartnerPayment.amount_minor,
            PartnerPayment.paid_on,
            PartnerPayment.paid_from,
            PartnerPayment.note,
        )
        .where(PartnerPayment.partner_id == partner_id)
        .order_by(PartnerPayment.id.desc())
        .limit(limit)
    ).all()


def _found(session: Session, wanted: Select[*tuple[Any, ...]], missing: str) -> AnyRow:
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(missing)
    return row
