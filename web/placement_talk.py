"""What was written about a placement, as the back office and the partners' site show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.placements.correspondence import reading
from domain.placements.correspondence.model import NoteKind
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.words import Words

TITLES = {
    NoteKind.ACTIVITY: N_("Done on {day}"),
    NoteKind.QUESTION: N_("Question of {day}"),
    NoteKind.ANSWER: N_("Answer to the question of {day}"),
}
"""What stands above each thing that was written."""


@dataclass(frozen=True, slots=True)
class NoteView:
    """One thing that was written, as `ui.thread` shows it."""

    key: str
    from_us: bool
    title: Words
    words: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    text: str = ""
    is_note: bool = False
    files: tuple[AnyRow, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question of the partner: `is_waiting` while nobody has answered it."""

    id: int
    words: str
    title: Words
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """All that was written, the first first, and the questions among it, those that wait first."""

    said: list[NoteView]
    questions: list[QuestionView]

    @property
    def waiting(self) -> int:
        """How many questions wait for an answer."""
        return sum(question.is_waiting for question in self.questions)


def talk_view(session: Session, placement_id: int) -> Talk:
    """What was written about a placement."""
    found = reading.correspondence(session, placement_id)
    notes = [each.note for each in found]
    days = {note.id: note.happened_on for note in notes}
    answers = [answer for each in found for answer in each.answers]
    rows = sorted((*notes, *answers), key=lambda row: row.id)
    said = [_note(row, days[row.answers_id or row.id]) for row in rows]
    questions = [
        QuestionView(
            each.note.id,
            each.note.words,
            Words.of(TITLES[NoteKind.QUESTION], day=each.note.happened_on),
            each.is_waiting,
        )
        for each in found
        if each.note.kind is NoteKind.QUESTION
    ]
    return Talk(said, sorted(questions, key=lambda question: not question.is_waiting))


def _note(row: AnyRow, day: object) -> NoteView:
    return NoteView(
        key=f"note-{row.id}",
        from_us=row.kind is NoteKind.ANSWER,
        title=Words.of(TITLES[row.kind], day=day),
        words=row.words,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
    )
