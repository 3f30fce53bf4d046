"""The audit trail's tables: the row that never changes, and the payload beside it that may be erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, Select, String, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.actor import ActorKind
from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.db.sealed import SEALED, SealedRows

HASHED = ("at", "act", "actor_kind", "actor_id", "subject_kind", "subject_id", "account_id", "entry_id", "digest")
"""The columns that a row's hash commits to, in this order."""


ERASED = "audit.erased"
"""The act of erasing a row's payload: a row about that row."""


class AuditEntry(Base):
    """Who did what to which object, and when; ids only, so that nothing personal stands in a row that stays."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "account_id", "at", "id"),
        Index(None, "subject_kind", "subject_id", "at", "id"),
        Index(None, "at", "id"),
        Index(None, "act", "at", "id"),
        Index(None, "actor_kind", "actor_id", "at", "id"),
        {"info": {APPEND_ONLY: True, SEALED: SealedRows(HASHED, "audit_payload", erasures=lambda: erasures())}},
    )

    id: Mapped[PrimaryKey]
    at: Mapped[Instant]
    act: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[ActorKind] = mapped_column(enum_column(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(Key)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[int | None] = mapped_column(Key)
    entry_id: Mapped[int | None] = mapped_column(Key)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditPayload(Base):
    """What an act was about: address, before, after and words as JSON text; gone, with its salt, once erased."""

    __tablename__ = "audit_payload"
    __table_args__ = (
        Index("ix_audit_payload_unsealed", "id", sqlite_where=text("NOT sealed"), postgresql_where=text("NOT sealed")),
    )

    id: Mapped[int] = mapped_column(Key, ForeignKey("audit_entry.id"), primary_key=True, autoincrement=False)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    payload: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ground: Mapped[str | None] = mapped_column(String(200))
    sealed: Mapped[bool] = mapped_column(Boolean, default=False)


AUDIT_ENTRIES = Base.metadata.tables["audit_entry"]
AUDIT_PAYLOADS = Base.metadata.tables["audit_payload"]


def erasures() -> Select[str]:
    """The ids of the rows whose payload was erased, by the rows that say so."""
    return select(AUDIT_ENTRIES.c.subject_id).where(
        AUDIT_ENTRIES.c.act == ERASED, AUDIT_ENTRIES.c.subject_kind == AUDIT_ENTRIES.name
    )
