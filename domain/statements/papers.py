"""Papers: what a statement, an invoice, a credit note and a receipt say, made into PDF by the renderer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.documents.letterhead import letterhead
from domain.documents.rendering import Paper, Renderer
from domain.invoicing import early_discounts
from domain.invoicing.model import CreditNote, EarlyDiscount
from domain.late_charges import queries as late_charges
from domain.placements.acting import Acting, acting
from domain.preferences.setting import business_at
from domain.receivables import queries as receivables
from domain.receivables.ageing import BUCKET_NAMES
from domain.receivables.due_days import extension_of
from domain.receivables.model import Invoice, InvoiceStatus
from domain.receivables.references import printed, reference_of
from domain.receivables.tax_rates import rate_of
from domain.settlements.model import Concession
from domain.shared.business import Business
from domain.shared.db.session import now, today
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money, half_even
from domain.shared.words import Words
from domain.statements.agreements import Agreement
from domain.statements.receipts import receipt
from domain.statements.view import Movement, StatementView
from domain.statements.wording import SubjectKind

MEDIA_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and the name under which to save it."""

    filename: str
    content: bytes


def print_invoice(
    session: Session, renderer: Renderer, account_id: int, invoice_id: int, *, language: str | None = None
) -> Printed:
    """The invoice as it was issued, in the account's language unless another is asked for; the same bytes each time.

    NotFound for no such invoice of this account.
    """
    row = receivables.invoice(session, account_id, invoice_id)
    account = session.get_one(Account, account_id)
    amount, tax = Money(row.amount_minor, row.currency), Money(row.tax_minor, row.currency)
    extension = extension_of(session, row.id)
    recorded_at = session.execute(select(Invoice.recorded_at).where(Invoice.id == row.id)).scalar_one()
    paper = _paper(
        session,
        account,
        recorded_at,
        kind=row.kind.value,
        number=row.number,
        issued_on=row.issued_on,
        due_on=extension.was_due_on if extension else row.due_on,
        purchase_order=row.purchase_order,
        delivered_on=row.delivered_on,
        description=row.description,
        void=row.status is InvoiceStatus.VOID,
        lines=[_line(line, row.currency, is_taxed=bool(tax)) for line in receivables.lines(session, row.id)],
        net=amount - tax,
        tax=tax,
        amount=amount,
        early=_early(session, row.id),
        working=_working(session, row.id),
        reference=printed(reference_of(row.id)),
        bank=bank_of(business_at(session, recorded_at)),
    )
    return Printed(f"{row.number}.pdf", renderer.render("invoice", paper, language or account.language))


def names_other_bank(session: Session, invoice_id: int) -> bool:
    """Whether an invoice's paper, which stays as it was sent, names another bank account than today's."""
    recorded_at = session.execute(select(Invoice.recorded_at).where(Invoice.id == invoice_id)).scalar_one()
    named = business_at(session, recorded_at).bank
    return bool(named) and named != business_at(session, now(session)).bank


def print_credit_note(
    session: Session, renderer: Renderer, account_id: int, credit_note_id: int, *, language: str | None = None
) -> Printed:
    """A credit note as it was issued; NotFound for no such credit note of this account."""
    found = session.execute(
        select(CreditNote, Invoice.number)
        .join(Invoice, Invoice.id == CreditNote.invoice_id)
        .where(CreditNote.id == credit_note_id, CreditNote.account_id == account_id)
    ).one_or_none()
    if found is None:
        raise NotFound(N_("We could not find that credit note."))
    note, invoice_number = found
    account = session.get_one(Account, account_id)
    tax = Money(note.tax_minor, note.currency)
    paper = _paper(
        session,
        account,
        note.recorded_at,
        number=note.number,
        issued_on=note.issued_on,
        invoice=invoice_number,
        reason=note.reason,
        net=note.amount - tax,
        tax=tax,
        amount=note.amount,
    )
    return Printed(f"{note.number}.pdf", renderer.render("credit_note", paper, language or account.language))


