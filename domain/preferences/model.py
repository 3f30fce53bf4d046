"""The table of preferences, each change of which stays."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey
from domain.shared.db.guards import APPEND_ONLY


class Preference(Base):
    """One preference as somebody set it; the newest row of a name holds, and None is the installation's own again."""

    __tablename__ = "preference"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[Any] = mapped_column(JSON, nullable=True)
    set_by: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    set_at: Mapped[Instant]

    __table_args__ = (Index(None, "name", "id"), {"info": {APPEND_ONLY: True}})


PREFERENCES = Base.metadata.tables[Preference.__tablename__]
"""The table itself, for Core statements."""
