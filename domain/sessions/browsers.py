"""Browsers: signing out one browser of one's own, or all but the one that is looked at."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.sessions import keeping
from domain.sessions.model import Site
from domain.shared.errors import NotFound


def end_one(session: Session, site: Site, subject_id: int, session_id: int) -> None:
    """Sign out one browser of somebody's; NotFound where it is not theirs, or signed out already."""
    if session_id not in {row.id for row in keeping.sessions_of(session, site, subject_id)}:
        raise NotFound
    keeping.end(session, session_id)


def end_others(session: Session, site: Site, subject_id: int, *, but: int) -> int:
    """Sign somebody out everywhere but here, and return from how many browsers."""
    others = [row.id for row in keeping.sessions_of(session, site, subject_id) if row.id != but]
    for session_id in others:
        keeping.end(session, session_id)
    return len(others)
