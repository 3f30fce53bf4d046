"""Issuing: turn what was delivered into a demand with a number and a due date, and take one back that was a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import numbering
from domain.invoicing.model import CreditNote
from domain.invoicing.numbering import Series
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import books_closed_through
from domain.ledger.posting import EntryKind, credit, debit
from domain.ledger.reading import entry_id
from domain.policies import due_days
from domain.policies.ruling import RuleBook
from domain.receivables import allocating
from domain.receivables.model import Invoice, InvoiceKind, InvoiceLine, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money

ISSUED_AS = (EntryKind.INVOICE_ISSUED, EntryKind.OPENING_BALANCE, EntryKind.DEBIT_NOTE)
"""The kinds of entry by which a debit item comes into the books."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """One line to be invoiced: its net amount, and the tax on top as it is to be issued."""

    description: str
    net: Money
    tax: Money
    quantity: str | None = None


def due_day(session: Session, account_id: int, issued_on: date, account_days: int) -> date:
    """When an invoice of that day will be due by the terms that govern it, else by the account's own days."""
    version = RuleBook(session, [account_id]).governing(account_id, issued_on)
    return due_days.due_day(issued_on, version.sections.terms if version else None, account_days)


def check_issuable(
    session: Session,
    currency: str,
    lines: Sequence[NewLine],
    *,
    issued_on: date,
    due_on: date,
    delivered_on: date | None = None,
) -> None:
    """Do nothing where such an invoice can be issued; Invalid beside its field otherwise."""
    net = Money.sum((line.net for line in lines), currency)
    tax = Money.sum((line.tax for line in lines), currency)
    _refuse_unreasonable(net, tax, lines)
    _refuse_closed(session, issued_on)
    if issued_on > today(session):
        raise Invalid(N_("An invoice cannot be issued on a day to come."), field="issued_on")
    if due_on < issued_on:
        raise Invalid(N_("An invoice cannot be due before it is issued."), field="due_on")
    if delivered_on is not None and delivered_on > today(session):
        raise Invalid(N_("The delivery is on a day to come; invoice it when it has been made."), field="delivered_on")


def issue(
    session: Session,
    account: Account,
    lines: Sequence[NewLine],
    *,
    actor: Actor,
    issued_on: date | None = None,
    due_on: date | None = None,
    number: str | None = None,
    description: str | None = None,
    purchase_order: str | None = None,
    delivered_on: date | None = None,
) -> Invoice:
    """Issue an invoice to a locked account and post it; due by the terms that govern it unless `due_on` says otherwise.

    Those are the terms in force for the account on the day of issue; the invoice keeps them for good. The number comes
    from our series unless another system has given it one. Tax is taken as it is given.
    """
    issued_on = issued_on or today(session)
    version = RuleBook(session, [account.id]).governing(account.id, issued_on)
    due_on = due_on or due_days.due_day(issued_on, version.sections.terms if version else None, account.terms_days)
    check_issuable(session, account.currency, lines, issued_on=issued_on, due_on=due_on, delivered_on=delivered_on)
    net = Money.sum((line.net for line in lines), account.currency)
    tax = Money.sum((line.tax for line in lines), account.currency)
    invoice = Invoice(
        account_id=account.id,
        kind=InvoiceKind.INVOICE,
        number=number or numbering.take(session, Series.INVOICE),
        status=InvoiceStatus.ISSUED,
        issued_on=issued_on,
        due_on=due_on,
        currency=account.currency,
        amount_minor=(net + tax).minor,
        tax_minor=tax.minor,
        open_minor=(net + tax).minor,
        description=description,
        purchase_order=purchase_order,
        terms_version_id=version.id if version else None,
        delivered_on=delivered_on,
        recorded_at=now(session),
    )
    session.add(invoice)
    session.flush()
    session.add_all(
        InvoiceLine(
            invoice_id=invoice.id,
            position=position,
            description=line.description,
            quantity=line.quantity,
            amount_minor=line.net.minor,
            tax_minor=line.tax.minor,
        )
        for position, line in enumerate(lines, start=1)
    )
    entry = ledger.post(
        session,
        kind=EntryKind.INVOICE_ISSUED,
        source=f"invoice:{invoice.id}",
        effective_on=issued_on,
        legs=[
            debit(LedgerAccount.RECEIVABLE, net + tax, account_id=account.id),
            credit(LedgerAccount.SALES, net),
            credit(LedgerAccount.TAX_PAYABLE, tax),
        ],
    )
    audit.record(
        session,
        "invoice.issued",
        actor=actor,
        subject=("invoice", invoice.id),
        account_id=account.id,
        entry_id=entry.id,
        after={"number": invoice.number, "amount": invoice.amount, "due_on": due_on},
    )
    return invoice