def print_discount_note(
    session: Session, renderer: Renderer, account_id: int, discount_id: int, *, language: str | None = None
) -> Printed:
    """The credit note of an early discount's tax, as it was issued; NotFound for no such one of this account."""
    found = session.execute(
        select(EarlyDiscount, Invoice.number)
        .join(Invoice, Invoice.id == EarlyDiscount.invoice_id)
        .where(
            EarlyDiscount.id == discount_id, EarlyDiscount.account_id == account_id, EarlyDiscount.number.is_not(None)
        )
    ).one_or_none()
    if found is None:
        raise NotFound(N_("We could not find that credit note."))
    discount, invoice_number = found
    account = session.get_one(Account, account_id)
    paper = _paper(
        session,
        account,
        discount.recorded_at,
        number=discount.number,
        issued_on=discount.effective_on,
        invoice=invoice_number,
        reason=Words.of(N_("Early-payment discount")),
        net=discount.amount - discount.tax,
        tax=discount.tax,
        amount=discount.amount,
    )
    return Printed(f"{discount.number}.pdf", renderer.render("credit_note", paper, language or account.language))


def print_concession_note(
    session: Session, renderer: Renderer, account_id: int, concession_id: int, *, language: str | None = None
) -> Printed:
    """The credit note of the tax of what was given up to settle a debt; NotFound for no such one of this account."""
    found = session.execute(
        select(Concession, Invoice.number)
        .join(Invoice, Invoice.id == Concession.invoice_id)
        .where(Concession.id == concession_id, Concession.account_id == account_id, Concession.number.is_not(None))
    ).one_or_none()
    if found is None:
        raise NotFound(N_("We could not find that credit note."))
    concession, invoice_number = found
    account = session.get_one(Account, account_id)
    paper = _paper(
        session,
        account,
        concession.recorded_at,
        number=concession.number,
        issued_on=concession.effective_on,
        invoice=invoice_number,
        reason=Words.of(N_("Given up to settle a debt")),
        net=concession.amount - concession.tax,
        tax=concession.tax,
        amount=concession.amount,
    )
    return Printed(f"{concession.number}.pdf", renderer.render("credit_note", paper, language or account.language))


def print_receipt(
    session: Session, renderer: Renderer, account_id: int, public_id: str, *, language: str | None = None
) -> Printed:
    """The receipt of a payment that arrived, with what it settled; NotFound for any other."""
    found = receipt(session, account_id, public_id)
    account = session.get_one(Account, account_id)
    paper = _paper(
        session,
        account,
        found.recorded_at,
        number=found.number,
        reference=found.reference,
        received_on=found.received_on,
        means=found.means,
        amount=found.amount,
        settled=[{"number": part.number, "amount": part.amount} for part in found.settled],
        earned=[{"number": part.number, "note": part.note, "amount": part.amount} for part in found.earned],
        credit=found.credit or None,
        gone=found.gone or None,
        reversed=found.reversed,
    )
    name = f"{found.number or found.reference}.pdf"
    return Printed(name, renderer.render("receipt", paper, language or account.language))


def print_statement(
    session: Session,
    renderer: Renderer,
    account: Account,
    view: StatementView,
    *,
    number: str | None = None,
    language: str | None = None,
) -> Printed:
    """A statement with all movements of the view; without a number it is a look at the account, not an issued one."""
    paper = _paper(
        session,
        account,
        now(session),
        number=number,
        issued_on=today(session),
        first=view.first,
        last=view.last,
        headline=_headline(view),
        ageing=_aged(view),
        agreements=[_agreement(each) for each in view.agreements.each],
        acting=[_acting(each) for each in acting(session, account.id) if each.since is not None],
        opening=view.opening,
        charged=view.charged,
        credited=-view.credited,
        closing=view.closing,
        movements=[_movement(movement) for movement in view.movements],
        earlier=view.earlier and view.earlier.number,
        adjustments=[
            {"on": movement.on, "words": movement.words, "amount": movement.amount}
            for movement in (view.earlier.adjustments if view.earlier else ())
        ],
        adjusted=view.earlier and view.earlier.adjusted,
    )
    name = number or f"Statement {account.number} {view.first} {view.last}"
    return Printed(f"{name}.pdf", renderer.render("statement", paper, language or account.language))


def _paper(session: Session, account: Account, made_at: datetime, **parts: object) -> Paper:
    """What every paper bears, and the parts of this one."""
    ours = business_at(session, made_at)
    return {
        "made_at": made_at,
        "business": letterhead(ours),
        "customer": {"name": account.name, "number": account.number, "address": account.address},
        **parts,
    }


