"""The tables of signed-in browsers, of those that asked for a link, and of forms that work once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column


class Site(StrEnum):
    """Which site a session belongs to."""

    PORTAL = "portal"
    OFFICE = "office"
    PARTNERS = "partners"
    VIEWING = "viewing"
    """The portal, as staff look at it for an account: read only."""


class WebSession(Base):
    """One signed-in browser; the cookie holds a secret of which only the hash is here."""

    __tablename__ = "web_session"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    site: Mapped[Site] = mapped_column(enum_column(Site))
    subject_id: Mapped[int] = mapped_column(Key)
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stepped_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    account_id: Mapped[int | None] = mapped_column(Key)
    """The one account that it is good for, where it is for one alone."""
    opened_from: Mapped[int | None] = mapped_column(Key, index=True)
    """The session that it was opened from, and ends with."""

    __table_args__ = (Index("ix_web_session_subject", "site", "subject_id"),)


class SignInRequest(Base):
    """Somebody asked for a sign-in link: bound to the browser that asked, used at most once, forgotten soon.

    The secrets come into being only when the mail is made; here are their hashes. An address that nobody may come in
    with leaves the same row, so that nobody can tell the difference.
    """

    __tablename__ = "sign_in_request"

    id: Mapped[PrimaryKey]
    site: Mapped[Site] = mapped_column(enum_column(Site))
    subject_id: Mapped[int | None] = mapped_column(Key)
    email_hash: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    next_path: Mapped[str | None] = mapped_column(String(500))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_tries: Mapped[int]
    asked_at: Mapped[Instant] = mapped_column(index=True)
    expires_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_sign_in_request_email", "email_hash", "asked_at"),)


class ViewingPass(Base):
    """Somebody of staff is on the way from the back office to the portal, to see what one customer sees; used once."""

    __tablename__ = "viewing_pass"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(Key)
    session_id: Mapped[int] = mapped_column(Key)
    """The session in the back office that asked for it: without that it opens nothing."""
    account_id: Mapped[int] = mapped_column(Key)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SentForm(Base):
    """A form that has had its effect: the token that it bore, so that it has it once."""

    __tablename__ = "sent_form"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[Instant]


SESSIONS = Base.metadata.tables[WebSession.__tablename__]
REQUESTS = Base.metadata.tables[SignInRequest.__tablename__]
PASSES = Base.metadata.tables[ViewingPass.__tablename__]
SENT_FORMS = Base.metadata.tables[SentForm.__tablename__]
"""The tables themselves, for Core statements."""
