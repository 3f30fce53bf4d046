"""Allocating: which credit settles which invoice; open amounts change only here, under the account's lock."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice, InvoiceStatus
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money


def add_credit(
    session: Session, account: Account, *, kind: CreditKind, source: str, amount: Money, effective_on: date
) -> CreditItem:
    """Record money or credit that has come to the account, none of it allocated yet."""
    item = CreditItem(
        account_id=account.id,
        kind=kind,
        source=source,
        currency=amount.currency,
        amount_minor=amount.minor,
        unapplied_minor=amount.minor,
        effective_on=effective_on,
        recorded_at=now(session),
    )
    session.add(item)
    session.flush()
    return item


def apply(
    session: Session, item: CreditItem, invoice: Invoice, amount: Money, *, effective_on: date | None = None
) -> Allocation:
    """Settle `amount` of the invoice from the credit item; Conflict when either has less than that left."""
    if item.account_id != invoice.account_id or invoice.status is not InvoiceStatus.ISSUED:
        raise Conflict(N_("Invoice {number} cannot be settled by this credit."), number=invoice.number)
    if amount > item.unapplied or amount > invoice.open:
        raise Conflict(N_("Only {open} is open on invoice {number}."), open=invoice.open, number=invoice.number)
    return _allocate(session, item, invoice, amount, effective_on=effective_on or item.effective_on)


def apply_upto(session: Session, item: CreditItem, invoice: Invoice, wanted: Money) -> Money:
    """Settle as much of `wanted` as the invoice has open and the credit left; how much that was."""
    amount = min(wanted, invoice.open, item.unapplied)
    if amount and invoice.status is InvoiceStatus.ISSUED:
        apply(session, item, invoice, amount)
        return amount
    return Money.zero(wanted.currency)


def allocated(session: Session, invoice_id: int) -> int:
    """The sum of an invoice's allocations in minor units."""
    total = session.scalar(
        select(func.coalesce(func.sum(Allocation.amount_minor), 0)).where(Allocation.invoice_id == invoice_id)
    )
    return int(total or 0)


def _allocate(
    session: Session,
    item: CreditItem,
    invoice: Invoice,
    amount: Money,
    *,
    effective_on: date,
) -> Allocation:
    allocation = Allocation(
        account_id=item.account_id,
        credit_item_id=item.id,
        invoice_id=invoice.id,
        amount_minor=amount.minor,
        effective_on=max(effective_on, invoice.issued_on),
        recorded_at=now(session),
    )
    session.add(allocation)
    item.unapplied_minor -= amount.minor
    invoice.open_minor -= amount.minor
    session.flush()
    return allocation
