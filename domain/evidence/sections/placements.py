"""Placements: which debts were handed to whom, every change of their state, and what our criteria said, for staff."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from domain.evidence.sections.parts import OURS, by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table, json_file
from domain.placements.model import (
    PARTNER_KINDS,
    PLACEMENT_NAMES,
    Partner,
    Placement,
    PlacementChange,
    PlacementInvoice,
    PlacementStatus,
)
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

BETWEEN_US = (*OURS, "findings", "rate_bp", "turn", "proposed_minor", "proposed_at", "returns_on", "closing")
"""What is between us and the partner, or how we came to it: a customer gets who had what of theirs, and when."""
UNSEEN = frozenset(
    {PlacementStatus.PROPOSED, PlacementStatus.APPROVED, PlacementStatus.DECLINED, PlacementStatus.DROPPED}
)
"""The states in which nobody outside knows of it, and so no change to one is the customer's to read."""
PLACEMENT = (
    Placement.id,
    Partner.name.label("partner"),
    Partner.kind.label("partner_kind"),
    Placement.currency,
    Placement.status,
    Placement.closing,
    Placement.turn,
    Placement.reason,
    Placement.findings,
    Placement.proposed_minor,
    Placement.proposed_at,
    Placement.rate_bp,
    Placement.placed_minor,
    Placement.sent_at,
    Placement.returns_on,
    Placement.ended_at,
)
PLACEMENT_INVOICE = (
    PlacementInvoice.placement_id,
    PlacementInvoice.invoice_id,
    PlacementInvoice.part,
    PlacementInvoice.proposed_minor,
    PlacementInvoice.placed_minor,
)
PLACEMENT_CHANGE = (
    PlacementChange.placement_id,
    PlacementChange.before,
    PlacementChange.after,
    PlacementChange.at,
    PlacementChange.actor_kind,
    PlacementChange.actor_id,
    PlacementChange.why,
)


def section(sources: Sources) -> Section:
    """Every placement of the pack's invoices; for a customer only what somebody took on, without what is ours."""
    where: list[ColumnElement[bool]] = [Placement.account_id == sources.account.id]
    if sources.invoice_ids is not None:
        about = select(PlacementInvoice.placement_id).where(*sources.about(PlacementInvoice.invoice_id))
        where.append(Placement.id.in_(about))
    if not sources.for_staff:
        where.append(_was_taken())
    ids = select(Placement.id).where(*where)
    wanted = select(*PLACEMENT).join(Partner, Partner.id == Placement.partner_id)
    rows = sources.session.execute(wanted.where(*where).order_by(Placement.id)).all()
    if not rows:
        return Section(())
    changes = by_owner(sources, PLACEMENT_CHANGE, ids)
    invoices = by_owner(sources, PLACEMENT_INVOICE, ids, ours=BETWEEN_US)
    if not sources.for_staff:
        changes = {owner: [one for one in each if one["after"] not in UNSEEN] for owner, each in changes.items()}
        invoices = {owner: [one for one in each if one["placed_minor"] is not None] for owner, each in invoices.items()}
    parts = {"invoices": invoices, "changes": changes}
    files: list[File] = [json_file("placements/placements.json", put_together(sources, rows, parts, ours=BETWEEN_US))]
    shown = [
        [
            None if row.sent_at is None else row.sent_at.date(),
            row.partner,
            Words.of(PARTNER_KINDS[row.partner_kind]),
            Words.of(PLACEMENT_NAMES[row.status]),
            None if row.placed_minor is None else Money(row.placed_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    head = (N_("Sent"), N_("To whom"), N_("Kind"), N_("State"), N_("Amount"))
    return Section(files, (Table(N_("Debts that were handed over"), head, 4, shown, wide=1),))


def _was_taken() -> ColumnElement[bool]:
    """Whether a partner ever acted on it: what was only proposed, or refused, is nobody's but ours."""
    taken = select(PlacementChange.placement_id).where(PlacementChange.after == PlacementStatus.ACTIVE)
    return Placement.id.in_(taken)
