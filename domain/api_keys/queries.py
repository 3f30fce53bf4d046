"""Queries: whose key this is, when it was used last, and all that were made."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from domain.api_keys.model import KEYS
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now
from domain.shared.tokens import token_hash

AT_MOST_EVERY = timedelta(minutes=1)
"""So often, and no oftener, the use of a key is written down."""


def by_token(session: Session, token: str) -> AnyRow | None:
    """The key that this secret is of, with `scopes`, `partner_id` and `last_used_at`; None where it opens nothing."""
    return session.execute(
        select(KEYS.c.id, KEYS.c.name, KEYS.c.scopes, KEYS.c.partner_id, KEYS.c.last_used_at).where(
            KEYS.c.token_hash == token_hash(token), KEYS.c.revoked_at.is_(None)
        )
    ).one_or_none()


def note_use(session: Session, key_id: int) -> None:
    """Write down that the key is in use, where the last note is old enough."""
    old = or_(KEYS.c.last_used_at.is_(None), KEYS.c.last_used_at < now(session) - AT_MOST_EVERY)
    session.execute(update(KEYS).where(KEYS.c.id == key_id, old).values(last_used_at=now(session)))


def keys(session: Session) -> AnyRows:
    """All keys, those in use first, then by name."""
    return session.execute(select(KEYS).order_by(KEYS.c.revoked_at.is_not(None), KEYS.c.name, KEYS.c.id)).all()


def key(session: Session, key_id: int) -> AnyRow | None:
    """One key, or None."""
    return session.execute(select(KEYS).where(KEYS.c.id == key_id)).one_or_none()
