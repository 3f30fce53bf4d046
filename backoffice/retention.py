"""Retention: how long papers are kept, which are due, and erasing them; legal holds, under which nothing is erased."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.confirming import unsure
from backoffice.document_views import facts_of
from backoffice.documents import DocumentId, documents_page
from backoffice.given import AccountId, GivenNudge
from domain.documents import holds, queries, retention, versions
from domain.documents.model import Category
from domain.documents.names import CATEGORY_NAMES
from domain.processing.erasing import erase, grounds
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

RETENTION = "/documents/retention"
ERASE = "/documents/{document_id:int}/erase"
WHY = N_("Say why, for whoever reads this later.")
CATEGORIES = {category.value: category for category in retention.PROFILE}


@get(RETENTION, guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def retention_page(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """For how long each sort of paper is kept and why, and what is due to be erased."""
    return _page(request, database, Form.starting(request))


@post(f"{RETENTION}/rules", guards=admit(Permission.ERASE_DOCUMENTS), sync_to_thread=True)
def set_retention(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Keep papers of a sort for so many years from a day on."""
    if (asked := unsure(request, database, form)) is not None:
        return asked
    try:
        with form.reading():
            category = form.choice("category", CATEGORIES, missing=N_("Choose what it is."))
            years = form.number("years", least=1, most=retention.MOST_YEARS)
            from_on = form.day("from_on")
            why = form.text("why", longest=500, missing=WHY)
        with database.transaction() as session:
            retention.set_years(session, category, years, from_on=from_on, why=why, actor=actor_of(request))
    except Refused as refused:
        return _page(request, database, form.refused(refused), status=422)
    return see_other(request, RETENTION)


@get(ERASE, guards=admit(Permission.ERASE_DOCUMENTS), sync_to_thread=True)
def erase_form(request: AnyRequest, database: GivenDatabase, document_id: DocumentId) -> Response[bytes]:
    """What would go for good and what stays, or every ground on which it must not go."""
    return _erase_page(request, database, document_id, Form.starting(request))


@post(ERASE, guards=admit(Permission.ERASE_DOCUMENTS), sync_to_thread=True)
def erase_document(
    request: AnyRequest, database: GivenDatabase, document_id: DocumentId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Erase the content of a document for good; the code is asked for, however lately it was given."""
    with database.reading() as session:
        queries.any_document(session, document_id)
    try:
        with form.reading():
            why = form.text("why", longest=500, missing=WHY)
        if (asked := unsure(request, database, form, always=True)) is not None:
            return asked
        with database.transaction() as session:
            erase(session, document_id, why=why, actor=actor_of(request))
    except Refused as refused:
        return _erase_page(request, database, document_id, form.refused(refused), status=422)
    nudge()
    return see_other(request, f"/documents/{document_id}/details")


@post("/accounts/{account_id:int}/legal-hold", guards=admit(Permission.ERASE_DOCUMENTS), sync_to_thread=True)
def place_hold(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Keep everything of the account, whatever its age."""

    def act(session: Session, why: str) -> None:
        holds.place(session, account_id, why, actor=actor_of(request))

    return _hold(request, database, account_id, form, act)


@post("/accounts/{account_id:int}/legal-hold/lift", guards=admit(Permission.ERASE_DOCUMENTS), sync_to_thread=True)
def lift_legal_hold(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Let the account's papers go their way again."""

    def act(session: Session, why: str) -> None:
        holds.lift(session, account_id, why, actor=actor_of(request))

    return _hold(request, database, account_id, form, act)


def _hold(
    request: AnyRequest, database: Database, account_id: int, form: Form, act: Callable[[Session, str], None]
) -> Response[bytes]:
    if (asked := unsure(request, database, form)) is not None:
        return asked
    try:
        with form.reading():
            why = form.text("why", longest=500, missing=WHY)
        with database.transaction() as session:
            act(session, why)
    except Refused as refused:
        return documents_page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/documents")


def _erase_page(
    request: AnyRequest, database: Database, document_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = queries.any_document(session, document_id)
        kept, is_erased = grounds(session, row), queries.is_erased(session, document_id)
        context = {
            "document": row,
            "facts": facts_of(session, row),
            "grounds": kept,
            "is_erased": is_erased,
            "versions": [one for one in versions.versions(session, document_id) if one.id != document_id],
            "copies": queries.same_content(session, document_id),
            "form": form.only_at(() if kept or is_erased else ("why",)),
        }
    return page(request, "backoffice/documents/erase.html", context, status=status)


def _page(request: AnyRequest, database: Database, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        kept = retention.kept_for(session)
        form.fill({"from_on": today(session).isoformat()})
        context = {
            "form": form,
            "rules": [(CATEGORY_NAMES[category], kept[category]) for category in Category if category in kept],
            "choices": [(key, CATEGORY_NAMES[category]) for key, category in CATEGORIES.items()],
            "due": retention.due(session),
            "most": retention.SHOWN_DUE,
        }
    return page(request, "backoffice/documents/retention.html", context, status=status)
