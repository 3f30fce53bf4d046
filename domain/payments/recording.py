"""Recording: post money that has arrived, each payment once, and settle what it was meant for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, PostedEntry, credit, debit
from domain.payments import changing, discount_quotes
from domain.payments.model import Payment, PaymentLine, PaymentStatus
from domain.receivables import allocating
from domain.receivables.allocating import Limit
from domain.receivables.model import CreditItem, CreditKind, Invoice
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business, now
from domain.shared.money import Money


class AmountMismatch(Exception):
    """The processor reports another amount or currency than we asked for: never posted, a person has to look."""


@dataclass(frozen=True, slots=True)
class Received:
    """Money that arrived for a payment: what the processor reports, or a bank statement, or what staff hold in hand.

    `debited` says where the money stands now and `kind` how it is posted; by default it is the processor's.
    """

    amount: Money
    occurred_at: datetime
    intent_id: str | None = None
    charge_id: str | None = None
    means: str | None = None
    debited: LedgerAccount = LedgerAccount.AWAITING_SETTLEMENT
    kind: EntryKind = EntryKind.CARD_PAYMENT


def record(session: Session, account: Account, payment: Payment, received: Received, *, actor: Actor) -> PostedEntry:
    """Post a success to the locked account: where the money stands against the receivable.

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
        kind=received.kind,
        source=f"payment:{payment.public_id}",
        effective_on=day_in(received.occurred_at, business(session).time_zone),
        legs=[
            debit(received.debited, payment.amount),
            credit(LedgerAccount.RECEIVABLE, payment.amount, account_id=account.id),
        ],
    )
    payment.effective_on = entry.effective_on
    return entry


def settle(session: Session, account: Account, payment: Payment, *, limits: Sequence[Limit] = ()) -> CreditItem:
    """Turn the payment into credit and settle what the payer named; without a word of theirs, the oldest due first.

    What the named invoices cannot take stays credit: an instruction is not stretched. An invoice takes no more than is
    enough where the payment earns an early discount on it: the rest of it is left open for the discount. Nor does it
    take more than its limit.
    """
    assert payment.effective_on is not None
    item = allocating.add_credit(
        session,
        account,
        kind=CreditKind.PAYMENT,
        source=payment.public_id,
        amount=payment.amount,
        effective_on=payment.effective_on,
    )
    wanted = _named(session, payment) or [
        (invoice, invoice.open) for invoice in allocating.open_in_order(session, account.id)
    ]
    offers = discount_quotes.kept(session, account, payment, [invoice.id for invoice, _ in wanted])
    for invoice, amount in wanted:
        paid, offer = min(amount, invoice.open, item.unapplied), offers.get(invoice.id)
        enough = invoice.open - offer.earned_by(paid) if offer else invoice.open
        allocating.apply_upto(session, item, invoice, allocating.within(limits, invoice.id, min(paid, enough)))
    return item


def _named(session: Session, payment: Payment) -> list[tuple[Invoice, Money]]:
    rows = session.execute(
        select(Invoice, PaymentLine.amount_minor)
        .join(PaymentLine, PaymentLine.invoice_id == Invoice.id)
        .where(PaymentLine.payment_id == payment.id)
        .order_by(Invoice.due_on, Invoice.id)
        .execution_options(populate_existing=True)
    )
    return [(invoice, Money(minor, payment.currency)) for invoice, minor in rows]
