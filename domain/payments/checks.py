"""Checks: each payment that succeeded stands in the books once, and clearing is what the processor booked."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.posting import EntryKind
from domain.payments.model import BalanceTransaction, Payment, PaymentClaim, PaymentMethod, PaymentStatus
from domain.receivables.model import CreditItem, CreditKind

ENTRY_OF = {PaymentMethod.CHECKOUT: EntryKind.CARD_PAYMENT, PaymentMethod.IMPORTED: EntryKind.IMPORTED_RECEIPT}
"""Which entry a payment of each method is posted by."""


def check_payments(session: Session) -> Iterator[Finding]:
    """Everything that does not add up between payments, their entries, their credit, and the processor's balance."""
    yield from _entries(session)
    yield from _credit(session)
    yield from _clearing(session)
    yield from _claims(session)


def _entries(session: Session) -> Iterator[Finding]:
    for method, kind in ENTRY_OF.items():
        source = literal("payment:").concat(Payment.public_id)
        rows = session.execute(
            select(Payment.public_id, Payment.status)
            .outerjoin(ENTRIES, (ENTRIES.c.source == source) & (ENTRIES.c.kind == kind.value))
            .where(
                Payment.method == method,
                (Payment.status == PaymentStatus.SUCCEEDED) != (ENTRIES.c.id.is_not(None)),
            )
            .order_by(Payment.id)
        )
        for row in rows:
            words = f"a payment that is {row.status} does not agree with whether the ledger has its entry"
            yield Finding("payment_entry", f"payment:{row.public_id}", words, "one entry a success", row.status.value)


def _credit(session: Session) -> Iterator[Finding]:
    rows = session.execute(
        select(Payment.public_id, Payment.amount_minor, CreditItem.amount_minor.label("credit"))
        .outerjoin(CreditItem, (CreditItem.source == Payment.public_id) & (CreditItem.kind == CreditKind.PAYMENT))
        .where(
            Payment.status == PaymentStatus.SUCCEEDED,
            (CreditItem.id.is_(None)) | (CreditItem.amount_minor != Payment.amount_minor),
        )
        .order_by(Payment.id)
    )
    for row in rows:
        words = "a payment's credit is not what it brought"
        yield Finding("payment_credit", f"payment:{row.public_id}", words, str(row.amount_minor), str(row.credit))


def _clearing(session: Session) -> Iterator[Finding]:
    reported = dict(
        session.execute(
            select(BalanceTransaction.currency, func.sum(BalanceTransaction.net_minor)).group_by(
                BalanceTransaction.currency
            )
        ).all()
    )
    posted = dict(
        session.execute(
            select(POSTINGS.c.currency, func.sum(POSTINGS.c.amount))
            .where(POSTINGS.c.ledger_account == LedgerAccount.CARD_CLEARING.value)
            .group_by(POSTINGS.c.currency)
        ).all()
    )
    for currency in sorted(reported.keys() | posted.keys()):
        expected, found = int(reported.get(currency, 0)), int(posted.get(currency, 0))
        if expected != found:
            words = "card clearing is not the sum of what the processor booked"
            yield Finding("clearing", f"processor:{currency.lower()}", words, str(expected), str(found))


def _claims(session: Session) -> Iterator[Finding]:
    ended = (PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CANCELED)
    rows = session.execute(
        select(PaymentClaim.invoice_id, Payment.public_id, Payment.status)
        .join(Payment, Payment.id == PaymentClaim.payment_id)
        .where(PaymentClaim.released_at.is_(None), Payment.status.in_(ended))
        .order_by(PaymentClaim.id)
    )
    for row in rows:
        words = f"an invoice is still claimed by a payment that is {row.status}"
        yield Finding("claim", f"payment:{row.public_id}", words, "released", f"claims invoice {row.invoice_id}")
