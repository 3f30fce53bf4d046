"""Crediting: a credit note on an invoice, previewed and then confirmed; and withdrawing an invoice altogether."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.approvals_asking import alone, asks, do_or_ask
from backoffice.confirming import unsure
from backoffice.credited_lines import lines_of, read_line
from backoffice.frame import entered
from backoffice.given import AccountId, InvoiceId
from backoffice.views import invoice_view
from domain.accounts import queries as accounts
from domain.approvals.wishes import CreditInvoice, VoidInvoice
from domain.invoicing import credit_notes
from domain.invoicing.credit_notes import Effect
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice
from domain.sessions.once import SentAlready
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Refused
from domain.staff.model import Role
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

CREDIT_PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/credit"
VOID_PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/void"


@get(CREDIT_PATH, guards=admit(Permission.ISSUE_CREDIT_NOTE), sync_to_thread=True)
def credit_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId
) -> Response[bytes]:
    """How much, and why."""
    return _credit_page(request, database, account_id, invoice_id, Form.starting(request))


@post(CREDIT_PATH, guards=admit(Permission.ISSUE_CREDIT_NOTE), sync_to_thread=True)
def issue_credit_note(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId, form: SentForm
) -> Response[bytes]:
    """Show what the credit note would do, and issue it once that is confirmed; above one's authority, ask for it."""
    there = f"/accounts/{account_id}/invoices/{invoice_id}"
    try:
        with database.reading() as session:
            row = receivables.invoice(session, account_id, invoice_id)
            with form.reading():
                amount = form.amount("amount", row.currency)
                reason = form.text("reason", longest=500, missing=N_("Say why: the customer reads it."))
                line_id = read_line(form, lines_of(session, invoice_id, row.currency))
            if not asks(form):
                authority.check(session, officer_of(request).role, Act.CREDIT_NOTE, amount, account_id=account_id)
            is_large = not authority.covers(session, Role.COLLECTOR, Act.CREDIT_NOTE, amount, account_id=account_id)
            invoice = session.get_one(Invoice, invoice_id)
            found = credit_notes.effect(session, invoice, amount, reason=reason, line_id=line_id)
        if form.value("step") != "issue" and not asks(form):
            return _credit_page(request, database, account_id, invoice_id, form, effect=found)
        if is_large and not asks(form) and (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            wish = CreditInvoice(invoice_id=invoice_id, amount_minor=amount.minor, line_id=line_id, why=reason)
            there = do_or_ask(request, session, form, account_id, wish) or there
    except SentAlready:
        return see_other(request, there)
    except Refused as refused:
        return _credit_page(request, database, account_id, invoice_id, form.refused(refused), status=status_of(refused))
    return see_other(request, there)


@get(VOID_PATH, guards=admit(Permission.VOID_INVOICE), sync_to_thread=True)
def void_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId
) -> Response[bytes]:
    """Why it should never have been."""
    return _void_page(request, database, account_id, invoice_id, Form.starting(request))


@post(VOID_PATH, guards=admit(Permission.VOID_INVOICE), sync_to_thread=True)
def void_invoice(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId, form: SentForm
) -> Response[bytes]:
    """Withdraw it, or ask for that."""
    there = f"/accounts/{account_id}/invoices/{invoice_id}"
    with database.reading() as session:
        receivables.invoice(session, account_id, invoice_id)
    try:
        with form.reading():
            why = form.text("why", longest=500, missing=N_("Say why."))
        if not asks(form) and (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            wish = VoidInvoice(invoice_id=invoice_id, why=why)
            there = do_or_ask(request, session, form, account_id, wish) or there
    except SentAlready:
        return see_other(request, there)
    except Refused as refused:
        return _void_page(request, database, account_id, invoice_id, form.refused(refused), status=status_of(refused))
    return see_other(request, there)


def _credit_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    invoice_id: int,
    form: Form,
    *,
    effect: Effect | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        context = _subject(session, account_id, invoice_id)
        currency = accounts.account(session, account_id).currency
        context |= {"form": form, "effect": effect, "lines": lines_of(session, invoice_id, currency)}
        context["alone"] = alone(request, session, account_id, Act.CREDIT_NOTE)
    return page(request, "backoffice/invoices/credit.html", context, status=status)


def _void_page(
    request: AnyRequest, database: Database, account_id: int, invoice_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = _subject(session, account_id, invoice_id)
    return page(request, "backoffice/invoices/void.html", {**context, "form": form}, status=status)


def _subject(session: Session, account_id: int, invoice_id: int) -> dict[str, object]:
    row = receivables.invoice(session, account_id, invoice_id)
    return {"account": entered(session, account_id), "invoice": invoice_view(row, today(session))}
