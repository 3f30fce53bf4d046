"""Extensions: staff grant a later due day for an invoice, or take it back, within their authority, with a reason."""

from __future__ import annotations

from datetime import date, timedelta

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.approvals_asking import do_or_ask
from backoffice.frame import entered
from backoffice.given import AccountId, InvoiceId
from backoffice.views import invoice_view
from domain.approvals.wishes import ExtendInvoice, ShortenExtension
from domain.invoicing import early_discounts
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.extending import UNUSUAL_DAYS, check_extendable
from domain.processing.shortening import check_shortenable, earliest_day
from domain.receivables import queries as receivables
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.staff.model import Role
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

SURE = "sure"
"""The tick that an unusually late day wants."""
PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/extend"
SHORTEN_PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/shorten"


@get(PATH, guards=admit(Permission.EXTEND_INVOICE), sync_to_thread=True)
def extend_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId
) -> Response[bytes]:
    """Until when, and why."""
    with database.reading() as session:
        check_extendable(session, account_id, invoice_id)
    return _page(request, database, account_id, invoice_id, Form.starting(request))


@post(PATH, guards=admit(Permission.EXTEND_INVOICE), sync_to_thread=True)
def extend_invoice(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId, form: SentForm
) -> Response[bytes]:
    """Grant it; above one's authority, ask for it."""

    def act(session: Session) -> str | None:
        with form.reading():
            due_on = form.day("due_on", missing=N_("Enter the day on which it is to be due."))
            reason = form.text("reason", longest=500, missing=N_("Say why it is due later."))
            days = (due_on - receivables.invoice(session, account_id, invoice_id).due_on).days
            if days > UNUSUAL_DAYS and not form.ticked(SURE):
                form.refuse(SURE, N_("{days} days later than now: tick this if that is meant."), days=days)
        wish = ExtendInvoice(invoice_id=invoice_id, due_on=due_on, why=reason)
        return do_or_ask(request, session, form, account_id, wish)

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, account_id, invoice_id, form, status=422)

    return carry_out(request, database, form, act, there=f"/accounts/{account_id}/invoices/{invoice_id}", again=again)


@get(SHORTEN_PATH, guards=admit(Permission.EXTEND_INVOICE), sync_to_thread=True)
def shorten_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId
) -> Response[bytes]:
    """Back to which day, and why."""
    with database.reading() as session:
        starting = earliest_day(session, check_shortenable(session, account_id, invoice_id)).isoformat()
    return _shorten_page(request, database, account_id, invoice_id, Form.starting(request, due_on=starting))


@post(SHORTEN_PATH, guards=admit(Permission.EXTEND_INVOICE), sync_to_thread=True)
def shorten_extension(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId, form: SentForm
) -> Response[bytes]:
    """Take it back, or a part of it; above one's authority, ask for it."""
    there = f"/accounts/{account_id}/invoices/{invoice_id}"

    def act(session: Session) -> str | None:
        with form.reading():
            due_on = form.day("due_on", missing=N_("Enter the day on which it is to be due."))
            reason = form.text("reason", longest=500, missing=N_("Say why."))
        wish = ShortenExtension(invoice_id=invoice_id, due_on=due_on, why=reason)
        return do_or_ask(request, session, form, account_id, wish)

    def again(form: Form) -> Response[bytes]:
        return _shorten_page(request, database, account_id, invoice_id, form, status=422)

    return carry_out(request, database, form, act, there=there, again=again)


def _shorten_page(
    request: AnyRequest, database: Database, account_id: int, invoice_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = receivables.invoice(session, account_id, invoice_id)
        extension = check_shortenable(session, account_id, invoice_id)
        context = {
            "account": entered(session, account_id),
            "invoice": invoice_view(row, today(session)),
            "was_due_on": extension.was_due_on,
            "earliest": earliest_day(session, extension),
            "form": form,
        }
    return page(request, "backoffice/extensions/shorten.html", context, status=status)


def _latest_alone(session: Session, account_id: int, due_on: date, role: Role) -> date | None:
    """Up to which day somebody of this role can decide alone; None where any day is theirs."""
    most_days = authority.limits_on(session, account_id)[Act.EXTENSION][role]
    return None if most_days is None else max(due_on, today(session)) + timedelta(days=most_days)


def _page(
    request: AnyRequest, database: Database, account_id: int, invoice_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = receivables.invoice(session, account_id, invoice_id)
        context = {
            "account": entered(session, account_id),
            "invoice": invoice_view(row, today(session)),
            "offer": early_discounts.offers(session, [invoice_id], today(session)).get(invoice_id),
            "latest": _latest_alone(session, account_id, row.due_on, officer_of(request).role),
            "form": form,
        }
    return page(request, "backoffice/extensions/extend.html", context, status=status)
