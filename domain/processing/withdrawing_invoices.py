"""Withdrawing invoices: one that should never have been is taken back, and nobody has to dispute it any more."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.disputes.resolving import accept_withdrawn
from domain.invoicing import issuing
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.staff.model import Role


def withdraw_invoice(session: Session, account_id: int, invoice_id: int, *, why: str, role: Role, actor: Actor) -> None:
    """Take it back, within the role's authority; raises what `issuing.void` raises."""
    accounts.lock(session, account_id)
    invoice = session.get_one(Invoice, invoice_id, populate_existing=True)
    authority.check(session, role, Act.VOID_INVOICE, invoice.amount, account_id=account_id)
    issuing.void(session, invoice, why=why, actor=actor)
    accept_withdrawn(session, invoice, answer=why, actor=actor)
