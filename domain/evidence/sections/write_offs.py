"""Write-offs: what was written off and what came in for it, for staff; for customers what was given up for good."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from domain.evidence.sections.parts import OURS, by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table, json_file
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.write_offs.model import (
    WRITE_OFF_NAMES,
    Recovery,
    TaxRelief,
    WriteOff,
    WriteOffChange,
    WriteOffStatus,
)

WRITE_OFF = (
    WriteOff.id,
    WriteOff.invoice_id,
    WriteOff.kind,
    WriteOff.status,
    WriteOff.currency,
    WriteOff.amount_minor,
    WriteOff.tax_minor,
    WriteOff.left_minor,
    WriteOff.reason,
    WriteOff.proposed_at,
    WriteOff.written_on,
    WriteOff.released_on,
    WriteOff.ended_at,
)
BETWEEN_US = (*OURS, "kind", "amount_minor", "tax_minor", "proposed_at", "written_on")
"""What is in our books alone: a customer gets what of theirs was given up, and when."""
CHANGE = (
    WriteOffChange.write_off_id,
    WriteOffChange.before,
    WriteOffChange.after,
    WriteOffChange.at,
    WriteOffChange.actor_kind,
    WriteOffChange.actor_id,
    WriteOffChange.why,
)
RECOVERY = (Recovery.write_off_id, Recovery.amount_minor, Recovery.relief_minor, Recovery.effective_on)
RELIEF = (TaxRelief.write_off_id, TaxRelief.amount_minor, TaxRelief.of_minor, TaxRelief.relieved_on)


def section(sources: Sources) -> Section:
    """Every write-off of the pack's invoices; for a customer those alone that stand given up for good."""
    where: list[ColumnElement[bool]] = [
        WriteOff.account_id == sources.account.id,
        *sources.about(WriteOff.invoice_id),
    ]
    if not sources.for_staff:
        where.append(WriteOff.status == WriteOffStatus.RELEASED)
    ids = select(WriteOff.id).where(*where)
    rows = sources.rows(*WRITE_OFF, where=where, order=WriteOff.id)
    if not rows:
        return Section(())
    parts = {}
    if sources.for_staff:
        parts = {
            "changes": by_owner(sources, CHANGE, ids),
            "recoveries": by_owner(sources, RECOVERY, ids),
            "tax_relief": by_owner(sources, RELIEF, ids),
        }
    files: list[File] = [json_file("write_offs/write_offs.json", put_together(sources, rows, parts, ours=BETWEEN_US))]
    shown = [
        [
            row.released_on or row.written_on or row.proposed_at.date(),
            Words.of(WRITE_OFF_NAMES[row.status]),
            Money(row.left_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    head = (N_("Day"), N_("State"), N_("What stands"))
    return Section(files, (Table(N_("Debts that were written off"), head, 2, shown, wide=1),))
