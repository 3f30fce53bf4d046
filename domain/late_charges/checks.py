"""Checks: each late charge is over what its paper says, and its working adds up to what had accrued."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import case, select
from sqlalchemy.orm import Session, aliased

from domain.invoicing.model import CreditNote
from domain.late_charges.model import ChargeKind, LateCharge
from domain.late_charges.queries import stretches
from domain.ledger.findings import Finding
from domain.policies.interest import total
from domain.receivables.model import Invoice
from domain.shared.money import half_even

DEBIT_NOTE = aliased(Invoice)
ON_PAPER = case((LateCharge.credit_note_id.is_(None), DEBIT_NOTE.amount_minor), else_=-CreditNote.amount_minor)
CHARGES = (
    select(
        LateCharge.id,
        LateCharge.kind,
        LateCharge.amount_minor,
        LateCharge.accrued_minor,
        LateCharge.working,
        LateCharge.currency,
        ON_PAPER.label("on_paper"),
    )
    .join(DEBIT_NOTE, DEBIT_NOTE.id == LateCharge.debit_note_id)
    .outerjoin(CreditNote, CreditNote.id == LateCharge.credit_note_id)
    .order_by(LateCharge.id)
)


def check_late_charges(session: Session) -> Iterator[Finding]:
    """Every late charge that its debit note, credit note or working contradicts."""
    for row in session.execute(CHARGES):
        if row.amount_minor != row.on_paper:
            words = "a late charge is not over what its paper says"
            yield Finding("late_charge", str(row.id), words, str(row.on_paper), str(row.amount_minor))
        if row.kind is ChargeKind.INTEREST and row.accrued_minor is not None:
            reckoned = half_even(total(stretches(row.working, row.currency)))
            if reckoned != row.accrued_minor:
                words = "the working of a late charge does not add up to what had accrued"
                yield Finding("late_charge_working", str(row.id), words, str(reckoned), str(row.accrued_minor))
