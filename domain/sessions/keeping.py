"""Keeping: start, find, refresh and end the sessions of signed-in browsers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.sessions.model import SESSIONS, Site
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.tokens import new_token, token_hash

IDLE = {
    Site.PORTAL: timedelta(minutes=60),
    Site.OFFICE: timedelta(minutes=30),
    Site.PARTNERS: timedelta(minutes=30),
    Site.VIEWING: timedelta(minutes=30),
}
"""After so long without a page, a browser has to sign in again."""
ACTORS = {Site.PORTAL: Actor.login, Site.OFFICE: Actor.staff, Site.PARTNERS: Actor.partner, Site.VIEWING: Actor.staff}
"""Whose sessions each site has."""
LIFE = timedelta(hours=12)
"""After so long it has to in any case."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly we know when a browser was last seen."""
STEP_UP_LASTS = timedelta(minutes=10)
"""How long a confirmed second factor opens the doors that ask for one."""
KEPT = timedelta(days=30)
"""How long a session that ended can still be looked up."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that is valid now."""

    id: int
    site: Site
    subject_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    stepped_up_at: datetime | None
    address: str | None
    user_agent: str | None
    account_id: int | None


LISTED = tuple(SESSIONS.c[name] for name in SessionRow.__dataclass_fields__)
IS_VALID = (
    SESSIONS.c.site == bindparam("site"),
    SESSIONS.c.ended_at.is_(None),
    SESSIONS.c.expires_at > bindparam("now"),
    SESSIONS.c.seen_at > bindparam("idle_since"),
)
VALID = select(*LISTED).where(SESSIONS.c.token_hash == bindparam("token_hash"), *IS_VALID)
"""Made once: every page of both sites begins with it."""
VALID_OF = (
    select(*LISTED)
    .where(SESSIONS.c.subject_id == bindparam("subject"), *IS_VALID)
    .order_by(SESSIONS.c.seen_at.desc(), SESSIONS.c.id.desc())
)


def start(
    session: Session,
    *,
    site: Site,
    subject_id: int,
    address: str | None = None,
    user_agent: str | None = None,
    stepped_up: bool = False,
    account_id: int | None = None,
    opened_from: SessionRow | None = None,
    lasts: timedelta = LIFE,
) -> str:
    """Start a session for somebody who has just proved who they are, and return the secret for the cookie.

    `stepped_up` says that the proof included a second factor; `account_id` is the one account that it is good for, if
    it is for one alone; `opened_from` is the session that it ends with, which the caller holds; `lasts` is how long at
    most. Always a new secret: one from before is never taken over.
    """
    token, at = new_token(), now(session)
    values = {
        "token_hash": token_hash(token),
        "site": site,
        "subject_id": subject_id,
        "created_at": at,
        "seen_at": at,
        "expires_at": min(at + lasts, opened_from.expires_at) if opened_from else at + lasts,
        "stepped_up_at": at if stepped_up else None,
        "address": address,
        "user_agent": user_agent[:300] if user_agent else None,
        "account_id": account_id,
        "opened_from": opened_from.id if opened_from else None,
    }
    session.execute(insert(SESSIONS).values(values))
    return token


def find(session: Session, site: Site, token: str) -> SessionRow | None:
    """The valid session with this secret on this site; only reads. None where there is none, or it is over."""
    asked = {"token_hash": token_hash(token), **_now(session, site)}
    row = session.execute(VALID, asked).one_or_none()
    return SessionRow(*row) if row else None


def held(session: Session, site: Site, session_id: int) -> SessionRow | None:
    """The session of this id, locked until the transaction ends, where it is valid now; else None."""
    wanted = select(*LISTED).where(SESSIONS.c.id == session_id, *IS_VALID).with_for_update()
    row = session.execute(wanted, _now(session, site)).one_or_none()
    return SessionRow(*row) if row else None


def sessions_of(session: Session, site: Site, subject_id: int) -> list[SessionRow]:
    """Every browser in which somebody is signed in now, the last seen first."""
    asked = {"subject": subject_id, **_now(session, site)}
    return [SessionRow(*row) for row in session.execute(VALID_OF, asked)]


def is_seen_long_ago(row: SessionRow, at: datetime) -> bool:
    """Whether it is time to write down that this browser was seen."""
    return at - row.seen_at >= SEEN_EVERY


def seen(session: Session, session_id: int) -> None:
    """Write down that this browser was seen now; at most once a minute, whoever asks."""
    statement = update(SESSIONS).where(
        SESSIONS.c.id == session_id,
        SESSIONS.c.ended_at.is_(None),
        SESSIONS.c.seen_at <= now(session) - SEEN_EVERY,
    )
    session.execute(statement.values(seen_at=now(session)))


def end(session: Session, session_id: int) -> None:
    """Sign one browser out, and what was opened from there; nothing where it is signed out already."""
    _end(session, SESSIONS.c.id == session_id, None)


def end_all(session: Session, site: Site, subject_id: int, *, actor: Actor | None = None) -> int:
    """Sign somebody out everywhere, and return from how many browsers; `actor` where it is not they themselves.

    What was opened from these, to look at the portal as a customer, ends as well and is not counted.
    """
    return _end(session, (SESSIONS.c.site == site) & (SESSIONS.c.subject_id == subject_id), actor)


def step_up(session: Session, session_id: int) -> None:
    """Write down that this browser's person has just proved a second factor again."""
    session.execute(update(SESSIONS).where(SESSIONS.c.id == session_id).values(stepped_up_at=now(session)))


def is_stepped_up(row: SessionRow, at: datetime) -> bool:
    """Whether a second factor was proved recently enough for what needs one."""
    return row.stepped_up_at is not None and at - row.stepped_up_at < STEP_UP_LASTS


def forget_old(session: Session) -> int:
    """Delete sessions that were over a month ago; returns how many."""
    removed = session.execute(delete(SESSIONS).where(SESSIONS.c.expires_at < now(session) - KEPT))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _now(session: Session, site: Site) -> dict[str, object]:
    at = now(session)
    return {"site": site, "now": at, "idle_since": at - IDLE[site]}


def _end(session: Session, which: ColumnElement[bool], actor: Actor | None) -> int:
    statement = update(SESSIONS).where(which, SESSIONS.c.ended_at.is_(None)).values(ended_at=now(session))
    ended = session.execute(statement.returning(SESSIONS.c.id, SESSIONS.c.site, SESSIONS.c.subject_id)).all()
    for row in ended:
        themselves = ACTORS[row.site](row.subject_id)
        record(session, "session.ended", actor=actor or themselves, subject=("session", row.id))
    if ended:  # looked for by a statement of its own: whoever held one of these meanwhile may have opened another
        _end(session, SESSIONS.c.opened_from.in_([row.id for row in ended]), actor)
    return len(ended)
