"""Making: a new key, whose secret is seen once, and the end of one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from domain.api_keys.model import ApiKey, Scope
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.tokens import new_token, token_hash

PREFIX = "qk_"
"""What every key begins with, so that people and scanners of sources know one when they see it."""
START = 10
"""So many letters of a key are kept in clear."""
LONGEST_NAME = 120


def make(
    session: Session, name: str, scopes: Collection[Scope], *, partner_id: int | None = None, actor: Actor
) -> tuple[ApiKey, str]:
    """A new key with its secret, which is in no table: who loses it makes another key.

    One that opens placements opens those of one partner and does nothing else. Raises Invalid beside `name`, `scope`
    or `partner`.
    """
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME:
        raise Invalid(N_("Say which system the key is for."), field="name")
    if not scopes:
        raise Invalid(N_("Tick at least one."), field="scope")
    _check_partner(scopes, partner_id)
    token = PREFIX + new_token()
    key = ApiKey(
        name=words,
        start=token[:START],
        token_hash=token_hash(token),
        scopes=frozenset(scopes),
        partner_id=partner_id,
        made_at=now(session),
        made_by=actor.id,
    )
    session.add(key)
    session.flush()
    _record(session, "api_key.made", key, actor)
    return key, token


def revoke(session: Session, key_id: int, *, actor: Actor) -> None:
    """Let the key open nothing any more; NotFound where there is none, Conflict where it is so already."""
    key = session.get(ApiKey, key_id, with_for_update=True, populate_existing=True)
    if key is None:
        raise NotFound
    if key.revoked_at is not None:
        raise Conflict(N_("This key has been taken back already."))
    key.revoked_at, key.revoked_by = now(session), actor.id
    session.flush()
    _record(session, "api_key.revoked", key, actor)


def _check_partner(scopes: Collection[Scope], partner_id: int | None) -> None:
    """A key is a partner's, or it is of a system of ours; never both."""
    if Scope.PLACEMENTS in scopes and len(set(scopes)) > 1:
        raise Invalid(N_("A key that a partner gets may do nothing else: make two."), field="scope")
    if Scope.PLACEMENTS in scopes and partner_id is None:
        raise Invalid(N_("Choose the partner whose placements it opens."), field="partner")
    if Scope.PLACEMENTS not in scopes and partner_id is not None:
        raise Invalid(N_("Only a key for placements is a partner's."), field="partner")


def _record(session: Session, act: str, key: ApiKey, actor: Actor) -> None:
    after = {"name": key.name, "start": key.start, "scopes": sorted(key.scopes), "partner_id": key.partner_id}
    record(session, act, actor=actor, subject=("api_key", key.id), after=after)
