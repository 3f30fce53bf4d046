"""Admission: who is asking, and did this form come from us. Everything is private unless a handler says otherwise.

A handler's `opt` may say `public` (nobody need be signed in; whoever is, is known) or `machine` (called by a program
with credentials of its own: no cookies are looked at, and so there is nothing to forge).
"""

from typing import cast

from litestar.concurrency import sync_to_thread
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler

from web.csrf import FIELD, HEADER, CsrfRefused
from web.visit import AnyRequest, Connection, visit_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInNeeded(Exception):
    """Nobody is signed in, and the page is for somebody who is."""


async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of every route: finds the visitor, refuses strangers, refuses forged forms."""
    opt = handler.opt
    if opt.get("machine") or connection.scope["type"] != ScopeType.HTTP:
        return
    request = cast("AnyRequest", connection)
    visit = visit_of(request)
    private = not opt.get("public")
    if visit.session_token:
        visit.visitor = await sync_to_thread(visit.site.authenticate, request)
    request.scope["user"] = visit.visitor
    if private and visit.visitor is None:
        raise SignInNeeded
    if request.method not in SAFE_METHODS:
        await _refuse_forged(request)


async def _refuse_forged(request: AnyRequest) -> None:
    visit = visit_of(request)
    if visit.header(b"sec-fetch-site") not in {"", "same-origin", "none"}:
        raise CsrfRefused
    submitted = visit.header(HEADER) or (await request.form()).get(FIELD, "")
    kept = visit.cookies.get(visit.site.cookie_name("csrf"), "")
    if not isinstance(submitted, str) or not visit.site.tokens.agrees(submitted, kept, visit.session_token):
        raise CsrfRefused
