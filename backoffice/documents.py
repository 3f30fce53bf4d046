"""Documents: an account's papers and all of them, looked through by category and by words; filed, and replaced."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from backoffice.access import actor_of, admit
from backoffice.document_views import facts_of, filed_just_now
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from backoffice.wording import with_doers
from domain.audit.queries import acts_on
from domain.documents import opening, queries, versions
from domain.documents.holds import hold_on
from domain.documents.listing import Wanted
from domain.documents.names import FILED, FILED_AS
from domain.documents.storage import Store
from domain.processing.erasing import grounds
from domain.processing.filing_papers import file_new_papers, invoice_called
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, NotFound, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from domain.statements.queries import issued_statements
from web.documents import category_of, looked_through
from web.downloads import download, picture
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenStore
from web.links import with_query
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

OF_ACCOUNT = "/accounts/{account_id:int}/documents"
DOCUMENT = "/documents/{document_id:int}"
DocumentId = FromPath[int]
OPENINGS = 50
"""Openings that are shown with a document, the newest of them."""


@get("/documents", guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def list_documents(
    request: AnyRequest,
    database: GivenDatabase,
    category: FromQuery[str] = "",
    words: FromQuery[str] = "",
    after: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The documents of everybody, newest first, by category and by the words in them."""
    wanted = Wanted(category=category_of(category), words=words)
    with database.reading() as session:
        context = looked_through(session, wanted, "/documents", after)
    return page(request, "backoffice/documents/list.html", context)


@get(OF_ACCOUNT, guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def account_documents(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    category: FromQuery[str] = "",
    words: FromQuery[str] = "",
    after: FromQuery[int | None] = None,
    filed: FromQuery[str] = "",
) -> Response[bytes]:
    """The account's papers as they were filed, the way to file more, and its statements; what was `filed` just now."""
    wanted = Wanted(account_id, category_of(category), words)
    form = Form.starting(request)
    return documents_page(request, database, account_id, form, wanted=wanted, after=after, filed=filed)


@post(OF_ACCOUNT, guards=admit(Permission.FILE_DOCUMENTS), sync_to_thread=True, request_max_body_size=MOST_SENT)
def file_documents(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """File papers about the account, or about the invoice whose number was typed."""
    number = form.value("number").strip()
    try:
        with form.reading():
            category = form.choice("category", FILED_AS, missing=N_("Choose what it is."))
        with database.reading() as session:
            about = invoice_called(session, account_id, number) if number else ("account", account_id)
        taken = intake.take_all(form.uploads("files"))
        with database.transaction() as session:
            use_once(session, form.value("once"))
            papers = file_new_papers(
                session,
                account_id,
                taken,
                category=category,
                about=about,
                actor=actor_of(request),
                for_staff=form.ticked("for_staff"),
            )
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}/documents")
    except Refused as refused:
        return documents_page(request, database, account_id, form.refused(refused), status=422)
    there = f"/accounts/{account_id}/" + (f"invoices/{about[1]}" if number else "documents")
    return see_other(request, with_query(there, filed=",".join(str(each) for each in papers)))


@get(DOCUMENT, guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def document(request: AnyRequest, database: GivenDatabase, document_id: DocumentId, store: GivenStore) -> Response[Any]:
    """A document as it was filed; each opening is written down."""
    row, content = _opened(request, database, document_id, store)
    return download(content, row.filename, row.media_type)


@get(f"{DOCUMENT}/picture", guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def document_picture(
    request: AnyRequest, database: GivenDatabase, document_id: DocumentId, store: GivenStore
) -> Response[Any]:
    """A picture that we made anew, to be looked at; each opening is written down."""
    with database.reading() as session:
        if queries.picture_size(session, queries.any_document(session, document_id).sha256) is None:
            raise NotFound(queries.NO_SUCH_DOCUMENT)
    row, content = _opened(request, database, document_id, store)
    return picture(content, row.media_type)


@get(f"{DOCUMENT}/details", guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def document_details(request: AnyRequest, database: GivenDatabase, document_id: DocumentId) -> Response[bytes]:
    """What a document is, its versions, and who has opened it."""
    return details_page(request, database, document_id, Form.starting(request))


@post(
    f"{DOCUMENT}/versions",
    guards=admit(Permission.FILE_DOCUMENTS),
    sync_to_thread=True,
    request_max_body_size=MOST_SENT,
)
def supersede_document(
    request: AnyRequest, database: GivenDatabase, document_id: DocumentId, form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """Put a newer version in its place."""
    with database.reading() as session:
        queries.any_document(session, document_id)
    try:
        with form.reading():
            sent = form.upload("file", missing=N_("Choose the file of the newer version."))
        assert sent is not None
        taken = intake.take_in(sent)
        with database.transaction() as session:
            newer = versions.supersede(session, document_id, taken, actor=actor_of(request)).id
    except Refused as refused:
        return details_page(request, database, document_id, form.refused(refused), status=422)
    return see_other(request, f"/documents/{newer}/details")


def documents_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    form: Form,
    *,
    wanted: Wanted | None = None,
    after: int | None = None,
    filed: str = "",
    status: int = 200,
) -> Response[bytes]:
    """The part of the account with its papers; `form` is for filing one or issuing a statement, with what is wrong."""
    with database.reading() as session:
        context = frame(session, account_id, "documents")
        day = today(session)
        hold = hold_on(session, account_id)
        statements = issued_statements(session, account_id, limit=12)
        lately = filed_just_now(session, account_id, filed)
        context |= looked_through(session, wanted or Wanted(account_id), f"/accounts/{account_id}/documents", after)
    usual = {"first": day.replace(day=1).isoformat(), "last": day.isoformat()}
    form.fill(usual)
    context |= {
        "statements": statements,
        "closing": {row.id: Money(row.closing_minor, row.currency) for row in statements},
        "filed": FILED,
        "lately": lately,
        "hold": hold,
        "form": form,
    }
    return page(request, "backoffice/account/documents.html", context, status=status)


def details_page(
    request: AnyRequest, database: Database, document_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    """One document; `form` is for replacing it, with what is wrong with it."""
    with database.reading() as session:
        row = queries.any_document(session, document_id)
        acts = acts_on(session, ("document", document_id), limit=OPENINGS)
        account = entered(session, row.account_id) if row.account_id is not None else None
        context = {
            "document": row,
            "account": account,
            "facts": facts_of(session, row),
            "versions": versions.versions(session, document_id),
            "picture": queries.picture_size(session, row.sha256),
            "erased": queries.is_erased(session, document_id),
            "grounds": grounds(session, row),
            "acts": [(act, doer, ACT_NAMES.get(act.act, act.act)) for act, doer in with_doers(session, acts)],
            "form": form,
        }
    return page(request, "backoffice/documents/show.html", context, status=status)


ACT_NAMES = {
    "document.filed": N_("Filed"),
    "document.opened": N_("Opened"),
    "document.superseded": N_("Replaced"),
    "document.erased": N_("Erased"),
}
"""What was done to a document."""


def _opened(request: AnyRequest, database: Database, document_id: int, store: Store) -> tuple[AnyRow, Any]:
    with database.reading() as session:
        row = queries.any_document(session, document_id)
    return row, opening.open_document(database, store, row, actor=actor_of(request))
