"""The tables of notes on accounts, of whom they mention, and of tags."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey, UtcDateTime


class Note(Base):
    """Words of staff about an account that the customer never reads; a withdrawn one stays, without its words."""

    __tablename__ = "note"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str | None] = mapped_column(Text)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    written_at: Mapped[Instant]
    pinned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "account_id", "id"),
        CheckConstraint("(words IS NULL) = (withdrawn_at IS NOT NULL)", name="words"),
    )


class Mention(Base):
    """A note names a colleague (`@name`), whose task it is to read it."""

    __tablename__ = "mention"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff_member.id"), primary_key=True, autoincrement=False, index=True
    )


class AccountTag(Base):
    """A word that staff have put on an account, to find it and its like again."""

    __tablename__ = "account_tag"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    tagged_by: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    tagged_at: Mapped[Instant]

    __table_args__ = (Index(None, "tag", "account_id"),)


NOTES = Base.metadata.tables[Note.__tablename__]
MENTIONS = Base.metadata.tables[Mention.__tablename__]
TAGS = Base.metadata.tables[AccountTag.__tablename__]
"""The tables themselves, for Core statements."""
