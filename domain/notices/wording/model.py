"""The table of texts as staff have changed them."""

from __future__ import annotations

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.policies.contacting import Channel, Wording
from domain.shared.db.base import Base, Instant, Key, PrimaryKey, enum_column
from domain.shared.db.guards import APPEND_ONLY


class NoticeText(Base):
    """A text as staff have changed it: of one wording, channel and language the newest counts; none: the built-in.

    `subject` and `body` have `{placeholders}`; an empty body goes back to the built-in text.
    """

    __tablename__ = "notice_text"

    id: Mapped[PrimaryKey]
    wording: Mapped[Wording] = mapped_column(enum_column(Wording, name="text_wording"))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, name="text_channel"))
    language: Mapped[str] = mapped_column(String(5))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[Instant]
    written_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        UniqueConstraint("wording", "channel", "language", "number"),
        {"info": {APPEND_ONLY: True}},
    )
