"""Unsubscribing: the page behind the link in every message, for whoever holds the message; nobody signs in.

Opening it changes nothing, since mail scanners open links too. A mail program's own "unsubscribe" button posts to the
same address (RFC 8058), from a server that has no cookie of ours and no page: there the signed token is all that there
is to believe, and it can do no more than this.
"""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from domain.notices.reach import unsubscribing
from domain.policies.contacting import Channel
from domain.shared.actor import Actor
from domain.shared.errors import N_, NotFound
from web.forms import SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The one field of a mail program's POST (RFC 8058, 3.1)."""
NOT_OURS = N_("This link is not complete. Copy all of it from the message, or write to us and we will do it.")
STARTING = Rate(10, 3600)
"""So often one address may be made welcome again: each change stands on a timeline for good. A stop always counts."""
BY_LINK, BY_HEADER = "link", "header"
"""How we know that messages are not welcome."""


@get("/unsubscribe/{token:str}", opt={"public": True}, sync_to_thread=True)
def unsubscribe_page(
    request: AnyRequest, database: GivenDatabase, token: FromPath[str], welcome: FromQuery[bool] = False
) -> Response[bytes]:
    """Say what would happen, or what has, and let it be changed; `welcome`: messages were just let in again."""
    channel, address = _named(request, token)
    with database.reading() as session:
        stopped = unsubscribing.is_unwelcome(session, channel, address)
    context = {
        "token": token,
        "address": address,
        "by_text": channel is Channel.SMS,
        "stopped": stopped,
        "welcome": welcome and not stopped,
    }
    return page(request, "portal/unsubscribe/show.html", context)


@post(
    "/unsubscribe/{token:str}", opt={"public": True, "machine": True}, sync_to_thread=True, request_max_body_size=4096
)
def one_click(request: AnyRequest, database: GivenDatabase, form: SentForm, token: FromPath[str]) -> Response[bytes]:
    """What a mail program sends when somebody presses its button; no redirect follows (RFC 8058, 3.1)."""
    channel, address = _named(request, token)
    name, expected = ONE_CLICK
    if form.value(name) != expected:
        return Response(b"", status_code=400, media_type="text/plain")
    with database.transaction() as session:
        unsubscribing.opt_out(session, channel, address, how=BY_HEADER, actor=_actor(request))
    return Response(b"", status_code=200, media_type="text/plain")


@post("/unsubscribe/{token:str}/stop", opt={"public": True}, sync_to_thread=True)
def stop_messages(request: AnyRequest, database: GivenDatabase, token: FromPath[str]) -> Response[bytes]:
    """Leave the address alone."""
    channel, address = _named(request, token)
    with database.transaction() as session:
        unsubscribing.opt_out(session, channel, address, how=BY_LINK, actor=_actor(request))
    return see_other(request, f"/unsubscribe/{token}")


@post("/unsubscribe/{token:str}/start", opt={"public": True}, sync_to_thread=True)
def start_messages(request: AnyRequest, database: GivenDatabase, token: FromPath[str]) -> Response[bytes]:
    """Write to the address again."""
    channel, address = _named(request, token)
    visit_of(request).site.limiter.count("welcome", address, STARTING)
    with database.transaction() as session:
        unsubscribing.opt_in(session, channel, address, how=BY_LINK, actor=_actor(request))
    return see_other(request, f"/unsubscribe/{token}?welcome=true")


def _named(request: AnyRequest, token: str) -> tuple[Channel, str]:
    named = unsubscribing.address_of(visit_of(request).site.settings.secret, token)
    if named is None:
        raise NotFound(NOT_OURS)
    return named


def _actor(request: AnyRequest) -> Actor:
    return Actor.visitor(visit_of(request).address)
