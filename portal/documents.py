"""Documents: papers to look through and take away; only pictures that we made anew are ever shown inline."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from domain.documents import opening, queries, seeing
from domain.documents.listing import Wanted
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from domain.statements import papers
from domain.statements.papers import MEDIA_TYPE, Printed
from portal.access import actor_of, enter
from portal.given import AccountId, PublicId
from web.documents import category_of, looked_through
from web.downloads import download, picture
from web.fragments import page
from web.given import GivenDatabase, GivenRenderer, GivenStore
from web.visit import AnyRequest, visit_of

OF_ACCOUNT = "/accounts/{account_id:int}/documents"


@get(OF_ACCOUNT, sync_to_thread=True)
def list_documents(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    category: FromQuery[str] = "",
    words: FromQuery[str] = "",
    after: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The papers of the account that this customer may see, newest first, by category and by the words in them."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        wanted = Wanted(account_id, category_of(category), words, account.rights)
        context = looked_through(session, wanted, f"{account.path}/documents", after)
    return page(request, "portal/documents/list.html", {"account": account, **context})


@get("/accounts/{account_id:int}/invoices/{invoice_id:int}/pdf", sync_to_thread=True)
def invoice_pdf(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    invoice_id: FromPath[int],
    renderer: GivenRenderer,
) -> Response[Any]:
    """An invoice."""
    with database.reading() as session:
        enter(request, session, account_id)
        printed = papers.print_invoice(session, renderer, account_id, invoice_id, language=_language(request))
    return _paper(printed)


@get("/accounts/{account_id:int}/credit-notes/{credit_note_id:int}/pdf", sync_to_thread=True)
def credit_note_pdf(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    credit_note_id: FromPath[int],
    renderer: GivenRenderer,
) -> Response[Any]:
    """A credit note."""
    with database.reading() as session:
        enter(request, session, account_id)
        printed = papers.print_credit_note(session, renderer, account_id, credit_note_id, language=_language(request))
    return _paper(printed)


@get("/accounts/{account_id:int}/discounts/{discount_id:int}/pdf", sync_to_thread=True)
def discount_note_pdf(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    discount_id: FromPath[int],
    renderer: GivenRenderer,
) -> Response[Any]:
    """The credit note of an early discount."""
    with database.reading() as session:
        enter(request, session, account_id)
        printed = papers.print_discount_note(session, renderer, account_id, discount_id, language=_language(request))
    return _paper(printed)


@get("/accounts/{account_id:int}/concessions/{concession_id:int}/pdf", sync_to_thread=True)
def concession_note_pdf(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    concession_id: FromPath[int],
    renderer: GivenRenderer,
) -> Response[Any]:
    """The credit note of what was given up to settle a debt."""
    language = _language(request)
    with database.reading() as session:
        enter(request, session, account_id)
        printed = papers.print_concession_note(session, renderer, account_id, concession_id, language=language)
    return _paper(printed)


@get("/accounts/{account_id:int}/payments/{public_id:str}/receipt.pdf", sync_to_thread=True)
def receipt_pdf(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, public_id: PublicId, renderer: GivenRenderer
) -> Response[Any]:
    """A receipt."""
    with database.reading() as session:
        enter(request, session, account_id)
        printed = papers.print_receipt(session, renderer, account_id, public_id, language=_language(request))
    return _paper(printed)


@get(OF_ACCOUNT + "/{document_id:int}", sync_to_thread=True)
def document(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, document_id: FromPath[int], store: GivenStore
) -> Response[Any]:
    """A document as it was filed; each opening is written down. Papers on credit are for those who bind the account."""
    row = _seen(request, database, account_id, document_id)
    content = opening.open_document(database, store, row, actor=actor_of(request))
    return download(content, row.filename, row.media_type)


@get(OF_ACCOUNT + "/{document_id:int}/picture", sync_to_thread=True)
def document_picture(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, document_id: FromPath[int], store: GivenStore
) -> Response[Any]:
    """A picture that we made anew, to be looked at; each opening is written down."""
    row = _seen(request, database, account_id, document_id)
    with database.reading() as session:
        if queries.picture_size(session, row.sha256) is None:
            raise NotFound(queries.NO_SUCH_DOCUMENT)
    content = opening.open_document(database, store, row, actor=actor_of(request))
    return picture(content, row.media_type)


def _seen(request: AnyRequest, database: Database, account_id: int, document_id: int) -> AnyRow:
    """A document that this customer may see; NotFound, or NotAllowed where they lack the right that it needs."""
    with database.reading() as session:
        enter(request, session, account_id)
        row, right = seeing.document_for(session, account_id, document_id)
        enter(request, session, account_id, right)
    return row


def _paper(printed: Printed) -> Response[Any]:
    return download(printed.content, printed.filename, MEDIA_TYPE)


def _language(request: AnyRequest) -> str:
    return visit_of(request).speaking.language
