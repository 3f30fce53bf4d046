"""Credit notes as the sites read them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.invoicing.model import CreditNote, EarlyDiscount
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


def discount_notes(session: Session, invoice_id: int) -> AnyRows:
    """The tax credit notes of an invoice's early discounts: id, number, issued_on, currency, amount_minor."""
    return session.execute(
        select(
            EarlyDiscount.id,
            EarlyDiscount.number,
            EarlyDiscount.effective_on.label("issued_on"),
            EarlyDiscount.currency,
            EarlyDiscount.amount_minor,
        )
        .where(EarlyDiscount.invoice_id == invoice_id, EarlyDiscount.number.is_not(None))
        .order_by(EarlyDiscount.id)
    ).all()


def credit_note(session: Session, account_id: int, credit_note_id: int) -> AnyRow:
    """One credit note of this account; NotFound for anybody else's."""
    row = session.execute(
        select(*COLUMNS).where(CreditNote.id == credit_note_id, CreditNote.account_id == account_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row
