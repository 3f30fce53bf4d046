"""Link doors: signing in and out of a site without a password: by a link in the browser that asked, or by its digits.

A site whose people come in so has these handlers and provides `people` and `nudge`; `sign_in/ask.html` and
`sign_in/code.html` of its own templates fill in what those of `ui/` leave open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import Session

from domain.sessions import keeping as sessions
from domain.sessions import links
from domain.sessions.keeping import SessionRow
from domain.sessions.links import People, SignedIn
from domain.sessions.model import Site
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Refused
from domain.shared.tokens import new_token
from web.forms import Form, SentForm
from web.fragments import Context, own_path, page, see_other
from web.given import GivenDatabase, GivenNudge
from web.rate_limits import Rate
from web.visit import A_YEAR, AnyRequest, Visitor, visit_of

Coming = TypeVar("Coming", bound=Visitor)
GivenPeople = NamedDependency[People]
"""Who comes in to this site."""

LINK_PAGE = "ui/sign_in/link.html"
BROWSER = "browser"
"""The cookie by which a link is bound to the browser that asked for it."""
BROWSER_LASTS = 3600
ASKING = Rate(20, 3600)
TRYING = Rate(30, 3600)
"""So often one network address may ask for links, or try codes and links."""


def authenticator(
    database: Database, visitors: Mapping[Site, Callable[[Session, SessionRow], Coming | None]]
) -> Callable[[AnyRequest], Coming | None]:
    """Finds who is behind a request's session, in a session of its own that is closed before the handler runs.

    `visitors` make them of the browser's session, by its kind, looked for in this order; None where they may come in
    no longer.
    """

    def find(request: AnyRequest) -> Coming | None:
        with database.reading() as session:
            found = (sessions.find(session, site, visit_of(request).session_token) for site in visitors)
            row = next((each for each in found if each is not None), None)
            coming = None if row is None else visitors[row.site](session, row)
            seen_long_ago = row is not None and sessions.is_seen_long_ago(row, now(session))
        if row is not None and coming is not None and seen_long_ago:
            with database.transaction() as session:
                sessions.seen(session, row.id)
        return coming

    return find


@get("/sign-in", opt={"public": True}, sync_to_thread=True)
def sign_in(request: AnyRequest, next: FromQuery[str] = "") -> Response[bytes]:
    """Ask for a link."""
    if visit_of(request).visitor is not None:
        return see_other(request, own_path(next))
    return _page(request, "ask", {"form": Form.starting(request, next=own_path(next, ""))})


@post("/sign-in", opt={"public": True}, sync_to_thread=True)
def ask_for_link(
    request: AnyRequest, database: GivenDatabase, form: SentForm, people: GivenPeople, nudge: GivenNudge
) -> Response[bytes]:
    """Send a link and a code, if somebody may come in with the address; the answer is the same if nobody may."""
    visit = visit_of(request)
    visit.site.limiter.count("ask", visit.address, ASKING)
    secret = visit.cookies.get(visit.site.cookie_name(BROWSER)) or new_token()
    try:
        with form.reading():
            email = form.text("email", longest=254, missing=N_("Type your email address."))
        with database.transaction() as session:
            links.ask(session, people, email=email, browser_secret=secret, next_path=own_path(form.value("next"), ""))
    except Refused as refused:
        return _page(request, "ask", {"form": form.refused(refused)}, status=422)
    nudge()
    visit.set_cookie(BROWSER, secret, max_age=BROWSER_LASTS)
    return see_other(request, "/sign-in/code")


@get("/sign-in/code", opt={"public": True}, sync_to_thread=True)
def code_form(request: AnyRequest) -> Response[bytes]:
    """Say that the mail is on its way, and take its code."""
    return _page(request, "code", {"form": Form.starting(request)})


@post("/sign-in/code", opt={"public": True}, sync_to_thread=True)
def use_code(request: AnyRequest, database: GivenDatabase, form: SentForm, people: GivenPeople) -> Response[bytes]:
    """Come in by the six digits."""
    visit = visit_of(request)
    visit.site.limiter.count("come in", visit.address, TRYING)
    secret = visit.cookies.get(visit.site.cookie_name(BROWSER), "")
    try:
        with form.reading():
            code = form.text("code", longest=20, missing=N_("Type the six digits of the email."))
        signed_in = links.use_code(database, people, browser_secret=secret, code=code, address=visit.address)
    except Refused as refused:
        return _page(request, "code", {"form": form.refused(refused)}, status=422)
    return _come_in(request, database, people, signed_in)


@get("/sign-in/link", opt={"public": True}, sync_to_thread=True)
def link_page(
    request: AnyRequest, database: GivenDatabase, people: GivenPeople, token: FromQuery[str] = ""
) -> Response[bytes]:
    """What the link leads to: a button, since a mail scanner opens links too."""
    with database.reading() as session:
        peek = links.peek(session, people, token=token, browser_secret=_browser_secret(request))
    if peek is None and visit_of(request).visitor is not None:
        return see_other(request, "/")
    context = {"form": Form.starting(request, token=token), "peek": peek}
    return page(request, LINK_PAGE, context, status=200 if peek else 410)


@post("/sign-in/link", opt={"public": True}, sync_to_thread=True)
def use_link(request: AnyRequest, database: GivenDatabase, form: SentForm, people: GivenPeople) -> Response[bytes]:
    """Come in by the link, once."""
    visit = visit_of(request)
    visit.site.limiter.count("come in", visit.address, TRYING)
    token, secret = form.value("token"), _browser_secret(request)
    try:
        with database.transaction() as session:
            signed_in = links.use_token(session, people, token=token, browser_secret=secret, address=visit.address)
    except Refused as refused:
        with database.reading() as session:
            peek = links.peek(session, people, token=token, browser_secret=secret)
        return page(request, LINK_PAGE, {"form": form.refused(refused), "peek": peek}, status=422)
    return _come_in(request, database, people, signed_in)


@post("/sign-out", sync_to_thread=True)
def sign_out(request: AnyRequest, database: GivenDatabase, form: SentForm, people: GivenPeople) -> Response[bytes]:
    """Leave, in this browser or everywhere."""
    visit = visit_of(request)
    with database.transaction() as session:
        row = sessions.find(session, people.site, visit.session_token)
        if row is not None and form.ticked("everywhere"):
            sessions.end_all(session, people.site, row.subject_id)
        elif row is not None:
            sessions.end(session, row.id)
    visit.end_session()
    language = visit.visitor.language if visit.visitor is not None else None
    if language is not None:
        visit.set_cookie("language", language, max_age=A_YEAR)
    return see_other(request, "/sign-in")


LINK_DOORS: Sequence[ControllerRouterHandler] = (
    sign_in,
    ask_for_link,
    code_form,
    use_code,
    link_page,
    use_link,
    sign_out,
)


def _page(request: AnyRequest, name: str, context: Context, *, status: int = 200) -> Response[bytes]:
    """A page of which each site has its own."""
    return page(request, f"{visit_of(request).site.name}/sign_in/{name}.html", context, status=status)


def _browser_secret(request: AnyRequest) -> str | None:
    visit = visit_of(request)
    return visit.cookies.get(visit.site.cookie_name(BROWSER))


def _come_in(request: AnyRequest, database: Database, people: People, signed_in: SignedIn) -> Response[bytes]:
    visit = visit_of(request)
    with database.transaction() as session:
        token = sessions.start(
            session,
            site=people.site,
            subject_id=signed_in.subject_id,
            address=visit.address,
            user_agent=visit.header(b"user-agent")[:300],
        )
    visit.begin_session(token)
    visit.set_cookie(BROWSER, "", max_age=0)
    return see_other(request, own_path(signed_in.next_path))
