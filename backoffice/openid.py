"""OpenID: coming in by the house's own identity provider, and linking oneself to it."""

from __future__ import annotations

import structlog
from litestar import Response, get, post
from litestar.params import FromPath

from backoffice import signing_in as doors
from backoffice.access import ANY_STAFF, Officer, actor_of, officer_of
from backoffice.ceremony import kept_secret, own_secret, relying_party
from backoffice.confirming import unsure
from backoffice.elsewhere import Elsewhere, GivenElsewhere
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, NotFound, Refused
from domain.staff import signing_in
from domain.staff.credentials import elsewhere as identities
from domain.staff.credentials import passkeys
from domain.staff.credentials.elsewhere import Journey
from domain.staff.credentials.identity import Identity, IdentityRefused, IdentityUnreachable
from web.forms import Form, SentForm
from web.fragments import own_path, page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

log = structlog.get_logger("openid")

TRYING = Rate(30, 900)
"""So often one network address may come back."""
BACK = "/sign-in/openid/back"
"""Where the provider sends the browser back to."""
AWAY = N_("{name} does not answer at the moment. Try again, or sign in with your password.")
NOT_PROVEN = N_("{name} did not prove who you are. Try again, or sign in with your password.")
UNKNOWN = N_("Nobody who may come in is linked to that. Sign in with your password, and link it on your profile.")
TOO_LATE = N_("This took too long, or was begun in another browser. Try again.")


@post("/sign-in/openid", opt={"public": True}, sync_to_thread=True)
def go_there(
    request: AnyRequest, database: GivenDatabase, form: SentForm, elsewhere: GivenElsewhere
) -> Response[bytes]:
    """Send the browser to the provider."""
    visit = visit_of(request)
    visit.site.limiter.count("openid", visit.address, TRYING)
    try:
        return _sent(request, database, elsewhere, own_path(form.value("next"), ""), None)
    except Refused as refused:
        return _door(request, elsewhere, refused)


@post("/profile/openid", guards=ANY_STAFF, sync_to_thread=True)
def link_elsewhere(
    request: AnyRequest, database: GivenDatabase, form: SentForm, elsewhere: GivenElsewhere
) -> Response[bytes]:
    """Send the browser there to find out who one is there, once the second factor has been given."""
    if (asked := unsure(request, database, form)) is not None:
        return asked
    return _sent(request, database, elsewhere, "/profile#elsewhere", officer_of(request).staff_id)


