"""Recording: post money that has arrived, and what the processor then did with it; each event once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, PostedEntry, credit, debit
from domain.payments import changing
from domain.payments.model import BALANCE_TRANSACTIONS, Payment, PaymentLine, PaymentStatus
from domain.payments.processor import Movement
from domain.receivables import allocating
from domain.receivables.model import CreditItem, CreditKind, Invoice
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import business, now
from domain.shared.money import Money


class AmountMismatch(Exception):
    """The processor reports another amount or currency than we asked for: never posted, a person has to look."""


@dataclass(frozen=True, slots=True)
class Received:
    """Money that arrived for a payment, as the processor reports it."""

    amount: Money
    occurred_at: datetime
    intent_id: str | None
    charge_id: str | None
    means: str | None


def record(session: Session, account: Account, payment: Payment, received: Received, *, actor: Actor) -> PostedEntry:
    """Post a success to the locked account: receipts awaiting settlement against the receivable.

    The caller has checked, under the lock, that `recorded_at` is empty. Raises AmountMismatch.
    """
    if received.amount != payment.amount:
        raise AmountMismatch(f"payment {payment.public_id}: asked for {payment.amount}, got {received.amount}")
    payment.intent_id = received.intent_id or payment.intent_id
    payment.charge_id = received.charge_id
    payment.means = received.means
    payment.failure = None
    payment.occurred_at = received.occurred_at
    payment.recorded_at = now(session)
    changing.change(session, payment, PaymentStatus.SUCCEEDED, actor=actor)
    changing.release_claims(session, payment)
    entry = ledger.post(
        session,
        kind=EntryKind.CARD_PAYMENT,
        source=f"payment:{payment.public_id}",
        effective_on=day_in(received.occurred_at, business(session).time_zone),
        legs=[
            debit(LedgerAccount.AWAITING_SETTLEMENT, payment.amount),
            credit(LedgerAccount.RECEIVABLE, payment.amount, account_id=account.id),
        ],
    )
    payment.effective_on = entry.effective_on
    return entry


def apply_instruction(session: Session, account: Account, payment: Payment) -> CreditItem:
    """Turn the payment into credit and settle what the payer named; what those invoices cannot take stays credit."""
    assert payment.effective_on is not None
    item = allocating.add_credit(
        session,
        account,
        kind=CreditKind.PAYMENT,
        source=payment.public_id,
        amount=payment.amount,
        effective_on=payment.effective_on,
    )
    named = session.execute(
        select(Invoice, PaymentLine.amount_minor)
        .join(PaymentLine, PaymentLine.invoice_id == Invoice.id)
        .where(PaymentLine.payment_id == payment.id)
        .order_by(Invoice.due_on, Invoice.id)
        .execution_options(populate_existing=True)
    )
    for invoice, minor in named.all():
        allocating.apply_upto(session, item, invoice, Money(minor, payment.currency))
    return item


def settle(
    session: Session, origin: LedgerAccount, movement: Movement, gross: Money, *, payment: Payment | None = None
) -> bool:
    """Book what the processor did with a charge: gross out of `origin`, its fee taken; True if that was new.

    The origin is what awaits settlement, or where money stands that is not one of our payments. `gross` is the charge
    in the payer's currency; the movement may be in another one, then it passes through currency exchange.
    """
    row = {
        "external_id": movement.external_id,
        "category": movement.category,
        "source_ref": movement.source_ref,
        "payment_id": payment.id if payment else None,
        "currency": movement.amount.currency,
        "amount_minor": movement.amount.minor,
        "fee_minor": movement.fee.minor,
        "net_minor": (movement.amount - movement.fee).minor,
        "created_at": movement.created_at,
        "available_on": movement.available_on,
        "recorded_at": now(session),
    }
    if insert_if_new(session, BALANCE_TRANSACTIONS, ("external_id",), row) is None:
        return False
    if payment is not None:
        payment.settled_at = now(session)
    same_currency = movement.amount.currency == gross.currency
    legs = [
        debit(LedgerAccount.CARD_CLEARING, movement.amount),
        debit(LedgerAccount.PROCESSOR_FEES, movement.fee),
        credit(LedgerAccount.CARD_CLEARING, movement.fee),
    ]
    if same_currency:
        legs.append(credit(origin, movement.amount))
    else:
        legs.append(credit(origin, gross))
        legs.append(debit(LedgerAccount.CURRENCY_EXCHANGE, gross))
        legs.append(credit(LedgerAccount.CURRENCY_EXCHANGE, movement.amount))
    ledger.post(
        session,
        kind=EntryKind.SETTLEMENT if origin is LedgerAccount.AWAITING_SETTLEMENT else EntryKind.FOREIGN_RECEIPT,
        source=f"balance_transaction:{movement.external_id}",
        effective_on=day_in(movement.created_at, business(session).time_zone),
        legs=legs,
        stream=f"processor:{movement.amount.currency.lower()}",
    )
    return True
