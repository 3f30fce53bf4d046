"""Checks: what is before a court is held from being chased, and what a case has brought adds up."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from domain.ledger.findings import Finding
from domain.legal_cases.model import BEFORE_COURT, CaseInvoice, CaseNote, CaseOutcome, LegalCase
from domain.receivables.model import Invoice
from domain.stops.model import Stop, StopKind, StopLift

PARTS = union_all(
    select(CaseInvoice.case_id, CaseInvoice.invoice_id), select(CaseNote.case_id, CaseNote.invoice_id)
).subquery("case_part")
HELD = (
    select(Stop.source, Stop.invoice_id)
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .where(Stop.kind == StopKind.JUDGMENT, StopLift.id.is_(None))
    .distinct()
)
SUMS = (
    select(LegalCase.id, LegalCase.claimed_minor, func.sum(CaseInvoice.claimed_minor).label("minor"))
    .join(CaseInvoice, CaseInvoice.case_id == LegalCase.id)
    .group_by(LegalCase.id, LegalCase.claimed_minor)
)
PAID = (
    select(LegalCase.id, func.sum(Invoice.open_minor).label("minor"))
    .join(PARTS, PARTS.c.case_id == LegalCase.id)
    .join(Invoice, Invoice.id == PARTS.c.invoice_id)
    .where(LegalCase.outcome == CaseOutcome.PAID)
    .group_by(LegalCase.id)
    .having(func.sum(Invoice.open_minor) > 0)
)


def check_legal_cases(session: Session) -> Iterator[Finding]:
    """Every case that holds too little, claims another sum than its invoices, or is closed as paid and is not."""
    held = {(row.source, row.invoice_id) for row in session.execute(HELD)}
    should = session.execute(
        select(LegalCase.id, PARTS.c.invoice_id)
        .join(PARTS, PARTS.c.case_id == LegalCase.id)
        .where(LegalCase.status.in_(BEFORE_COURT))
        .order_by(LegalCase.id, PARTS.c.invoice_id)
    )
    for row in should:
        if (f"legal_case:{row.id}", row.invoice_id) not in held:
            words = "an invoice is before a court and not held from being chased"
            yield Finding("case_stops", f"legal_case:{row.id}", words, str(row.invoice_id), "")
    for row in session.execute(SUMS):
        if row.claimed_minor != int(row.minor):
            words = "the invoices of a case do not add up to what it claims"
            yield Finding("case_sum", str(row.id), words, str(row.claimed_minor), str(row.minor))
    for row in session.execute(PAID):
        yield Finding("case_paid", str(row.id), "a case is closed as paid and is open still", "0", str(row.minor))
