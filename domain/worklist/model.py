"""The tables of how the worklist is ranked, and of the views that people keep."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, PrimaryKey
from domain.shared.db.guards import APPEND_ONLY
from domain.tasks.model import Task


class Ranking(Base):
    """How much each thing counts when work is put in order, in per cent of its usual weight; the newest row holds."""

    __tablename__ = "ranking"

    id: Mapped[PrimaryKey]
    amount: Mapped[int]
    lateness: Mapped[int]
    chance: Mapped[int]
    promise: Mapped[int]
    deadline: Mapped[int]
    set_by: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    set_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint(
            "amount BETWEEN 0 AND 500 AND lateness BETWEEN 0 AND 500 AND chance BETWEEN 0 AND 500"
            " AND promise BETWEEN 0 AND 500 AND deadline BETWEEN 0 AND 500",
            name="weights",
        ),
        {"info": {APPEND_ONLY: True}},
    )


class TaskWeight(Base):
    """What puts an open task in its place: of each factor thousandths of its natural logarithm.

    `known` is what they were worked out from, so that the page can say why: amounts in minor units, days, per cent.
    """

    __tablename__ = "task_weight"

    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id), primary_key=True, autoincrement=False)
    amount: Mapped[int]
    lateness: Mapped[int]
    chance: Mapped[int]
    promise: Mapped[int]
    deadline: Mapped[int]
    known: Mapped[dict[str, Any]] = mapped_column(JSON)


class SavedView(Base):
    """A list with its filters under a name of one's own: the page's path and what stood behind the question mark."""

    __tablename__ = "saved_view"

    id: Mapped[PrimaryKey]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    path: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(80))
    saved_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("staff_id", "path", "name"),)


RANKINGS = Base.metadata.tables[Ranking.__tablename__]
TASK_WEIGHTS = Base.metadata.tables[TaskWeight.__tablename__]
SAVED_VIEWS = Base.metadata.tables[SavedView.__tablename__]
"""The tables themselves, for Core statements."""
