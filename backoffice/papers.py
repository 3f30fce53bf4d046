"""Papers: invoices, credit notes and receipts made fresh from the books, and statements issued."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from backoffice.access import actor_of, admit
from backoffice.documents import documents_page
from backoffice.given import AccountId, InvoiceId
from domain.accounts import queries as accounts
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from domain.statements import issuing, papers
from domain.statements.papers import MEDIA_TYPE, Printed
from web.downloads import download
from web.forms import SentForm
from web.fragments import see_other
from web.given import GivenDatabase, GivenRenderer, GivenStore
from web.visit import AnyRequest


@get(
    "/accounts/{account_id:int}/invoices/{invoice_id:int}/pdf",
    guards=admit(Permission.SEE_DOCUMENTS),
    sync_to_thread=True,
)
def invoice_pdf(
    database: GivenDatabase, account_id: AccountId, invoice_id: InvoiceId, renderer: GivenRenderer
) -> Response[Any]:
    """An invoice, in the customer's language."""
    with database.reading() as session:
        language = accounts.account(session, account_id).language
        return _paper(papers.print_invoice(session, renderer, account_id, invoice_id, language=language))


@get(
    "/accounts/{account_id:int}/credit-notes/{credit_note_id:int}/pdf",
    guards=admit(Permission.SEE_DOCUMENTS),
    sync_to_thread=True,
)
def credit_note_pdf(
    database: GivenDatabase, account_id: AccountId, credit_note_id: FromPath[int], renderer: GivenRenderer
) -> Response[Any]:
    """A credit note, in the customer's language."""
    with database.reading() as session:
        language = accounts.account(session, account_id).language
        return _paper(papers.print_credit_note(session, renderer, account_id, credit_note_id, language=language))


@post("/accounts/{account_id:int}/statements", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def issue_statement(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    form: SentForm,
    store: GivenStore,
    renderer: GivenRenderer,
) -> Response[bytes]:
    """Issue the statement of a period and keep it for good."""
    try:
        with form.reading():
            first = form.day("first", missing=N_("Enter the first day of the statement."))
            last = form.day("last", missing=N_("Enter the last day of the statement."))
        with database.transaction() as session:
            issuing.issue(session, store, renderer, account_id, first, last, actor=actor_of(request))
    except Refused as refused:
        if refused.field == "to":
            refused.field = "last"
        return documents_page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/documents")


def _paper(printed: Printed) -> Response[Any]:
    return download(printed.content, printed.filename, MEDIA_TYPE)
