"""Receipts: what a payment that arrived has settled, the same for the screen, the PDF and the email."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.invoicing import granted_discounts
from domain.payments import queries as payments
from domain.payments.means import means_of
from domain.payments.model import PaymentStatus
from domain.receivables import credits
from domain.receivables.model import CreditKind, Invoice
from domain.shared.errors import NotFound
from domain.shared.money import Money
from domain.shared.words import Words


@dataclass(frozen=True, slots=True)
class SettledPart:
    """How much of one invoice the payment settled."""

    invoice_id: int
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class EarnedPart:
    """What an invoice came down by because the payment was early; `note` numbers the credit note of its tax."""

    number: str
    note: str | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received and what became of it. `credit` is what settled nothing and waits on the account, `gone` what
    was paid back, came back or was moved to another account.

    `reference` is the payment's public id; `number` is missing where another system gave the receipt.
    """

    number: str | None
    reference: str
    amount: Money
    received_on: date
    recorded_at: datetime
    means: Words | None
    settled: tuple[SettledPart, ...]
    earned: tuple[EarnedPart, ...]
    credit: Money
    gone: Money
    reversed: bool


def receipt(session: Session, account_id: int, public_id: str) -> Receipt:
    """The receipt of a payment of this account; NotFound for one that has not arrived, or is somebody else's."""
    payment = payments.by_public_id(session, public_id, account_id=account_id)
    if payment.status is not PaymentStatus.SUCCEEDED or not (payment.effective_on and payment.recorded_at):
        raise NotFound(payments.NO_SUCH_PAYMENT)
    settled = tuple(
        SettledPart(row.invoice_id, row.number, Money(row.amount_minor, payment.currency))
        for row in payments.settled(session, public_id)
    )
    gone = credits.gone_from(session, CreditKind.PAYMENT, public_id, payment.currency)
    return Receipt(
        number=payment.receipt_number,
        reference=public_id,
        amount=payment.amount,
        received_on=payment.effective_on,
        recorded_at=payment.recorded_at,
        means=means_of(payment.method, payment.means),
        settled=settled,
        earned=earned_by(session, public_id),
        credit=credits.left_of(session, CreditKind.PAYMENT, public_id, payment.currency),
        gone=Money.sum(gone.values(), payment.currency),
        reversed=payment.voided_at is not None,
    )


def earned_by(session: Session, public_id: str) -> tuple[EarnedPart, ...]:
    """The early discounts that a payment has earned, as far as they stand."""
    standing = granted_discounts.of_payment(session, public_id)
    ids = [found.discount.invoice_id for found in standing]
    rows = session.execute(select(Invoice.id, Invoice.number).where(Invoice.id.in_(ids)))
    numbers = {row.id: row.number for row in rows}
    return tuple(
        EarnedPart(numbers[found.discount.invoice_id], found.discount.number, found.amount) for found in standing
    )
