"""Promising: invoices that a customer has promised to pay by a day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.promises.judging import judge, waiting
from domain.promises.making import Word, record_promise
from domain.promises.model import PromiseStatus, PromiseToPay
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice, money


def a_promise(session: Session, *amounts: str, days: int = 7, of: str | None = None) -> tuple[Account, PromiseToPay]:
    """Invoices over these amounts (120 unless said), all due ten days ago and promised, or `of` of them, in `days`."""
    account = an_account(session)
    due_on = today(session) - timedelta(days=10)
    invoices = [an_invoice(session, account, each, issued_on=due_on, due_on=due_on) for each in amounts or ("120",)]
    return account, promised(session, account, *invoices, days=days, of=of)


def promised(
    session: Session, account: Account, *invoices: Invoice, days: int = 7, of: str | None = None
) -> PromiseToPay:
    """Staff have written it down."""
    word = Word(
        today(session) + timedelta(days=days),
        tuple(invoice.id for invoice in invoices),
        money(of) if of else None,
        "Ana said so on the phone",
    )
    return record_promise(session, account.id, word, role=Role.MANAGER, actor=OPERATOR)


def judged(session: Session, promise: PromiseToPay) -> PromiseStatus:
    """What it is once everything that waits has been judged."""
    for account_id, promise_id in waiting(session, limit=50):
        judge(session, account_id, promise_id, actor=WORKER)
    session.refresh(promise)
    return promise.status
