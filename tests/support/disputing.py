"""Disputing: invoices that are contested, or a part of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes.model import Dispute
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.adding import add
from domain.staff.model import Role, StaffMember
from domain.stops import holding
from domain.stops.model import StopKind
from tests.support.builders import an_account, an_invoice, money

PASSWORD = "a quiet harbour at noon"


def a_dispute(session: Session, amount: str | None = None) -> tuple[Account, Invoice, Dispute]:
    """An invoice of 120, of which so much is contested."""
    account = an_account(session)
    invoice = an_invoice(session, account, "120", tax="20")
    return account, invoice, contest(session, account, invoice, amount)


def contest(session: Session, account: Account, invoice: Invoice, amount: str | None = None) -> Dispute:
    """So much of an invoice is contested, or all of it."""
    complaint = Complaint(Reason.DAMAGED, "Two boxes came wet.", money(amount) if amount else None)
    return raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR)


def disputed(session: Session, account: Account, invoice: Invoice) -> int:
    """How much of the invoice disputes hold today, in minor units."""
    found = holding.holds_on(session, {invoice.id: account.id}, [StopKind.DISPUTE])
    return holding.held(found.get(invoice.id, ()), today(session), invoice.open_minor)


def early(day: date) -> datetime:
    """Early on that day."""
    return datetime.combine(day, time(3), UTC)


def a_member(session: Session, role: Role) -> StaffMember:
    """Somebody of the staff."""
    email = f"{role.value}@office.example"
    return add(session, email=email, name="Olu Adeyemi", role=role, password=PASSWORD, actor=OPERATOR)[0]
