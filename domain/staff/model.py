"""The table of staff and the roles they can have."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.errors import N_


class Role(StrEnum):
    """What somebody's job in the back office is; permissions and authority hang on it."""

    COLLECTOR = "collector"
    DISPUTE_HANDLER = "dispute_handler"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_NAMES = {
    Role.COLLECTOR: N_("Credit controller"),
    Role.DISPUTE_HANDLER: N_("Dispute handler"),
    Role.MANAGER: N_("Manager"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
}
"""What each role is called on the screen."""


class StaffMember(Base):
    """Somebody who works in the back office: always a password and a second factor."""

    __tablename__ = "staff_member"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    language: Mapped[str] = mapped_column(String(5))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_secret: Mapped[str] = mapped_column(String(64))
    totp_last_step: Mapped[int] = mapped_column(Key)
    failed_tries: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[Instant]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    team: Mapped[str | None] = mapped_column(String(60))
    """With whom they share a list of work; None for whoever works alone."""
    wants_digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether what waits for them comes by mail each morning."""
    digest_on: Mapped[date | None]
    """The day of the last such mail."""


STAFF = Base.metadata.tables[StaffMember.__tablename__]
"""The table itself, for Core statements."""
