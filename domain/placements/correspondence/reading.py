"""Reading: what was written about a placement, for its pages, and which questions wait for us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.placements.correspondence.model import NoteKind, PlacementNote
from domain.shared.db.rows import AnyRow, AnyRows

_COLUMNS = (
    PlacementNote.id,
    PlacementNote.kind,
    PlacementNote.happened_on,
    PlacementNote.words,
    PlacementNote.answers_id,
    PlacementNote.at,
    PlacementNote.actor_kind,
    PlacementNote.actor_id,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the partner wrote, with our answers to it, the first one first."""

    note: AnyRow
    answers: tuple[AnyRow, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether it is a question that nobody has answered."""
        return bool(self.note.kind is NoteKind.QUESTION and not self.answers)


def correspondence(session: Session, placement_id: int) -> list[Said]:
    """All that was written about a placement, the newest first; answers stand with their question."""
    rows = session.execute(
        select(*_COLUMNS).where(PlacementNote.placement_id == placement_id).order_by(PlacementNote.id)
    ).all()
    answers: dict[int, list[AnyRow]] = {}
    for row in rows:
        if row.answers_id is not None:
            answers.setdefault(row.answers_id, []).append(row)
    return [Said(row, tuple(answers.get(row.id, ()))) for row in reversed(rows) if row.answers_id is None]


def questions(session: Session, placement_id: int) -> list[int]:
    """The questions of a placement, answered or not."""
    return list(
        session.scalars(
            select(PlacementNote.id)
            .where(PlacementNote.placement_id == placement_id, PlacementNote.kind == NoteKind.QUESTION)
            .order_by(PlacementNote.id)
        )
    )


def open_questions(session: Session, placement_id: int) -> AnyRows:
    """The questions of a placement that nobody has answered, the oldest first."""
    answer = aliased(PlacementNote)
    return session.execute(
        select(*_COLUMNS)
        .where(
            PlacementNote.placement_id == placement_id,
            PlacementNote.kind == NoteKind.QUESTION,
            ~select(answer.id).where(answer.answers_id == PlacementNote.id).exists(),
        )
        .order_by(PlacementNote.id)
    ).all()


def same(session: Session, placement_id: int, kind: NoteKind, words: str, happened_on: date) -> PlacementNote | None:
    """The note of a placement that tells just this of that day, where there is one."""
    return session.scalars(
        select(PlacementNote)
        .where(
            PlacementNote.placement_id == placement_id,
            PlacementNote.kind == kind,
            PlacementNote.happened_on == happened_on,
            PlacementNote.words == words,
        )
        .order_by(PlacementNote.id)
        .limit(1)
    ).one_or_none()


def exchange(session: Session, answer_id: int) -> tuple[str, str]:
    """What was asked, and what was answered by this answer."""
    question = aliased(PlacementNote)
    row = session.execute(
        select(question.words.label("asked"), PlacementNote.words)
        .join(question, question.id == PlacementNote.answers_id)
        .where(PlacementNote.id == answer_id)
    ).one()
    return row.asked, row.words
