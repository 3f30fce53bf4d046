"""Charging: a debit note on top of an invoice, such as a recovery cost."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId, InvoiceId
from backoffice.views import invoice_view
from domain.accounts import queries as accounts
from domain.invoicing.debit_notes import issue_debit_note
from domain.policies.sections import Part
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/charge"


@get(PATH, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def charge_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId
) -> Response[bytes]:
    """How much on top, and why."""
    return _page(request, database, account_id, invoice_id, Form.starting(request))


@post(PATH, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def charge(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId, form: SentForm
) -> Response[bytes]:
    """Issue the debit note."""

    def act(session: Session) -> str:
        row = receivables.invoice(session, account_id, invoice_id)
        with form.reading():
            amount = form.amount("amount", row.currency)
            reason = form.text("reason", longest=500, missing=N_("Say why: the customer reads it."))
        use_once(session, form.value("once"))
        account = accounts.lock(session, account_id)
        parent = session.get_one(Invoice, invoice_id)
        actor = actor_of(request)
        note = issue_debit_note(session, account, parent, amount, reason=reason, actor=actor, part=Part.COSTS)
        return f"/accounts/{account_id}/invoices/{note.id}"

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, account_id, invoice_id, form, status=422)

    return carry_out(request, database, form, act, there=f"/accounts/{account_id}/invoices/{invoice_id}", again=again)


def _page(
    request: AnyRequest, database: Database, account_id: int, invoice_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = receivables.invoice(session, account_id, invoice_id)
        context = {"account": entered(session, account_id), "invoice": invoice_view(row, today(session)), "form": form}
    return page(request, "backoffice/invoices/charge.html", context, status=status)