def void(session: Session, invoice: Invoice, *, why: str, actor: Actor) -> None:
    """Take back an invoice that should never have been: only while nothing is allocated to it.

    Posts the mirror image of its entry on the same day, so that past balances read as if it had not been issued.
    """
    if invoice.status is not InvoiceStatus.ISSUED:
        raise Conflict(N_("Invoice {number} is void already."), number=invoice.number)
    if allocating.allocated(session, invoice.id):
        raise Conflict(
            N_("Something has been paid or credited on invoice {number}; issue a credit note instead."),
            number=invoice.number,
        )
    if not why.strip():
        raise Invalid(N_("Say why the invoice is void."), field="why")
    _refuse_closed(session, invoice.issued_on)
    _refuse_with_debit_notes(session, invoice)
    invoice.status = InvoiceStatus.VOID
    invoice.open_minor = 0
    invoice.voided_at = now(session)
    entry = ledger.reverse(
        session,
        entry_id(session, f"invoice:{invoice.id}", ISSUED_AS),
        kind=EntryKind.INVOICE_VOIDED,
        source=f"invoice:{invoice.id}",
        effective_on=invoice.issued_on,
    )
    audit.record(
        session,
        "invoice.voided",
        actor=actor,
        subject=("invoice", invoice.id),
        account_id=invoice.account_id,
        entry_id=entry.id,
        before={"status": InvoiceStatus.ISSUED},
        after={"status": InvoiceStatus.VOID, "why": why},
    )


def _refuse_closed(session: Session, day: date) -> None:
    """A paper dated in a closed period would make past ageings differ from the books."""
    closed = books_closed_through(session)
    if closed is not None and day <= closed:
        raise Invalid(
            N_("The books are closed through {closed}. Use a later day, or a credit note."),
            field="issued_on",
            closed=closed,
        )


def _refuse_with_debit_notes(session: Session, invoice: Invoice) -> None:
    """A debit note on top of it stands in the way until nothing is left of what it charged."""
    credited = select(func.coalesce(func.sum(CreditNote.amount_minor), 0)).where(CreditNote.invoice_id == Invoice.id)
    standing = session.scalars(
        select(Invoice.number)
        .where(
            Invoice.parent_id == invoice.id,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.amount_minor > credited.scalar_subquery(),
        )
        .order_by(Invoice.id)
        .limit(1)
    ).first()
    if standing is not None:
        raise Conflict(
            N_("Debit note {note} was charged on top of invoice {number}; void or credit that first."),
            note=standing,
            number=invoice.number,
        )


def _refuse_unreasonable(net: Money, tax: Money, lines: Sequence[NewLine]) -> None:
    if not lines:
        raise Invalid(N_("An invoice needs at least one line."), field="lines")
    if net.minor <= 0:
        raise Invalid(N_("An invoice must come to more than nothing."), field="lines")
    if tax.minor < 0:
        raise Invalid(N_("The tax on an invoice cannot be negative."), field="lines")
    if tax > net:
        raise Invalid(N_("The tax on an invoice cannot be more than what is taxed."), field="lines")
