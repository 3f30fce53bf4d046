"""Delay: how many days late an account pays, weighted by amount, for the scorecard."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.receivables.due_days import ORIGINAL_DUE_ON
from domain.receivables.model import Allocation, Extension, Invoice, InvoiceKind
from domain.shared.db.session import today

LOOKED_BACK = timedelta(days=365)
TENTH = Decimal("0.1")


def weighted_delay(session: Session, account_id: int) -> Decimal | None:
    """Σ(amount × max(0, days late)) ÷ Σ amount over what was settled in the past year, to a tenth of a day.

    None where nothing was. What was taken back counts against what it took back.
    """
    rows = session.execute(
        select(Allocation.amount_minor, Allocation.effective_on, ORIGINAL_DUE_ON.label("due_on"))
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .outerjoin(Extension, Extension.invoice_id == Invoice.id)
        .where(
            Allocation.account_id == account_id,
            Allocation.effective_on >= today(session) - LOOKED_BACK,
            Invoice.kind == InvoiceKind.INVOICE,
        )
    ).all()
    settled: int = sum(row.amount_minor for row in rows)
    if settled <= 0:
        return None
    late: int = sum(row.amount_minor * max(0, (row.effective_on - row.due_on).days) for row in rows)
    return (Decimal(max(0, late)) / settled).quantize(TENTH)
