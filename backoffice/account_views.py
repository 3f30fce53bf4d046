"""Account views: lists of accounts with their filters that somebody keeps: saved, renamed, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.account_filters import Chosen, chosen_of
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from domain.worklist import views
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

LIST = "/accounts"


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view that somebody has kept, and whether the list shows it now."""

    id: int
    name: str
    href: str
    is_shown: bool


def view_links(session: Session, request: AnyRequest, chosen: Chosen) -> Sequence[ViewLink]:
    """Their views of the list of accounts, by name."""
    now = urlencode(sorted(chosen.asked.items()))
    return [
        ViewLink(row.id, row.name, f"{LIST}?{row.query}", row.query == now)
        for row in views.views(session, officer_of(request).staff_id, LIST)
    ]


@get("/accounts/views", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_views(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The views that they keep, to be renamed and removed, and what the list shows now, to be kept."""
    return _page(request, database, chosen_of(request))


@post("/accounts/views", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def save_view(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Keep what the list shows under a name."""
    chosen = chosen_of(request, form)
    query = urlencode(sorted(chosen.asked.items()))
    try:
        with form.reading():
            name = form.text("name", longest=views.LONGEST_NAME, missing=N_("Enter a name for the view."))
        with database.transaction() as session:
            views.save(session, LIST, query, name, actor=actor_of(request))
    except Refused as refused:
        form.refused(refused)
        return _page(request, database, chosen, status=status_of(refused))
    return see_other(request, f"{LIST}?{query}")


@post("/accounts/views/{view_id:int}", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def change_view(
    request: AnyRequest, database: GivenDatabase, view_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Give one of their views another name, or remove it."""
    with database.reading() as session:
        views.view(session, officer_of(request).staff_id, view_id)
    try:
        if form.value("act") == "remove":
            with database.transaction() as session:
                views.remove(session, view_id, actor=actor_of(request))
            return see_other(request, f"{LIST}/views")
        with form.reading():
            name = form.text("name", longest=views.LONGEST_NAME, missing=N_("Enter a name for the view."))
        with database.transaction() as session:
            views.rename(session, view_id, name, actor=actor_of(request))
    except Refused as refused:
        form.refused(refused)
        return _page(request, database, chosen_of(request), changing=(view_id, form), status=status_of(refused))
    return see_other(request, f"{LIST}/views")


def _page(
    request: AnyRequest,
    database: GivenDatabase,
    chosen: Chosen,
    *,
    changing: tuple[int, Form] | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        kept = view_links(session, request, chosen)
    forms = {one.id: Form.starting(request, name=one.name) for one in kept}
    if changing is not None:
        forms[changing[0]] = changing[1]
    context = {
        "views": [(one, forms[one.id]) for one in kept],
        "form": chosen.form,
        "asked": chosen.asked,
        "list_href": with_query(LIST, **chosen.asked),
    }
    return page(request, "backoffice/accounts/views.html", context, status=status)


PAGES: Sequence[ControllerRouterHandler] = (show_views, save_view, change_view)
"""Every handler of these views."""
