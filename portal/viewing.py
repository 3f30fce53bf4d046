"""Viewing: staff come in by a pass from the back office, look, and leave; the pages are those of the customer."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from domain.sessions import keeping as sessions
from domain.sessions import viewing
from domain.shared.errors import Refused
from portal.access import customer_of
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

COMING = Rate(60, 3600)
"""So often one network address may try passes."""


@get("/viewing/{token:str}", opt={"public": True}, sync_to_thread=True)
def viewing_door(request: AnyRequest, token: FromPath[str]) -> Response[bytes]:
    """Say what comes; nothing is used up by opening it."""
    return page(request, "portal/viewing/door.html", {"token": token})


@post("/viewing/{token:str}", opt={"public": True, "looking": True}, sync_to_thread=True)
def begin_viewing(request: AnyRequest, database: GivenDatabase, token: FromPath[str]) -> Response[bytes]:
    """Use the pass, and show the account as its customers see it."""
    visit = visit_of(request)
    visit.site.limiter.count("viewing", visit.address, COMING)
    try:
        with database.transaction() as session:
            secret, account_id = viewing.come_in(
                session, token, address=visit.address, user_agent=visit.header(b"user-agent")
            )
    except Refused as refused:
        return page(request, "portal/viewing/door.html", {"refused": refused}, status=422)
    visit.begin_session(secret)
    return see_other(request, f"/accounts/{account_id}")


@post("/stop-viewing", opt={"looking": True}, sync_to_thread=True)
def end_viewing(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Stop looking."""
    with database.transaction() as session:
        sessions.end(session, customer_of(request).session_id)
    visit_of(request).end_session()
    return page(request, "portal/viewing/ended.html", {})


PAGES: Sequence[ControllerRouterHandler] = (viewing_door, begin_viewing, end_viewing)
"""Every handler of this page."""
