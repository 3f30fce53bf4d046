"""API keys: made for other systems and shown once, listed with their last use, and taken back."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath

from backoffice.access import actor_of, admit
from backoffice.confirming import unsure
from domain.api_keys import making, queries
from domain.api_keys.model import SCOPE_WORDS, Scope
from domain.placements import queries as placements
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound, Refused
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest


@get("/api-keys", guards=admit(Permission.MANAGE_API_KEYS), sync_to_thread=True)
def list_keys(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """All keys, and the form for another."""
    return _page(request, database, Form.starting(request))


@post("/api-keys", guards=admit(Permission.MANAGE_API_KEYS), sync_to_thread=True)
def make_key(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Make a key, and show it this once."""
    try:
        with form.reading():
            name = form.text("name", longest=making.LONGEST_NAME, missing=N_("Say which system the key is for."))
        scopes = [scope for scope in Scope if scope.value in form.values("scope")]
        partner_id = _partner(database, form)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            key, token = making.make(session, name, scopes, partner_id=partner_id, actor=actor_of(request))
    except Refused as refused:
        return _page(request, database, form.refused(refused), status=422)
    return page(request, "backoffice/api_keys/made.html", {"name": key.name, "token": token})


@post("/api-keys/{key_id:int}/revoke", guards=admit(Permission.MANAGE_API_KEYS), sync_to_thread=True)
def revoke_key(request: AnyRequest, database: GivenDatabase, key_id: FromPath[int], form: SentForm) -> Response[bytes]:
    """Take a key back: from the next request on it opens nothing."""
    with database.reading() as session:
        if queries.key(session, key_id) is None:
            raise NotFound
    if (asked := unsure(request, database, form)) is not None:
        return asked
    try:
        with database.transaction() as session:
            making.revoke(session, key_id, actor=actor_of(request))
    except Refused as refused:
        return _page(request, database, form.refused(refused), status=422)
    return see_other(request, "/api-keys")


def _partner(database: Database, form: Form) -> int | None:
    """The partner that was chosen, if one was; Invalid for one that there is not."""
    with database.reading() as session:
        known = {str(row.id): row.id for row in placements.partners(session)}
    with form.reading():
        return form.choice("partner", known) if form.value("partner") else None


def _page(request: AnyRequest, database: Database, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        rows = queries.keys(session)
        names = staff.names(session, {row.made_by for row in rows if row.made_by is not None})
        partners = placements.partners(session)
    context = {
        "keys": [(row, [SCOPE_WORDS[scope] for scope in Scope if scope in row.scopes]) for row in rows],
        "names": names,
        "partners": {row.id: row.name for row in partners},
        "scopes": [(scope.value, words) for scope, words in SCOPE_WORDS.items()],
        "form": form,
    }
    return page(request, "backoffice/api_keys/list.html", context, status=status)
