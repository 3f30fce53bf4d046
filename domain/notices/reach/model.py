"""Tables of whom notices are for, and of what became known of an address."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.notices.model import Notice
from domain.policies.contacting import Channel, Recipient
from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY


class ContactDuty(Base):
    """What a contact is to us beside being known: whom notices are for, and whether text messages are welcome."""

    __tablename__ = "contact_duty"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    recipient: Mapped[Recipient] = mapped_column(enum_column(Recipient, name="duty"))
    texts_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AddressKind(StrEnum):
    """What became known of an address."""

    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    WORKS = "works"


class AddressNews(Base):
    """Something that became known of an email address or a phone number: of each address the newest row counts.

    `notice_id` is the notice that it was about, where one was; `how` says by what we know (link, header, staff, …).
    """

    __tablename__ = "address_news"

    id: Mapped[PrimaryKey]
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, name="news_channel"))
    address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[AddressKind] = mapped_column(enum_column(AddressKind))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey(Notice.id))
    how: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str | None] = mapped_column(Text)
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (Index("ix_address_news_address", "channel", "address", "id"), {"info": {APPEND_ONLY: True}})
