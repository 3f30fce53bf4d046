"""Tags: words that staff put on an account to find it and its like again, with those in use suggested."""

from __future__ import annotations

from litestar import Response, get, post

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from domain.notes import queries, tags
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page_or_fragment, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/tags"


@get(PATH, guards=admit(Permission.WRITE_NOTES), sync_to_thread=True)
def tags_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The tags of the account, each with a way to take it off, and a field for another."""
    return _page(request, database, account_id, Form.starting(request))


@post(PATH, guards=admit(Permission.WRITE_NOTES), sync_to_thread=True)
def change_tags(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Put one on, or take one off."""
    with database.reading() as session:
        entered(session, account_id)
    try:
        with form.reading():
            change = tags.untag if form.value("off") else tags.tag
            given = form.value("off") or form.text("tag", missing=N_("Enter a word or two."))
        with database.transaction() as session:
            change(session, [account_id], given, actor=actor_of(request))
    except Refused as refused:
        return _page(request, database, account_id, form.refused(refused), status=status_of(refused))
    if visit_of(request).from_htmx:
        return _page(request, database, account_id, Form.starting(request))
    return see_other(request, f"/accounts/{account_id}")


def _page(
    request: AnyRequest, database: Database, account_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = {
            "account": entered(session, account_id),
            "tags": queries.tags_of(session, account_id),
            "suggested": [tag for tag, _ in queries.tags_in_use(session)],
            "longest": tags.LONGEST,
            "form": form,
        }
    return page_or_fragment(
        request,
        page="backoffice/account/tags.html",
        fragment="backoffice/account/_tags_form.html",
        context=context,
        status=status,
    )
