"""Interest: each late charge with its working: from when to when, on how much, at which rate, how much."""

from __future__ import annotations

from sqlalchemy import select

from domain.evidence.sources import MOST_ROWS, Section, Sources, Table, json_file
from domain.invoicing.model import CreditNote
from domain.late_charges.model import LateCharge
from domain.receivables.model import Invoice
from domain.shared.errors import N_
from domain.shared.money import Money

CHARGE = (
    LateCharge.invoice_id,
    Invoice.number.label("debit_note"),
    CreditNote.number.label("credit_note"),
    LateCharge.kind,
    LateCharge.act,
    LateCharge.through_on,
    LateCharge.currency,
    LateCharge.amount_minor,
    LateCharge.accrued_minor,
    LateCharge.working,
    LateCharge.recorded_at,
)


def section(sources: Sources) -> Section:
    """Every paper of a late charge on the pack's invoices."""
    rows = sources.session.execute(
        select(*CHARGE)
        .join(Invoice, Invoice.id == LateCharge.debit_note_id)
        .outerjoin(CreditNote, CreditNote.id == LateCharge.credit_note_id)
        .where(LateCharge.account_id == sources.account.id, *sources.about(LateCharge.invoice_id))
        .order_by(LateCharge.id)
    ).all()
    if not rows:
        return Section(())
    head = (N_("Invoice"), N_("Debit note"), N_("Credit note"), N_("Through"), N_("Amount"))
    shown = [
        [
            sources.numbers.get(row.invoice_id),
            row.debit_note,
            row.credit_note,
            row.through_on,
            Money(row.amount_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    table = Table(N_("Late charges"), head, 4, shown)
    return Section([json_file("interest/interest.json", sources.records(rows))], (table,))
