"""Joining: what an invitation's link leads to: a button, then a password and the phone, then the recovery codes."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery

from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.staff.credentials import accepting
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.qr import qr_code
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

TRYING = Rate(30, 3600)
"""So often one network address may send these forms."""


@get("/join", opt={"public": True}, sync_to_thread=True)
def join_page(request: AnyRequest, database: GivenDatabase, token: FromQuery[str] = "") -> Response[bytes]:
    """Who is meant, and a button: a mail scanner opens links too."""
    with database.reading() as session:
        welcome = accepting.peek(session, token)
    context = {"welcome": welcome, "form": Form.starting(request, token=token)}
    return page(request, "backoffice/join/start.html", context, status=200 if welcome else 410)


@post("/join", opt={"public": True}, sync_to_thread=True)
def join(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Ask for a password and the phone's code; where both are good, the link is used up and the codes are shown."""
    visit = visit_of(request)
    visit.site.limiter.count("join", visit.address, TRYING)
    token = form.value("token")
    if form.value("step") != "join":
        return _secrets(request, database, Form.starting(request, token=token))
    try:
        with form.reading():
            password = form.value("password")
            if password != form.value("again"):
                form.refuse("again", N_("The two are not the same."))
            code = form.text("code", longest=20, missing=N_("Type the six digits from your phone."))
        with database.transaction() as session:
            joined = accepting.accept(session, token, password=password, code=code, address=visit.address)
            sessions.end_all(session, Site.OFFICE, joined.staff_id)
    except Refused as refused:
        return _secrets(request, database, form.refused(refused), status=422)
    return page(request, "backoffice/join/done.html", {"codes": joined.recovery_codes})


def _secrets(request: AnyRequest, database: Database, form: Form, *, status: int = 200) -> Response[bytes]:
    """The form for both secrets; where the link works no longer, the page that says so."""
    try:
        with database.transaction() as session:
            welcome, uri = accepting.begin(session, form.value("token"))
    except Refused:
        return page(request, "backoffice/join/start.html", {"welcome": None, "form": form}, status=410)
    context = {"welcome": welcome, "uri": uri, "picture": qr_code(uri), "form": form}
    return page(request, "backoffice/join/secrets.html", context, status=status)
