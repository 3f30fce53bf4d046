"""The table of what customers write to us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.notices.model import Notice
from domain.policies.contacting import Channel
from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column


class Incoming(Base):
    """A message from a customer: an answer to a notice, or one out of the blue; without an account it waits for one.

    `message_id` is the mail's own, so that the same message is taken in once; `matched_by` says how we knew whose.
    """

    __tablename__ = "incoming_message"

    id: Mapped[PrimaryKey]
    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, name="incoming_channel"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey(Notice.id))
    matched_by: Mapped[str | None] = mapped_column(String(40))
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_in_at: Mapped[Instant]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        Index("ix_incoming_message_account", "account_id", "id"),
        Index("ix_incoming_message_open", "settled_at", "id"),
    )


INCOMING = Base.metadata.tables[Incoming.__tablename__]
"""The table itself, for Core statements."""
