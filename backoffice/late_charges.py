"""Late charges: letting go of one, or of a part of it, with a reason and within one's authority."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.approvals_asking import alone, do_or_ask
from backoffice.frame import entered
from backoffice.given import AccountId, InvoiceId
from backoffice.views import invoice_view
from domain.approvals.wishes import WaiveCharge
from domain.late_charges.waiving import BY_HAND
from domain.policies.acts import Act
from domain.receivables import queries as receivables
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.lateness import working_view
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/waive"


@get(PATH, guards=admit(Permission.WAIVE_LATE_CHARGE), sync_to_thread=True)
def waive_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId
) -> Response[bytes]:
    """How much of the debit note, and why."""
    return _page(request, database, account_id, invoice_id, Form.starting(request))


@post(PATH, guards=admit(Permission.WAIVE_LATE_CHARGE), sync_to_thread=True)
def waive_charge(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId, form: SentForm
) -> Response[bytes]:
    """Credit it; above one's authority, ask for it."""

    def act(session: Session) -> str | None:
        row = receivables.invoice(session, account_id, invoice_id)
        with form.reading():
            amount = form.amount("amount", row.currency)
            reason = form.text("reason", longest=500, missing=N_("Say why it is waived."))
        wish = WaiveCharge(invoice_id=invoice_id, amount_minor=amount.minor, why=reason)
        return do_or_ask(request, session, form, account_id, wish)

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, account_id, invoice_id, form, status=422)

    return carry_out(request, database, form, act, there=f"/accounts/{account_id}/invoices/{invoice_id}", again=again)


def _page(
    request: AnyRequest, database: Database, account_id: int, invoice_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = receivables.invoice(session, account_id, invoice_id)
        working = working_view(session, row)
        if working is None:
            raise Conflict(BY_HAND, number=row.number)
        context = {
            "account": entered(session, account_id),
            "invoice": invoice_view(row, today(session)),
            "working": working,
            "alone": alone(request, session, account_id, Act.WAIVE_LATE_CHARGE),
            "form": form,
        }
    return page(request, "backoffice/late_charges/waive.html", context, status=status)
