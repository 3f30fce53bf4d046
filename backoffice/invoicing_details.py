"""Invoicing details: what invoices to an account have to bear: its address, its tax number, an order of theirs."""

from __future__ import annotations

from litestar import Response, get, post

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from domain.invoicing.details import LONGEST_ADDRESS, LONGEST_TAX_NUMBER, Details, change_details, details_of
from domain.shared.db.session import Database
from domain.shared.errors import Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/invoicing"


@get(PATH, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def details_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What is known now."""
    with database.reading() as session:
        details = details_of(session, account_id)
    wish = {"wants_purchase_order": "yes"} if details.wants_purchase_order else {}
    form = Form.starting(request, address=details.address or "", tax_number=details.tax_number or "", **wish)
    return _page(request, database, account_id, form)


@post(PATH, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def change_invoicing_details(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Keep it."""
    try:
        with form.reading():
            details = Details(
                address=form.text("address", required=False, longest=LONGEST_ADDRESS) or None,
                tax_number=form.text("tax_number", required=False, longest=LONGEST_TAX_NUMBER) or None,
                wants_purchase_order=form.ticked("wants_purchase_order"),
            )
        with database.transaction() as session:
            change_details(session, account_id, details, actor=actor_of(request))
    except Refused as refused:
        return _page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/invoices/new")


def _page(
    request: AnyRequest, database: Database, account_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = {"account": entered(session, account_id), "form": form}
    return page(request, "backoffice/invoices/details.html", context, status=status)
