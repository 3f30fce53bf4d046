"""Ceremonies: what a browser has begun to prove, kept here and bound to it by a cookie, and used at most once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.shared.db.session import now
from domain.shared.tokens import new_token, token_hash
from domain.staff.credentials.model import CEREMONIES, Ceremony, CeremonyKind

LIFE = timedelta(minutes=10)
"""How long somebody has for it."""
KEPT = timedelta(days=1)


def begin(
    session: Session,
    kind: CeremonyKind,
    *,
    browser_secret: str,
    given: Mapping[str, Any],
    staff_id: int | None = None,
) -> str:
    """Keep what was `given` to a browser; the name by which the browser's answer finds it again.

    `browser_secret` is what that browser keeps in a cookie: from another one the name finds nothing.
    """
    name = new_token()
    ceremony = Ceremony(
        kind=kind,
        key_hash=_key(browser_secret, name),
        staff_id=staff_id,
        given=dict(given),
        begun_at=now(session),
        expires_at=now(session) + LIFE,
    )
    session.add(ceremony)
    session.flush()
    return name


def find(session: Session, kind: CeremonyKind, *, browser_secret: str, name: str) -> Ceremony | None:
    """What this browser has begun under a name, locked; None where there is nothing, or it is used up or too old."""
    statement = select(Ceremony).where(Ceremony.key_hash == _key(browser_secret, name), Ceremony.kind == kind)
    found = session.scalars(statement.with_for_update(), execution_options={"populate_existing": True}).one_or_none()
    if found is None or found.used_at is not None or found.expires_at <= now(session):
        return None
    return found


def use(session: Session, ceremony: Ceremony) -> None:
    """Use it up."""
    ceremony.used_at = now(session)


def take(session: Session, kind: CeremonyKind, *, browser_secret: str, name: str) -> Ceremony | None:
    """As `find`, and used up at once."""
    found = find(session, kind, browser_secret=browser_secret, name=name)
    if found is not None:
        use(session, found)
    return found


def forget_old(session: Session) -> int:
    """Delete what can be proven no longer; returns how many."""
    removed = session.execute(delete(CEREMONIES).where(CEREMONIES.c.expires_at < now(session) - KEPT))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _key(browser_secret: str, name: str) -> str:
    return token_hash(f"{browser_secret}:{name}")
