"""Owed again: what an account owes a second time, because money was taken back that had left its credit before."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing import numbering
from domain.invoicing.numbering import Series
from domain.receivables.model import Invoice, InvoiceKind, InvoiceStatus, OwedAgain
from domain.shared.db.session import now, today
from domain.shared.money import Money


def owe_again(
    session: Session, account: Account, amount: Money, *, source: str, effective_on: date | None = None
) -> Invoice:
    """Open a debit of the locked account, due at once; the entry of `source`, which took the money back, posts it.

    `effective_on` is that entry's day, today unless said.
    """
    day = effective_on or today(session)
    debt = Invoice(
        account_id=account.id,
        kind=InvoiceKind.OWED_AGAIN,
        number=numbering.take(session, Series.DEBIT_NOTE),
        status=InvoiceStatus.ISSUED,
        issued_on=day,
        due_on=day,
        currency=amount.currency,
        amount_minor=amount.minor,
        tax_minor=0,
        open_minor=amount.minor,
        recorded_at=now(session),
    )
    session.add(debt)
    session.flush()
    session.add(OwedAgain(invoice_id=debt.id, source=source))
    session.flush()
    return debt