def _early(session: Session, invoice_id: int) -> Paper | None:
    """What is enough where the invoice is paid early, and until when; None where its terms offer nothing for that."""
    offer = early_discounts.offered_at_issue(session, invoice_id)
    if offer is None:
        return None
    return {"enough": offer.settles, "until": offer.until_on, "saves": offer.saves}


def _working(session: Session, invoice_id: int) -> Paper | None:
    """How a debit note for lateness came to its amount, as it was charged; None for what the terms did not charge."""
    working = late_charges.working_of(session, invoice_id)
    if working is None:
        return None
    return {
        "invoice": working.parent,
        "principal": working.principal,
        "due_on": working.due_on,
        "rows": [
            {
                "first": row.first,
                "last": row.last,
                "days": row.days,
                "principal": row.principal,
                "rate": row.rate,
                "interest": Money(half_even(row.amount), row.principal.currency),
            }
            for row in working.rows
        ],
        "accrued": working.accrued,
        "charged_before": working.charged_before or None,
    }


def bank_of(ours: Business) -> Paper | None:
    """Where to transfer money to; None where the business does not say."""
    bank = ours.bank
    if not bank:
        return None
    return {
        "holder": bank.holder,
        "iban": bank.printed_iban,
        "account": bank.account,
        "sort_code": bank.sort_code,
        "bic": bank.bic,
    }


def _line(line: Any, currency: str, *, is_taxed: bool) -> Paper:
    net, tax = Money(line.amount_minor, currency), Money(line.tax_minor, currency)
    return {
        "description": line.description,
        "quantity": line.quantity,
        "net": net,
        "rate": rate_of(net, tax) if is_taxed else None,
        "tax": tax,
        "total": net + tax,
    }


def _headline(view: StatementView) -> Paper:
    nothing = Money.zero(view.currency)
    late = min(view.ageing.late, view.closing)
    if view.closing > nothing:
        return {
            "label": "you_owe",
            "amount": view.closing,
            "late": late if late > nothing else None,
            "agreed": min(view.agreed.amount, view.closing) or None,
            "disputed": min(view.disputed, view.closing) or None,
        }
    label = "in_credit" if view.closing else "nothing_owed"
    return {"label": label, "amount": -view.closing, "late": None, "agreed": None, "disputed": None}


def _agreement(agreed: Agreement) -> Paper:
    """What is agreed, what of it is due now and what is next; a plan that waits for its start has neither."""
    is_next = agreed.next_amount is not None and not agreed.due_now
    return {
        "words": agreed.words,
        "due_now": agreed.due_now or None,
        "next_amount": agreed.next_amount if is_next else None,
        "next_on": agreed.next_on if is_next else None,
    }


def _acting(one: Acting) -> Paper:
    """Who acts for us, how to reach them, since when, for which invoices, and what is open on those."""
    return {
        "name": one.name,
        "kind": Words.of(one.kind),
        "since": one.since,
        "numbers": ", ".join(placed.number for placed in one.invoices),
        "reach": [part for part in (one.contact, one.email, one.phone) if part],
        "open": one.open,
    }


def _aged(view: StatementView) -> Paper:
    aged, agreed = view.ageing, view.agreed
    return {
        "buckets": [
            {
                "name": Words.of(BUCKET_NAMES[bucket]),
                "count": share.count,
                "amount": share.amount,
                "share": str(share.amount.minor * 1000 // aged.open.minor if aged.open else 0),
            }
            for bucket, share in aged.buckets.items()
        ],
        "drawn": bool(aged.open),
        "agreed": {"count": agreed.count, "amount": agreed.amount} if agreed.amount else None,
        "disputed": view.disputed or None,
        "credit": -aged.credit.amount if aged.credit.amount else None,
        "total": aged.total + agreed.amount + view.disputed,
    }


def _movement(movement: Movement) -> Paper:
    charged = movement.amount.minor > 0
    return {
        "on": movement.on,
        "words": movement.words,
        "reference": _reference(movement),
        "charged": movement.amount if charged else None,
        "credited": None if charged else -movement.amount,
        "balance": movement.balance,
    }


def _reference(movement: Movement) -> str | None:
    """The payment reference of what was charged; None for what nobody pays by it."""
    subject = movement.subject
    if subject is None or subject.kind is not SubjectKind.INVOICE or movement.amount.minor <= 0:
        return None
    return printed(reference_of(int(subject.key)))
