"""The tables of passkeys, recovery codes, identities elsewhere, open ceremonies and invitations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey, UtcDateTime, enum_column
from domain.staff.model import Role


class Passkey(Base):
    """A key on somebody's device that proves them (WebAuthn): a second factor beside the phone's codes."""

    __tablename__ = "passkey"

    id: Mapped[PrimaryKey]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """One of the codes that stand in for a lost phone, each once; only its hash is here."""

    __tablename__ = "recovery_code"

    id: Mapped[PrimaryKey]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("staff_id", "code_hash"),)


class StaffIdentity(Base):
    """Who a member of staff is at the house's own identity provider (OpenID Connect): its issuer and their subject."""

    __tablename__ = "staff_identity"

    id: Mapped[PrimaryKey]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class CeremonyKind(StrEnum):
    """What a browser is about to prove."""

    ADD_PASSKEY = "add_passkey"
    USE_PASSKEY = "use_passkey"
    OPENID = "openid"


class Ceremony(Base):
    """Something that a browser has begun to prove: the challenge it was given, bound to it, used at most once."""

    __tablename__ = "ceremony"

    id: Mapped[PrimaryKey]
    kind: Mapped[CeremonyKind] = mapped_column(enum_column(CeremonyKind))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    given: Mapped[dict[str, Any]] = mapped_column(JSON)
    begun_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


STILL_OPEN = text("accepted_at IS NULL AND withdrawn_at IS NULL")


class Invitation(Base):
    """Somebody was asked to join the back office, or to choose new secrets: a link, good for some days, used once.

    `staff_id` is who they became; for new secrets, who they are already. The link's hash comes into being when the mail
    is made.
    """

    __tablename__ = "staff_invitation"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(enum_column(Role, name="invited_role"))
    language: Mapped[str] = mapped_column(String(5))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    invited_by: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    invited_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))

    __table_args__ = (
        Index("uq_staff_invitation_open", "email", unique=True, postgresql_where=STILL_OPEN, sqlite_where=STILL_OPEN),
    )


PASSKEYS = Base.metadata.tables[Passkey.__tablename__]
RECOVERY_CODES = Base.metadata.tables[RecoveryCode.__tablename__]
IDENTITIES = Base.metadata.tables[StaffIdentity.__tablename__]
CEREMONIES = Base.metadata.tables[Ceremony.__tablename__]
INVITATIONS = Base.metadata.tables[Invitation.__tablename__]
"""The tables themselves, for Core statements."""
