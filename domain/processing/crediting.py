"""Crediting: a credit note on an invoice, within the authority of whoever issues it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.invoicing import credit_notes
from domain.invoicing.model import CreditNote
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.money import Money
from domain.staff.model import Role


def credit_invoice(
    session: Session,
    account_id: int,
    invoice_id: int,
    amount: Money,
    *,
    reason: str,
    role: Role,
    actor: Actor,
    line_id: int | None = None,
) -> CreditNote:
    """Credit `amount`, tax included, of an invoice or of one line of it.

    Raises NotFound, BeyondAuthority, and what `credit_notes.issue_credit_note` raises.
    """
    account = accounts.lock(session, account_id)
    receivables.invoice(session, account_id, invoice_id)
    authority.check(session, role, Act.CREDIT_NOTE, amount, account_id=account_id)
    invoice = session.get_one(Invoice, invoice_id, populate_existing=True)
    return credit_notes.issue_credit_note(
        session, account, invoice, amount, reason=reason, actor=actor, line_id=line_id
    )
