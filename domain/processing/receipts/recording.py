"""Recording receipts: money that came by cheque, cash or transfer is posted and settles what it was meant for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.advices import telling as advices
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind
from domain.payments import changing
from domain.payments.model import TOLD, Payment, PaymentLine, PaymentMethod, PaymentStatus, ReceiptSlip
from domain.payments.recording import Received
from domain.processing.money import money_arrived
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.clock import start_of_day
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Invalid
from domain.shared.ids import new_public_id
from domain.shared.money import Money

LONGEST_MEANS = 80
"""Characters of a receipt's reference that its payment bears."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is known of money that came outside the processor; the amount in the account's currency.

    `wanted` says how much of it is for which invoice, where the payer said so.
    """

    method: PaymentMethod
    amount: Money
    received_on: date
    reference: str | None = None
    note: str | None = None
    wanted: Mapping[int, Money] | None = None


def record_receipt(
    session: Session,
    account_id: int,
    slip: Slip,
    *,
    actor: Actor,
    debited: LedgerAccount = LedgerAccount.RECEIPTS_TO_BANK,
    kind: EntryKind = EntryKind.RECORDED_RECEIPT,
    mail_receipt: bool = True,
) -> Payment:
    """Post money that came by cheque, cash or transfer, and settle what it was meant for, else the oldest due first.

    Money that a bank statement shows goes straight to the bank, and what a partner collected is due from it (`debited`,
    `kind`): nothing of that is still to be banked. Raises Invalid beside the field.
    """
    account = accounts.lock(session, account_id)
    check_slip(session, account_id, account.currency, slip)
    payment = Payment(
        public_id=new_public_id(now(session)),
        account_id=account_id,
        method=slip.method,
        status=PaymentStatus.PENDING,
        currency=account.currency,
        amount_minor=slip.amount.minor,
        created_at=now(session),
    )
    session.add(payment)
    session.flush()
    changing.note(session, payment, None, actor=actor)
    for invoice_id, amount in (slip.wanted or {}).items():
        session.add(PaymentLine(payment_id=payment.id, invoice_id=invoice_id, amount_minor=amount.minor))
    session.add(
        ReceiptSlip(
            payment_id=payment.id,
            received_on=slip.received_on,
            reference=slip.reference,
            note=slip.note,
            banked_on=slip.received_on if debited is not LedgerAccount.RECEIPTS_TO_BANK else None,
        )
    )
    session.flush()
    received = Received(
        amount=slip.amount,
        occurred_at=start_of_day(slip.received_on, business(session).time_zone),
        means=(slip.reference or "")[:LONGEST_MEANS] or None,
        debited=debited,
        kind=kind,
    )
    arrived = money_arrived(session, payment.id, received, actor=actor, mail_receipt=mail_receipt)
    if slip.wanted:
        advices.came(session, account_id, slip.wanted, payment.public_id)
    return arrived


def check_slip(session: Session, account_id: int, currency: str, slip: Slip) -> None:
    """Raise Invalid, beside its field, for what cannot have been received on an account in this currency."""
    if slip.method not in TOLD:
        raise ValueError(f"{slip.method} is not recorded by hand")
    if slip.amount.currency != currency:
        raise Invalid(N_("This account is kept in {currency}."), field="amount", currency=currency)
    if slip.amount.minor <= 0:
        raise Invalid(N_("Enter how much was received."), field="amount")
    if slip.received_on > today(session):
        raise Invalid(N_("Enter the day on which it was received; that cannot be in the future."), field="received_on")
    wanted = slip.wanted or {}
    if Money.sum(wanted.values(), currency) > slip.amount:
        raise Invalid(N_("The invoices add up to more than was received."), field="amount")
    for invoice in receivables.invoices(session, account_id, wanted):
        if wanted[invoice.id].minor <= 0:
            raise Invalid(
                N_("Enter how much of invoice {number} was paid."), field=f"amount-{invoice.id}", number=invoice.number
            )
