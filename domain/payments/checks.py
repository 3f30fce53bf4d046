"""Checks: each payment that succeeded stands in the books once, with its credit and without claims."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from domain.ledger.findings import Finding
from domain.ledger.model import ENTRIES
from domain.ledger.posting import EntryKind
from domain.payments.model import BY_HAND, BY_PROCESSOR, Payment, PaymentClaim, PaymentMethod, PaymentStatus
from domain.receivables.model import CreditItem, CreditKind

ENTRIES_OF = {
    BY_PROCESSOR: (EntryKind.CARD_PAYMENT,),
    BY_HAND: (EntryKind.RECORDED_RECEIPT, EntryKind.BANK_RECEIPT, EntryKind.RECEIPT_IDENTIFIED),
    frozenset({PaymentMethod.IMPORTED}): (EntryKind.IMPORTED_RECEIPT,),
    frozenset({PaymentMethod.AGENT}): (EntryKind.AGENT_COLLECTION,),
}
"""By which entries, one each, payments of which methods are posted."""
UNLIKE_ENTRIES = [
    select(Payment.public_id, Payment.status)
    .outerjoin(ENTRIES, (ENTRIES.c.source == literal("payment:").concat(Payment.public_id)) & ENTRIES.c.kind.in_(kinds))
    .where(Payment.method.in_(methods), (Payment.status == PaymentStatus.SUCCEEDED) != (ENTRIES.c.id.is_not(None)))
    .order_by(Payment.id)
    for methods, kinds in ENTRIES_OF.items()
]
UNLIKE_CREDIT = (
    select(Payment.public_id, Payment.amount_minor, CreditItem.amount_minor.label("credit"))
    .outerjoin(CreditItem, (CreditItem.source == Payment.public_id) & (CreditItem.kind == CreditKind.PAYMENT))
    .where(
        Payment.status == PaymentStatus.SUCCEEDED,
        (CreditItem.id.is_(None)) | (CreditItem.amount_minor != Payment.amount_minor),
    )
    .order_by(Payment.id)
)
STILL_CLAIMED = (
    select(PaymentClaim.invoice_id, Payment.public_id, Payment.status)
    .join(Payment, Payment.id == PaymentClaim.payment_id)
    .where(
        PaymentClaim.released_at.is_(None),
        Payment.status.in_((PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CANCELED)),
    )
    .order_by(PaymentClaim.id)
)


def check_payments(session: Session) -> Iterator[Finding]:
    """Everything that does not add up between payments, their entries, their credit, and the processor's balance."""
    yield from _entries(session)
    yield from _credit(session)
    yield from _claims(session)


def _entries(session: Session) -> Iterator[Finding]:
    for unlike in UNLIKE_ENTRIES:
        for row in session.execute(unlike):
            words = f"a payment that is {row.status} does not agree with whether the ledger has its entry"
            yield Finding("payment_entry", f"payment:{row.public_id}", words, "one entry a success", row.status.value)


def _credit(session: Session) -> Iterator[Finding]:
    for row in session.execute(UNLIKE_CREDIT):
        words = "a payment's credit is not what it brought"
        yield Finding("payment_credit", f"payment:{row.public_id}", words, str(row.amount_minor), str(row.credit))


def _claims(session: Session) -> Iterator[Finding]:
    for row in session.execute(STILL_CLAIMED):
        words = f"an invoice is still claimed by a payment that is {row.status}"
        yield Finding("claim", f"payment:{row.public_id}", words, "released", f"claims invoice {row.invoice_id}")
