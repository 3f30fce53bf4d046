"""Withdrawing invoices: one that should never have been is taken back, and nobody has to dispute it any more."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.disputes.resolving import accept_withdrawn
from domain.invoicing import issuing
from domain.plans.queries import TAKEN
from domain.plans.signed_over import is_signed_over
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict
from domain.staff.model import Role


def withdraw_invoice(session: Session, account_id: int, invoice_id: int, *, why: str, role: Role, actor: Actor) -> None:
    """Take it back, within the role's authority; raises as `issuing.void`, Conflict for one that a plan has or had."""
    accounts.lock(session, account_id)
    invoice = session.get_one(Invoice, invoice_id, populate_existing=True)
    on_plan = session.scalar(select(Invoice.id).where(Invoice.id == invoice_id, is_signed_over(Invoice.id)))
    if on_plan or held_parts(session, [account_id], TAKEN).get(invoice.id):
        refusal = N_("Invoice {number} is on a payment plan or an offer to settle. Issue a credit note for it instead.")
        raise Conflict(refusal, number=invoice.number)
    authority.check(session, role, Act.VOID_INVOICE, invoice.amount, account_id=account_id)
    issuing.void(session, invoice, why=why, actor=actor)
    accept_withdrawn(session, invoice, answer=why, actor=actor)
