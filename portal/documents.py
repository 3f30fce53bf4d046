"""Documents: papers to take away, made fresh from the books or kept as they were issued; never shown inline."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from domain.accounts.model import Right
from domain.documents import opening, queries
from domain.documents.model import Category
from domain.shared.errors import NotFound
from domain.statements import papers
from domain.statements.papers import MEDIA_TYPE, Printed
from portal.access import actor_of, enter
from portal.given import AccountId, PublicId
from web.downloads import download
from web.given import GivenDatabase, GivenRenderer, GivenStore
from web.visit import AnyRequest, visit_of

SHOWN = frozenset(
    {
        Category.INVOICE,
        Category.CREDIT_NOTE,
        Category.STATEMENT,
        Category.RECEIPT,
        Category.ADVICE,
        Category.CREDIT_APPLICATION,
        Category.TERMS,
        Category.DISCHARGE,
        Category.AGREEMENT,
    }
)
"""The papers that customers open here. A letter is none: its pay link lets its holder do more than a login may."""


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


@get("/accounts/{account_id:int}/documents/{document_id:int}", sync_to_thread=True)
def document(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, document_id: FromPath[int], store: GivenStore
) -> Response[Any]:
    """A document as it was filed; each opening is written down. Papers on credit are for those who bind the account."""
    with database.reading() as session:
        enter(request, session, account_id)
        row = queries.document(session, account_id, document_id)
        if row.category not in SHOWN:
            raise NotFound(queries.NO_SUCH_DOCUMENT)
        if row.category is Category.CREDIT_APPLICATION:
            enter(request, session, account_id, Right.BIND)
    with database.transaction() as session:
        content = opening.open_document(session, store, row, actor=actor_of(request))
    return download(content, row.filename, row.media_type)


def _paper(printed: Printed) -> Response[Any]:
    return download(printed.content, printed.filename, MEDIA_TYPE)


def _language(request: AnyRequest) -> str:
    return visit_of(request).speaking.language
