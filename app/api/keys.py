"""Keys: who is asking, by the key in the request; what it may do, and how often."""

from __future__ import annotations

from app.api.problems import NoKey
from domain.api_keys import queries
from domain.api_keys.model import SCOPE_WORDS, Scope
from domain.placements.people.admitted import is_admitted
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotAllowed
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

ASKING = Rate(600, 60)
"""So often one key may ask."""
GUESSING = Rate(30, 60)
"""So often one address may come without a key that is in use."""
SCHEME = "Bearer "


def admitted(request: AnyRequest, database: Database, scope: Scope) -> Actor:
    """The system that shows a key with this scope; its use is written down, at most once a minute.

    Raises NoKey (401), NotAllowed without the scope (403), TooOften (429).
    """
    return _admitted(request, database, scope)[1]


def admitted_partner(request: AnyRequest, database: Database) -> tuple[int, Actor]:
    """The partner whose placements a key opens, and the system that shows it.

    Raises as `admitted` does, and NotAllowed once nothing goes on any more with a partner that was let go.
    """
    key, actor = _admitted(request, database, Scope.PLACEMENTS)
    if key.partner_id is None:
        raise NotAllowed(N_("This key may not {scope}."), scope=SCOPE_WORDS[Scope.PLACEMENTS])
    with database.reading() as session:
        if not is_admitted(session, key.partner_id):
            raise NotAllowed(N_("Nothing is handed to this partner any more, and what lay with it was ended long ago."))
    return key.partner_id, actor


def _admitted(request: AnyRequest, database: Database, scope: Scope) -> tuple[AnyRow, Actor]:
    visit = visit_of(request)
    said = visit.header(b"authorization")
    with database.reading() as session:
        key = queries.by_token(session, said.removeprefix(SCHEME)) if said.startswith(SCHEME) else None
    if key is None:
        visit.site.limiter.count("api-guess", visit.address, GUESSING)
        raise NoKey
    visit.site.limiter.count("api", str(key.id), ASKING)
    if scope not in key.scopes:
        raise NotAllowed(N_("This key may not {scope}."), scope=SCOPE_WORDS[scope])
    used = key.last_used_at
    if used is None or used < database.clock.now() - queries.AT_MOST_EVERY:
        with database.transaction() as session:
            queries.note_use(session, key.id)
    return key, Actor.api_key(key.id, visit.address)
