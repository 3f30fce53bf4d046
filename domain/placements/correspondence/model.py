"""Tables of what is written about a placement between a partner and us, and of the files that partners bring."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class NoteKind(StrEnum):
    """What is written: what the partner did, what it asks us, and what we answer."""

    ACTIVITY = "activity"
    QUESTION = "question"
    ANSWER = "answer"


NOTE_NAMES = {
    NoteKind.ACTIVITY: N_("What was done"),
    NoteKind.QUESTION: N_("Question"),
    NoteKind.ANSWER: N_("Answer"),
}
"""What each is called on the screen."""


class PlacementNote(Base):
    """One thing written about a placement; an answer names its question."""

    __tablename__ = "placement_note"

    id: Mapped[PrimaryKey]
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    kind: Mapped[NoteKind] = mapped_column(enum_column(NoteKind))
    happened_on: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(Text)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("placement_note.id"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("(kind = 'answer') = (answers_id IS NOT NULL)", name="answers"),
        Index("ix_placement_note_placement", "placement_id", "id"),
        {"info": {APPEND_ONLY: True}},
    )


class BroughtBy(StrEnum):
    """How a file came."""

    SITE = "site"
    FOLDER = "folder"
    API = "api"


BROUGHT_NAMES = {
    BroughtBy.SITE: N_("on the partners' site"),
    BroughtBy.FOLDER: N_("in its folder"),
    BroughtBy.API: N_("by its program"),
}
"""How a file came, as it is called on the screen."""


class PartnerFile(Base):
    """A file of updates that a partner brought, once for its content, and what became of each row.

    `answers` says of each update whether it was done, was known before, or why not.
    """

    __tablename__ = "partner_file"

    id: Mapped[PrimaryKey]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    brought_by: Mapped[BroughtBy] = mapped_column(enum_column(BroughtBy))
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    taken_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        UniqueConstraint("partner_id", "sha256"),
        Index("ix_partner_file_partner", "partner_id", "id"),
        {"info": {APPEND_ONLY: True}},
    )
