"""Browsers: the sessions of somebody of staff, as they are shown; and signing out one of one's own, or all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, post
from litestar.params import FromPath

from backoffice.access import ANY_STAFF, officer_of
from domain.sessions import browsers
from domain.sessions.keeping import SessionRow
from domain.sessions.model import Site
from domain.shared.errors import N_
from domain.shared.words import Words
from web.fragments import see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PROGRAMS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""What a browser says of itself, in the order in which it is to be believed: most name others besides."""


@dataclass(frozen=True, slots=True)
class BrowserView:
    """One signed-in browser: what it calls itself, from where and when it was last seen, and whether it is this one."""

    id: int
    words: Words
    address: str | None
    since: datetime
    seen_at: datetime
    is_here: bool


def browser_views(rows: Sequence[SessionRow], here: int | None = None) -> list[BrowserView]:
    """These sessions as they are shown; `here` is the one in which the page is read."""
    return [
        BrowserView(row.id, name_of(row.user_agent), row.address, row.created_at, row.seen_at, row.id == here)
        for row in rows
    ]


def name_of(user_agent: str | None) -> Words:
    """What a browser is, as far as it says so."""
    said = user_agent or ""
    program = next((name for mark, name in PROGRAMS if mark in said), None)
    system = next((name for mark, name in SYSTEMS if mark in said), None)
    if program and system:
        return Words.of(N_("{program} on {system}"), program=program, system=system)
    return Words.of(N_("A browser"))


@post("/profile/browsers/{session_id:int}/end", guards=ANY_STAFF, sync_to_thread=True)
def sign_out_browser(request: AnyRequest, database: GivenDatabase, session_id: FromPath[int]) -> Response[bytes]:
    """Sign out one browser of one's own."""
    with database.transaction() as session:
        browsers.end_one(session, Site.OFFICE, officer_of(request).staff_id, session_id)
    return see_other(request, "/profile#browsers")


@post("/profile/browsers/end-others", guards=ANY_STAFF, sync_to_thread=True)
def sign_out_others(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Sign out every browser but this one."""
    officer = officer_of(request)
    with database.transaction() as session:
        browsers.end_others(session, Site.OFFICE, officer.staff_id, but=officer.session_id)
    return see_other(request, "/profile#browsers")
