"""Late failures: payments that were on their way, as a bank debit is for days, and then did not come after all."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.payments.model import WAITING, Payment, PaymentChange, PaymentLine, PaymentStatus
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow, AnyRows

_LATE = (
    select(
        Payment.id,
        Payment.public_id,
        Payment.currency,
        Payment.amount_minor,
        Payment.created_at,
        PaymentChange.at,
        PaymentChange.why,
    )
    .join(Payment, Payment.id == PaymentChange.payment_id)
    .where(
        PaymentChange.before == PaymentStatus.PROCESSING,
        PaymentChange.after.in_({PaymentStatus.FAILED, *WAITING}),
        PaymentChange.why.is_not(None),
    )
    .order_by(PaymentChange.id)
)
"""Each time that a payment did not come after all; `why` is a message id. An automatic one waits for its next try."""


def of_invoice(session: Session, invoice_id: int) -> AnyRows:
    """Each time that money for this invoice was on its way and did not come, the oldest first."""
    meant = select(PaymentLine.payment_id).where(PaymentLine.invoice_id == invoice_id)
    return session.execute(_LATE.where(PaymentChange.payment_id.in_(meant))).all()


def unmended(session: Session, account_id: int, *, since: datetime) -> list[tuple[AnyRow, list[AnyRow]]]:
    """Payments of an account that failed late since then, and which of their invoices are still open, how much.

    One whose invoices have all been settled otherwise is left out.
    """
    failed = {
        row.id: row
        for row in session.execute(
            _LATE.where(
                Payment.account_id == account_id, Payment.status == PaymentStatus.FAILED, PaymentChange.at >= since
            )
        )
    }
    if not failed:
        return []
    opened: dict[int, list[AnyRow]] = defaultdict(list)
    for line in session.execute(
        select(PaymentLine.payment_id, Invoice.id, Invoice.number, Invoice.open_minor)
        .join(Invoice, Invoice.id == PaymentLine.invoice_id)
        .where(PaymentLine.payment_id.in_(failed.keys()), Invoice.open_minor > 0)
        .order_by(Invoice.due_on, Invoice.id)
    ):
        opened[line.payment_id].append(line)
    return [(failed[number], opened[number]) for number in failed if number in opened]
