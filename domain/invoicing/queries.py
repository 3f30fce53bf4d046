"""Credit notes as the sites read them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.invoicing.model import CreditNote
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import NotFound

COLUMNS = (
    CreditNote.id,
    CreditNote.account_id,
    CreditNote.invoice_id,
    CreditNote.number,
    CreditNote.issued_on,
    CreditNote.currency,
    CreditNote.amount_minor,
    CreditNote.tax_minor,
    CreditNote.reason,
)


def credit_notes(session: Session, invoice_id: int) -> AnyRows:
    """The credit notes on an invoice that has been looked up by its account before."""
    return session.execute(select(*COLUMNS).where(CreditNote.invoice_id == invoice_id).order_by(CreditNote.id)).all()


def credit_note(session: Session, account_id: int, credit_note_id: int) -> AnyRow:
    """One credit note of this account; NotFound for anybody else's."""
    row = session.execute(
        select(*COLUMNS).where(CreditNote.id == credit_note_id, CreditNote.account_id == account_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row
