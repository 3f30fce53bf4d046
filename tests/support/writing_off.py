"""Writing off: write a debt off in tests in one line, and read what the books say of it."""

from __future__ import annotations

from itertools import count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import POSTINGS
from domain.ledger.posting import EntryKind, credit, debit, post
from domain.payments.model import Payment
from domain.processing.money_left import take_payment_back
from domain.processing.write_offs import deciding
from domain.receivables.model import Invoice, WithdrawalKind
from domain.shared.actor import OPERATOR, PROCESSOR, Actor
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.write_offs.model import WriteOff, WriteOffKind
from domain.write_offs.proposing import Wish
from tests.support.builders import money

_numbers = count(1)


def proposed(
    session: Session,
    account: Account,
    *invoices: Invoice,
    kind: WriteOffKind = WriteOffKind.ACCOUNTING,
    role: Role = Role.COLLECTOR,
    actor: Actor = OPERATOR,
) -> WriteOff:
    """Invoices that a collector, who may not do it alone, proposes to write off; the first of them."""
    wish = Wish(kind, tuple(invoice.id for invoice in invoices), "Nothing comes.")
    return deciding.propose(session, account.id, wish, role=role, actor=actor)[0]


def written_off(session: Session, account: Account, *invoices: Invoice) -> WriteOff:
    """Invoices that stand written off in the books; the first of them."""
    return proposed(session, account, *invoices, role=Role.MANAGER)


def released(session: Session, account: Account, *invoices: Invoice) -> WriteOff:
    """Invoices that are given up for good; the first of them."""
    return proposed(session, account, *invoices, kind=WriteOffKind.RELEASE, role=Role.MANAGER)


def balance(session: Session, line: LedgerAccount) -> int:
    """What stands on a line of the chart, in minor units."""
    total = select(func.sum(POSTINGS.c.amount)).where(POSTINGS.c.ledger_account == line.value)
    return int(session.scalar(total) or 0)


def gone(session: Session, account: Account, payment: Payment, amount: str) -> None:
    """The network takes so much of a payment back."""
    what, source = money(amount, account.currency), f"cb:{next(_numbers)}"
    post(
        session,
        kind=EntryKind.CHARGEBACK,
        source=source,
        effective_on=today(session),
        legs=[
            debit(LedgerAccount.RECEIVABLE, what, account_id=account.id),
            credit(LedgerAccount.PROCESSOR_SUSPENSE, what),
        ],
    )
    take_payment_back(session, account, payment, what, kind=WithdrawalKind.CHARGEBACK, source=source, actor=PROCESSOR)
