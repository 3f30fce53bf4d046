"""Settlements: each offer to settle for less, what became of it, and the letter that says that nothing more is owed."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select

from domain.documents.model import DOCUMENTS
from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table, json_file
from domain.settlements.model import (
    OFFER_NAMES,
    OfferChange,
    OfferInvoice,
    OfferPart,
    OfferStatus,
    SettlementOffer,
)
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

OFFER = (
    SettlementOffer.id,
    SettlementOffer.currency,
    SettlementOffer.status,
    SettlementOffer.open_minor,
    SettlementOffer.amount_minor,
    SettlementOffer.expires_on,
    SettlementOffer.reason,
    SettlementOffer.made_at,
    SettlementOffer.accepted_on,
    SettlementOffer.login_id,
    SettlementOffer.ended_at,
)
OFFER_INVOICE = (OfferInvoice.offer_id, OfferInvoice.invoice_id, OfferInvoice.open_minor)
OFFER_PART = (OfferPart.offer_id, OfferPart.number, OfferPart.due_on, OfferPart.amount_minor)
OFFER_CHANGE = (
    OfferChange.offer_id,
    OfferChange.before,
    OfferChange.after,
    OfferChange.at,
    OfferChange.actor_kind,
    OfferChange.actor_id,
    OfferChange.why,
)


def section(sources: Sources) -> Section:
    """Every offer over the pack's invoices."""
    where: list[ColumnElement[bool]] = [SettlementOffer.account_id == sources.account.id]
    if sources.invoice_ids is not None:
        about = select(OfferInvoice.offer_id).where(*sources.about(OfferInvoice.invoice_id))
        where.append(SettlementOffer.id.in_(about))
    if not sources.for_staff:
        where.append(_was_made())
    ids = select(SettlementOffer.id).where(*where)
    rows = sources.rows(*OFFER, where=where, order=SettlementOffer.id)
    if not rows:
        return Section(())
    parts = {
        "invoices": by_owner(sources, OFFER_INVOICE, ids),
        "parts": by_owner(sources, OFFER_PART, ids),
        "changes": by_owner(sources, OFFER_CHANGE, ids),
    }
    files: list[File] = [json_file("settlements/settlements.json", put_together(sources, rows, parts))]
    letters = and_(DOCUMENTS.c.subject_kind == "offer", DOCUMENTS.c.subject_id.in_(ids))
    files += sources.documents("settlements", letters)
    shown = [
        [
            row.made_at.date(),
            Words.of(OFFER_NAMES[row.status]),
            Money(row.open_minor, row.currency),
            Money(row.amount_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    head = (N_("Made"), N_("State"), N_("Open then"), N_("To be paid"))
    return Section(files, (Table(N_("Settlements"), head, 2, shown, wide=1),))


def _was_made() -> ColumnElement[bool]:
    """Whether the customer was ever made this offer: what was not approved is nobody's but ours."""
    made = select(OfferChange.offer_id).where(OfferChange.after == OfferStatus.OFFERED)
    return SettlementOffer.id.in_(made)
