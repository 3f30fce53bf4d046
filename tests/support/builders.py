"""Builders: accounts, invoices and receipts in one line each, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.accounts.opening import open_account
from domain.invoicing.issuing import NewLine, issue
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit, post
from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.receivables.allocating import add_credit, apply
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import end_of_day
from domain.shared.db.session import business, now
from domain.shared.ids import new_public_id
from domain.shared.money import Money

_numbers = count(1)


def money(amount: str, currency: str = "GBP") -> Money:
    """An amount, in pounds unless said otherwise."""
    return Money.of(amount, currency)


def an_account(
    session: Session,
    *,
    number: str | None = None,
    name: str = "Harbour Café Ltd",
    currency: str = "GBP",
    **more: object,
) -> Account:
    """An account with terms of 30 days."""
    return open_account(
        session,
        number=number or f"A-{next(_numbers)}",
        name=name,
        currency=currency,
        actor=OPERATOR,
        **more,  # type: ignore[arg-type]
    )


def an_invoice(
    session: Session,
    account: Account,
    amount: str,
    *,
    tax: str = "0",
    issued_on: date | None = None,
    due_on: date | None = None,
    number: str | None = None,
) -> Invoice:
    """An issued invoice of one line that comes to `amount`, of which `tax` is tax."""
    of_which_tax = money(tax, account.currency)
    line = NewLine("Goods as ordered", money(amount, account.currency) - of_which_tax, of_which_tax)
    return issue(session, account, [line], actor=OPERATOR, issued_on=issued_on, due_on=due_on, number=number)


def a_receipt(session: Session, account: Account, amount: str, on: date, *invoices: Invoice) -> Payment:
    """Money that came on that day outside the processor; it settles the invoices in turn, the rest is credit."""
    received = money(amount, account.currency)
    payment = Payment(
        public_id=new_public_id(now(session)),
        account_id=account.id,
        method=PaymentMethod.IMPORTED,
        status=PaymentStatus.SUCCEEDED,
        currency=account.currency,
        amount_minor=received.minor,
        created_at=now(session),
        occurred_at=end_of_day(on, business(session).time_zone) - timedelta(hours=12),
        effective_on=on,
        recorded_at=now(session),
    )
    session.add(payment)
    session.flush()
    post(
        session,
        kind=EntryKind.IMPORTED_RECEIPT,
        source=f"payment:{payment.public_id}",
        effective_on=on,
        legs=[
            debit(LedgerAccount.IMPORTED_RECEIPTS, received),
            credit(LedgerAccount.RECEIVABLE, received, account_id=account.id),
        ],
    )
    item = add_credit(
        session, account, kind=CreditKind.PAYMENT, source=payment.public_id, amount=received, effective_on=on
    )
    for given in invoices:
        invoice = session.get_one(Invoice, given.id)
        apply(session, item, invoice, min(invoice.open, item.unapplied))
    return payment


def live_allocations(session: Session, invoice: Invoice) -> list[Allocation]:
    """The allocations of an invoice that have not been taken back."""
    undone = select(Allocation.reverses_id).where(Allocation.reverses_id.is_not(None))
    wanted = select(Allocation).where(Allocation.invoice_id == invoice.id, Allocation.amount_minor > 0)
    return list(session.scalars(wanted.where(Allocation.id.not_in(undone)).order_by(Allocation.id)))


def take_back(session: Session, allocation: Allocation, *, effective_on: date) -> None:
    """Undo one allocation: the invoice opens again and the credit is free again, from that day."""
    item = session.get_one(CreditItem, allocation.credit_item_id)
    invoice = session.get_one(Invoice, allocation.invoice_id)
    item.unapplied_minor += allocation.amount_minor
    invoice.open_minor += allocation.amount_minor
    session.add(
        Allocation(
            account_id=allocation.account_id,
            credit_item_id=item.id,
            invoice_id=invoice.id,
            amount_minor=-allocation.amount_minor,
            effective_on=effective_on,
            recorded_at=now(session),
            reverses_id=allocation.id,
        )
    )
    session.flush()
