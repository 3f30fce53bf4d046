"""Passkeys: adding one to oneself, calling it something else, and removing it; each after the second factor."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath

from backoffice.access import ANY_STAFF, actor_of, officer_of
from backoffice.ceremony import kept_secret, own_secret, relying_party
from backoffice.confirming import unsure
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, NotFound, Refused
from domain.staff import queries
from domain.staff.credentials import passkeys
from domain.staff.credentials.passkeys import LONGEST_NAME, RelyingParty
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

BACK = "/profile#passkeys"


@post("/profile/passkeys/new", guards=ANY_STAFF, sync_to_thread=True)
def begin_passkey(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Ask for its name, and have the browser make it."""
    party = _party(request)
    if (asked := unsure(request, database, form)) is not None:
        return asked
    return _page(request, database, party, Form.starting(request))


@post("/profile/passkeys", guards=ANY_STAFF, sync_to_thread=True)
def add_passkey(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Keep what the browser has made."""
    party = _party(request)
    try:
        with form.reading():
            name = form.text("name", longest=LONGEST_NAME, missing=N_("Say which device or key it is on."))
            if not form.value("answer"):
                form.refuse("", N_("No passkey was made. Try again, and follow what your browser asks."))
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            passkeys.add(
                session,
                party,
                officer_of(request).staff_id,
                browser_secret=kept_secret(request),
                ceremony=form.value("ceremony"),
                answer=form.value("answer"),
                name=name,
                actor=actor_of(request),
            )
    except Refused as refused:
        return _page(request, database, party, form.refused(refused), status=422)
    return see_other(request, BACK)


@get("/profile/passkeys/{passkey_id:int}", guards=ANY_STAFF, sync_to_thread=True)
def show_passkey(request: AnyRequest, database: GivenDatabase, passkey_id: FromPath[int]) -> Response[bytes]:
    """One of one's own, to be called something else or removed."""
    return _one(request, database, passkey_id, None)


@post("/profile/passkeys/{passkey_id:int}", guards=ANY_STAFF, sync_to_thread=True)
def change_passkey(
    request: AnyRequest, database: GivenDatabase, passkey_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Call it something else, or remove it: whichever button was pressed."""
    staff_id = officer_of(request).staff_id
    with database.reading() as session:
        _own(passkeys.theirs(session, staff_id), passkey_id)
    is_removed = form.value("act") == "remove"
    try:
        with form.reading():
            name = form.text("name", longest=LONGEST_NAME, missing=N_("Say which device or key it is on."))
    except Refused as refused:
        if not is_removed:
            return _one(request, database, passkey_id, form.refused(refused), status=422)
    if (asked := unsure(request, database, form)) is not None:
        return asked
    with database.transaction() as session:
        if is_removed:
            passkeys.remove(session, staff_id, passkey_id, actor=actor_of(request))
        else:
            passkeys.rename(session, staff_id, passkey_id, name, actor=actor_of(request))
    return see_other(request, BACK)


def _party(request: AnyRequest) -> RelyingParty:
    party = relying_party(request)
    if party is None:
        raise Conflict(N_("Browsers make passkeys only for a site with a name and HTTPS."))
    return party


def _own(rows: list[passkeys.PasskeyRow], passkey_id: int) -> passkeys.PasskeyRow:
    found = next((row for row in rows if row.id == passkey_id), None)
    if found is None:
        raise NotFound
    return found


def _one(
    request: AnyRequest, database: Database, passkey_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = _own(passkeys.theirs(session, officer_of(request).staff_id), passkey_id)
    context = {"passkey": row, "form": form or Form.starting(request, name=row.name), "longest": LONGEST_NAME}
    return page(request, "backoffice/passkeys/show.html", context, status=status)


def _page(
    request: AnyRequest, database: Database, party: RelyingParty, form: Form, *, status: int = 200
) -> Response[bytes]:
    """The form with a challenge of its own: one that was answered is used up."""
    secret = own_secret(request)
    with database.transaction() as session:
        member = queries.active(session, officer_of(request).staff_id)
        assert member is not None
        begun = passkeys.begin_adding(session, party, member, browser_secret=secret)
    context = {"form": form, "begun": begun, "longest": LONGEST_NAME}
    return page(request, "backoffice/passkeys/new.html", context, status=status)
