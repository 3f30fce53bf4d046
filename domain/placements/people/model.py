"""Tables of partners' people: who signs in for one, the agreements with it that are on file, and how it gets files."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class Delivery(StrEnum):
    """How a partner gets what we hand to it."""

    WORKSPACE = "workspace"
    FOLDER = "folder"
    API = "api"


DELIVERY_NAMES = {
    Delivery.WORKSPACE: N_("It reads and downloads it on its own pages"),
    Delivery.FOLDER: N_("As a file in its folder, which it fetches by SFTP"),
    Delivery.API: N_("Its programs fetch it with a key"),
}
"""What each way is called on the screen."""


STILL_OPEN = text("ended_at IS NULL")


class PartnerLogin(Base):
    """Somebody who signs in for a partner, by a link and a code; one that has ended comes in no more.

    An address opens one partner's pages at a time; whoever comes back, or changes firms, is a new row.
    """

    __tablename__ = "partner_login"

    id: Mapped[PrimaryKey]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    made_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("uq_partner_login_email", "email", unique=True, postgresql_where=STILL_OPEN, sqlite_where=STILL_OPEN),
    )


class PartnerAgreement(Base):
    """A paper that was agreed with a partner: which, and for how long it holds."""

    __tablename__ = "partner_agreement"

    id: Mapped[PrimaryKey]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    title: Mapped[str] = mapped_column(String(200))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="until"),
        {"info": {APPEND_ONLY: True}},
    )


class PartnerDelivery(Base):
    """How a partner gets what we hand to it, where not on its own pages alone; `folder` is its folder's name."""

    __tablename__ = "partner_delivery"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), primary_key=True, autoincrement=False)
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery))
    folder: Mapped[str | None] = mapped_column(String(80), unique=True)

    __table_args__ = (CheckConstraint("(delivery = 'folder') = (folder IS NOT NULL)", name="folder"),)


LOGINS = Base.metadata.tables[PartnerLogin.__tablename__]
"""The table itself, for Core statements."""
