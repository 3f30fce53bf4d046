"""Credit: what tests ask of an account's money: its credit, what is open, and cheques that came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.payments.model import Payment, PaymentMethod
from domain.processing.receipts.recording import Slip, record_receipt
from domain.receivables.model import CreditItem, Invoice
from domain.receivables.queries import totals
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.shared.money import Money
from tests.support.builders import money


def a_cheque(
    session: Session,
    account: Account,
    amount: str,
    *,
    on: date | None = None,
    reference: str | None = "000123",
    wanted: Mapping[int, Money] | None = None,
    method: PaymentMethod = PaymentMethod.CHEQUE,
) -> Payment:
    """A cheque that staff recorded, today unless said otherwise."""
    slip = Slip(method, money(amount, account.currency), on or today(session), reference=reference, wanted=wanted)
    return record_receipt(session, account.id, slip, actor=OPERATOR)


def item_of(session: Session, payment: Payment) -> CreditItem:
    """The credit that a payment brought, as it stands now."""
    found = select(CreditItem).where(CreditItem.source == payment.public_id)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def open_of(session: Session, *invoices: Invoice) -> list[Money]:
    """What is open on each."""
    return [session.get_one(Invoice, invoice.id, populate_existing=True).open for invoice in invoices]


def stands(session: Session, account: Account) -> tuple[Money, Money]:
    """What is open on the account, and its unapplied credit."""
    found = totals(session, account.id, account.currency)
    return found.open, found.credit
