"""Signing in and out: a link by email, opened in the browser that asked for it, or its six digits typed there."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from litestar.params import FromQuery

from domain.accounts import queries as accounts
from domain.accounts import signing_in
from domain.accounts.signing_in import SignedIn
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Refused
from domain.shared.tokens import new_token
from portal.access import Customer, customer_of
from portal.given import GivenNudge
from web.forms import Form, SentForm
from web.fragments import own_path, page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import A_YEAR, AnyRequest, visit_of

BROWSER = "browser"
"""The cookie by which a link is bound to the browser that asked for it."""
BROWSER_LASTS = 3600
ASKING = Rate(20, 3600)
TRYING = Rate(30, 3600)
"""So often one network address may ask for links, or try codes and links."""


def authenticate(database: Database) -> Callable[[AnyRequest], Customer | None]:
    """Finds the customer behind a request's session, in a session of its own that is closed before the handler runs."""

    def find(request: AnyRequest) -> Customer | None:
        with database.reading() as session:
            row = sessions.find(session, Site.PORTAL, visit_of(request).session_token)
            login = accounts.login(session, row.subject_id) if row else None
            seen_long_ago = row is not None and sessions.is_seen_long_ago(row, now(session))
        if row is None or login is None:
            return None
        if seen_long_ago:
            with database.transaction() as session:
                sessions.seen(session, row.id)
        return Customer(login.id, row.id, login.email, login.name, login.language)

    return find


@get("/sign-in", opt={"public": True}, sync_to_thread=True)
def sign_in(request: AnyRequest, next: FromQuery[str] = "") -> Response[bytes]:
    """Ask for a link."""
    if visit_of(request).visitor is not None:
        return see_other(request, own_path(next))
    return page(request, "portal/sign_in/ask.html", {"form": Form.starting(request, next=own_path(next, ""))})


@post("/sign-in", opt={"public": True}, sync_to_thread=True)
def ask_for_link(request: AnyRequest, database: GivenDatabase, form: SentForm, nudge: GivenNudge) -> Response[bytes]:
    """Send a link and a code, if the address has a login; the answer is the same if it has none."""
    visit = visit_of(request)
    visit.site.limiter.count("ask", visit.address, ASKING)
    secret = visit.cookies.get(visit.site.cookie_name(BROWSER)) or new_token()
    try:
        with form.reading():
            email = form.text("email", longest=254, missing=N_("Type your email address."))
        with database.transaction() as session:
            signing_in.ask(session, email=email, browser_secret=secret, next_path=own_path(form.value("next"), ""))
    except Refused as refused:
        return page(request, "portal/sign_in/ask.html", {"form": form.refused(refused)}, status=422)
    nudge()
    visit.set_cookie(BROWSER, secret, max_age=BROWSER_LASTS)
    return see_other(request, "/sign-in/code")


@get("/sign-in/code", opt={"public": True}, sync_to_thread=True)
def code_form(request: AnyRequest) -> Response[bytes]:
    """Say that the mail is on its way, and take its code."""
    return page(request, "portal/sign_in/code.html", {"form": Form.starting(request)})


@post("/sign-in/code", opt={"public": True}, sync_to_thread=True)
def use_code(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Come in by the six digits."""
    visit = visit_of(request)
    visit.site.limiter.count("come in", visit.address, TRYING)
    secret = visit.cookies.get(visit.site.cookie_name(BROWSER), "")
    try:
        with form.reading():
            code = form.text("code", longest=20, missing=N_("Type the six digits of the email."))
        signed_in = signing_in.use_code(database, browser_secret=secret, code=code, address=visit.address)
    except Refused as refused:
        return page(request, "portal/sign_in/code.html", {"form": form.refused(refused)}, status=422)
    return _come_in(request, database, signed_in)


@get("/sign-in/link", opt={"public": True}, sync_to_thread=True)
def link_page(request: AnyRequest, database: GivenDatabase, token: FromQuery[str] = "") -> Response[bytes]:
    """What the link leads to: a button, since a mail scanner opens links too."""
    with database.reading() as session:
        peek = signing_in.peek(session, token=token, browser_secret=_browser_secret(request))
    if peek is None and visit_of(request).visitor is not None:
        return see_other(request, "/")
    status = 200 if peek else 410
    context = {"form": Form.starting(request, token=token), "peek": peek}
    return page(request, "portal/sign_in/link.html", context, status=status)


@post("/sign-in/link", opt={"public": True}, sync_to_thread=True)
def use_link(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Come in by the link, once."""
    visit = visit_of(request)
    visit.site.limiter.count("come in", visit.address, TRYING)
    token, secret = form.value("token"), _browser_secret(request)
    try:
        with database.transaction() as session:
            signed_in = signing_in.use_token(session, token=token, browser_secret=secret, address=visit.address)
    except Refused as refused:
        with database.reading() as session:
            peek = signing_in.peek(session, token=token, browser_secret=secret)
        context = {"form": form.refused(refused), "peek": peek}
        return page(request, "portal/sign_in/link.html", context, status=422)
    return _come_in(request, database, signed_in)


@post("/sign-out", sync_to_thread=True)
def sign_out(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Leave, in this browser or everywhere."""
    customer = customer_of(request)
    with database.transaction() as session:
        if form.ticked("everywhere"):
            sessions.end_all(session, Site.PORTAL, customer.login_id)
        else:
            sessions.end(session, customer.session_id)
    visit = visit_of(request)
    visit.end_session()
    if customer.language is not None:
        visit.set_cookie("language", customer.language, max_age=A_YEAR)
    return see_other(request, "/sign-in")


def _browser_secret(request: AnyRequest) -> str | None:
    visit = visit_of(request)
    return visit.cookies.get(visit.site.cookie_name(BROWSER))


def _come_in(request: AnyRequest, database: Database, signed_in: SignedIn) -> Response[bytes]:
    visit = visit_of(request)
    with database.transaction() as session:
        token = sessions.start(
            session,
            site=Site.PORTAL,
            subject_id=signed_in.login_id,
            address=visit.address,
            user_agent=visit.header(b"user-agent")[:300],
        )
    visit.begin_session(token)
    visit.set_cookie(BROWSER, "", max_age=0)
    return see_other(request, own_path(signed_in.next_path))