@post("/profile/openid/{identity_id:int}/end", guards=ANY_STAFF, sync_to_thread=True)
def unlink_elsewhere(
    request: AnyRequest, database: GivenDatabase, identity_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """End a link of one's own."""
    officer = officer_of(request)
    with database.reading() as session:
        if identity_id not in {row.id for row in identities.links_of(session, officer.staff_id)}:
            raise NotFound
    if (asked := unsure(request, database, form)) is not None:
        return asked
    with database.transaction() as session:
        identities.unlink(session, officer.staff_id, identity_id, actor=actor_of(request))
    return see_other(request, "/profile#elsewhere")


@get(BACK, opt={"public": True}, sync_to_thread=True)
def come_back(request: AnyRequest, database: GivenDatabase, elsewhere: GivenElsewhere) -> Response[bytes]:
    """Take who the provider says that it is: come in, owe the second factor, or be linked."""
    visit = visit_of(request)
    visit.site.limiter.count("openid", visit.address, TRYING)
    state, code, iss = (request.query_params.get(name, "") for name in ("state", "code", "iss"))
    try:
        with database.transaction() as session:
            journey = identities.come_back(session, browser_secret=kept_secret(request), state=state)
        if journey is None:
            raise Conflict(TOO_LATE)
        identity = _identity(elsewhere, journey, code, iss)
        if journey.staff_id is not None:
            return _linked(request, database, journey.staff_id, identity, journey.next_path)
        return _recognised(request, database, identity, journey)
    except Refused as refused:
        return _door(request, elsewhere, refused)


@post("/sign-in/openid/factor", opt={"public": True}, sync_to_thread=True)
def give_second_factor(
    request: AnyRequest, database: GivenDatabase, form: SentForm, elsewhere: GivenElsewhere
) -> Response[bytes]:
    """Take the second factor of whom the provider has proven, and let them in."""
    visit, secret, name = visit_of(request), kept_secret(request), form.value("owed")
    visit.site.limiter.count("come in", visit.address, TRYING)
    with database.transaction() as session:
        owing = identities.proven(session, browser_secret=secret, name=name)
    if owing is None:
        return _door(request, elsewhere, Conflict(TOO_LATE))
    party = relying_party(request)
    try:
        if form.value("answer") and party is not None:
            prove = signing_in.by_passkey(
                party, browser_secret=secret, ceremony=form.value("ceremony"), answer=form.value("answer")
            )
        else:
            with form.reading():
                typed = form.text("code", longest=30, missing=N_("Type the six digits from your phone."))
            prove = signing_in.by_code(typed)
        signing_in.second_factor(database, owing.staff_id, prove, act="staff.signed_in", address=visit.address)
    except Refused as refused:
        return _factor(request, database, owing.staff_id, name, form.refused(refused), status=422)
    with database.transaction() as session:
        identities.proven(session, browser_secret=secret, name=name, is_over=True)
    return doors.let_in(request, database, owing.staff_id, owing.next_path)


def _sent(
    request: AnyRequest, database: Database, elsewhere: Elsewhere, next_path: str, staff_id: int | None
) -> Response[bytes]:
    """The way there: asked for outside any transaction."""
    if elsewhere.provider is None:
        raise Conflict(N_("No identity provider is set up."))
    secret = own_secret(request)
    with database.transaction() as session:
        journey = identities.begin(session, browser_secret=secret, next_path=next_path, staff_id=staff_id)
    try:
        way = elsewhere.provider.way_there(state=journey.state, nonce=journey.nonce, verifier=journey.verifier)
    except (IdentityRefused, IdentityUnreachable) as problem:
        log.warning("identity provider", problem=str(problem))
        raise Conflict(AWAY, name=elsewhere.provider.name) from problem
    return see_other(request, way)


def _identity(elsewhere: Elsewhere, journey: Journey, code: str, iss: str) -> Identity:
    """Who it is, asked for outside any transaction; Conflict where nobody is proven."""
    provider = elsewhere.provider
    if provider is None:
        raise Conflict(TOO_LATE)
    if not code or iss not in {"", provider.issuer}:
        raise Conflict(NOT_PROVEN, name=provider.name)
    try:
        return provider.who(code=code, nonce=journey.nonce, verifier=journey.verifier)
    except IdentityUnreachable as problem:
        log.warning("identity provider", problem=str(problem))
        raise Conflict(AWAY, name=provider.name) from problem
    except IdentityRefused as problem:
        log.warning("identity refused", problem=str(problem))
        raise Conflict(NOT_PROVEN, name=provider.name) from problem


def _linked(
    request: AnyRequest, database: Database, staff_id: int, identity: Identity, next_path: str
) -> Response[bytes]:
    """Link whoever began this, where it is still they who are signed in here."""
    visitor = visit_of(request).visitor
    if not isinstance(visitor, Officer) or visitor.staff_id != staff_id:
        raise Conflict(TOO_LATE)
    with database.transaction() as session:
        identities.link(session, staff_id, identity, actor=actor_of(request))
    return see_other(request, next_path)


def _recognised(request: AnyRequest, database: Database, identity: Identity, journey: Journey) -> Response[bytes]:
    """Let them in where the provider saw several factors, else ask for ours."""
    address = visit_of(request).address
    with database.transaction() as session:
        staff_id = identities.recognise(session, identity, address=address)
        if staff_id is not None and identity.is_multi_factor:
            identities.let_in(session, staff_id, address=address)
    if staff_id is None:
        raise Conflict(UNKNOWN)
    if identity.is_multi_factor:
        return doors.let_in(request, database, staff_id, journey.next_path, is_sure=False)
    with database.transaction() as session:
        owed = identities.owe_second_factor(
            session, staff_id, browser_secret=own_secret(request), next_path=journey.next_path
        )
    return _factor(request, database, staff_id, owed, Form.starting(request))


def _factor(
    request: AnyRequest, database: Database, staff_id: int, owed: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    """The page that asks for the second factor: the phone's code, or a passkey where they have one."""
    party, begun = relying_party(request), None
    secret = own_secret(request)
    with database.transaction() as session:
        if party is not None and passkeys.theirs(session, staff_id):
            begun = passkeys.begin_using(session, party, browser_secret=secret, staff_id=staff_id)
    context = {"form": form, "owed": owed, "begun": begun}
    return page(request, "backoffice/sign_in/factor.html", context, status=status)


def _door(request: AnyRequest, elsewhere: Elsewhere, refused: Refused) -> Response[bytes]:
    form = Form.starting(request).refused(refused)
    return doors.door(request, form, elsewhere.name, status=422)
