"""Signing in and out: email, password and second factor on one page; the same words for whatever was wrong."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from litestar.params import FromQuery

from backoffice.access import ANY_STAFF, Officer, officer_of
from backoffice.ceremony import kept_secret, own_secret, relying_party
from backoffice.elsewhere import GivenElsewhere
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, NotFound, Refused
from domain.staff import queries as staff
from domain.staff import signing_in
from web.forms import Form, SentForm
from web.fragments import own_path, page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

TRYING = Rate(20, 900)
"""So often one network address may try."""


def authenticate(database: Database) -> Callable[[AnyRequest], Officer | None]:
    """Finds who is behind a request's session, in a session of its own that is closed before the handler runs."""

    def find(request: AnyRequest) -> Officer | None:
        with database.reading() as session:
            row = sessions.find(session, Site.OFFICE, visit_of(request).session_token)
            member = staff.active(session, row.subject_id) if row else None
            at = now(session)
        if row is None or member is None:
            return None
        if sessions.is_seen_long_ago(row, at):
            with database.transaction() as session:
                sessions.seen(session, row.id)
        is_sure = sessions.is_stepped_up(row, at)
        return Officer(member.id, row.id, member.email, member.name, member.role, member.language, is_sure)

    return find


@get("/sign-in", opt={"public": True}, sync_to_thread=True)
def sign_in(request: AnyRequest, elsewhere: GivenElsewhere, next: FromQuery[str] = "") -> Response[bytes]:
    """Ask for all three."""
    if visit_of(request).visitor is not None:
        return see_other(request, own_path(next))
    return door(request, Form.starting(request, next=own_path(next, "")), elsewhere.name)


@post("/sign-in", opt={"public": True}, sync_to_thread=True)
def come_in(request: AnyRequest, database: GivenDatabase, form: SentForm, elsewhere: GivenElsewhere) -> Response[bytes]:
    """Come in, always with a new session."""
    visit = visit_of(request)
    visit.site.limiter.count("come in", visit.address, TRYING)
    try:
        with form.reading():
            email = form.text("email", longest=254, missing=N_("Type your email address."))
            code = form.text("code", longest=30, missing=N_("Type the six digits from your phone."))
        staff_id = signing_in.check(
            database, email=email, password=form.value("password"), code=code, address=visit.address
        )
    except Refused as refused:
        return door(request, form.refused(refused), elsewhere.name, status=422)
    return let_in(request, database, staff_id, form.value("next"))


@post("/sign-in/passkey", opt={"public": True}, sync_to_thread=True)
def begin_with_passkey(
    request: AnyRequest, database: GivenDatabase, form: SentForm, elsewhere: GivenElsewhere
) -> Response[bytes]:
    """Take address and password, and have the browser prove a passkey; right or wrong, the page is the same."""
    visit, party = visit_of(request), relying_party(request)
    visit.site.limiter.count("come in", visit.address, TRYING)
    try:
        with form.reading():
            email = form.text("email", longest=254, missing=N_("Type your email address."))
        if party is None:
            raise NotFound
        begun = signing_in.begin_with_passkey(
            database, party, email=email, password=form.value("password"), browser_secret=own_secret(request)
        )
    except Refused as refused:
        return door(request, form.refused(refused), elsewhere.name, status=422)
    kept = Form.starting(request, next=own_path(form.value("next"), ""))
    return page(request, "backoffice/passkeys/prove.html", {"begun": begun, "form": kept})


@post("/sign-in/passkey/prove", opt={"public": True}, sync_to_thread=True)
def come_in_with_passkey(
    request: AnyRequest, database: GivenDatabase, form: SentForm, elsewhere: GivenElsewhere
) -> Response[bytes]:
    """Come in by the passkey that the browser has proven."""
    visit, party = visit_of(request), relying_party(request)
    visit.site.limiter.count("come in", visit.address, TRYING)
    try:
        if party is None:
            raise NotFound
        staff_id = signing_in.check_passkey(
            database,
            party,
            browser_secret=kept_secret(request),
            ceremony=form.value("ceremony"),
            answer=form.value("answer"),
            address=visit.address,
        )
    except Refused as refused:
        again = Form.starting(request, next=own_path(form.value("next"), ""))
        return door(request, again.refused(refused), elsewhere.name, status=422)
    return let_in(request, database, staff_id, form.value("next"))


def door(request: AnyRequest, form: Form, organisation: str | None, *, status: int = 200) -> Response[bytes]:
    """The page that asks for everything; `organisation` is who else may prove somebody."""
    context = {"form": form, "has_passkeys": relying_party(request) is not None, "organisation": organisation}
    return page(request, "backoffice/sign_in/door.html", context, status=status)


def let_in(
    request: AnyRequest, database: Database, staff_id: int, next_path: str, *, is_sure: bool = True
) -> Response[bytes]:
    """Start a session for somebody who has proven who they are; `is_sure` where our own second factor was in it."""
    visit = visit_of(request)
    with database.transaction() as session:
        token = sessions.start(
            session,
            site=Site.OFFICE,
            subject_id=staff_id,
            address=visit.address,
            user_agent=visit.header(b"user-agent")[:300],
            stepped_up=is_sure,
        )
    visit.begin_session(token)
    return see_other(request, own_path(next_path))


@post("/sign-out", guards=ANY_STAFF, sync_to_thread=True)
def sign_out(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Leave, in this browser or everywhere; what was opened from here, to look as a customer, is over with it."""
    officer = officer_of(request)
    with database.transaction() as session:
        if form.ticked("everywhere"):
            sessions.end_all(session, Site.OFFICE, officer.staff_id)
        else:
            sessions.end(session, officer.session_id)
    visit_of(request).end_session()
    return see_other(request, "/sign-in")
