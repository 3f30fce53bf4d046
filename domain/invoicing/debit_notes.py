"""Debit notes: what is charged on top of an invoice, such as a recovery cost; they count in no credit sales."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import numbering
from domain.invoicing.numbering import Series
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.policies.sections import Part
from domain.receivables.model import DebtPart, Invoice, InvoiceKind, InvoiceLine, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money


def issue_debit_note(
    session: Session,
    account: Account,
    parent: Invoice,
    amount: Money,
    *,
    reason: str,
    actor: Actor,
    due_on: date | None = None,
    part: Part = Part.INTEREST,
) -> Invoice:
    """Charge `amount` (no tax) on top of an issued invoice of the locked account; due by the account's terms.

    Which `part` of the debt it is says when money without an instruction settles it.
    """
    if parent.status is not InvoiceStatus.ISSUED or parent.kind is not InvoiceKind.INVOICE:
        raise Conflict(N_("Nothing can be charged on top of {number}."), number=parent.number)
    if amount.minor <= 0:
        raise Invalid(N_("A debit note must come to more than nothing."), field="amount")
    if not reason.strip():
        raise Invalid(N_("Say what the debit note is for."), field="reason")

    issued_on = today(session)
    note = Invoice(
        account_id=account.id,
        kind=InvoiceKind.DEBIT_NOTE,
        parent_id=parent.id,
        number=numbering.take(session, Series.DEBIT_NOTE),
        status=InvoiceStatus.ISSUED,
        issued_on=issued_on,
        due_on=due_on or issued_on + timedelta(days=account.terms_days),
        currency=parent.currency,
        amount_minor=amount.minor,
        tax_minor=0,
        open_minor=amount.minor,
        description=reason.strip(),
        recorded_at=now(session),
    )
    session.add(note)
    session.flush()
    session.add(
        InvoiceLine(
            invoice_id=note.id, position=1, description=note.description, amount_minor=amount.minor, tax_minor=0
        )
    )
    session.add(DebtPart(invoice_id=note.id, part=part))
    entry = ledger.post(
        session,
        kind=EntryKind.DEBIT_NOTE,
        source=f"invoice:{note.id}",
        effective_on=issued_on,
        legs=[
            debit(LedgerAccount.RECEIVABLE, amount, account_id=account.id),
            credit(LedgerAccount.LATE_CHARGE_INCOME, amount),
        ],
    )
    audit.record(
        session,
        "debit_note.issued",
        actor=actor,
        subject=("invoice", note.id),
        account_id=account.id,
        entry_id=entry.id,
        after={"number": note.number, "on": parent.number, "amount": amount, "reason": note.description},
    )
    return note
