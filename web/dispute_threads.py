"""Dispute threads as both sites show them: who said what, when, and with which files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.disputes import thread
from domain.disputes.model import MessageKind
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_

KIND_WORDS = {
    MessageKind.WORDS: "",
    MessageKind.QUESTION: N_("Question"),
    MessageKind.NOTE: N_("Note for staff only"),
    MessageKind.PAPER: N_("The paper is there"),
    MessageKind.DECISION: N_("Decision"),
    MessageKind.REOPENING: N_("Looked at once more"),
}
"""What stands above a message that is more than words."""
PAPER_WORDS = N_("What was missing is here now. If something is still not right, write to us.")
CLOSED_WORDS = N_("We heard no more, and have closed this.")


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of a thread; `text` is a sentence of ours that stands where nobody wrote any words."""

    id: int
    from_us: bool
    is_note: bool
    kind: str
    words: str
    text: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    files: list[AnyRow]


def thread_views(session: Session, dispute_id: int, *, with_notes: bool) -> list[MessageView]:
    """All that was said about a dispute, the first first; notes are for staff."""
    files = thread.files(session, dispute_id, with_notes=with_notes)
    return [
        MessageView(
            id=row.id,
            from_us=row.from_us,
            is_note=row.kind is MessageKind.NOTE,
            kind=KIND_WORDS[row.kind],
            words=row.words,
            text=_text(row),
            at=row.at,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            files=files.get(row.id, []),
        )
        for row in thread.thread(session, dispute_id, with_notes=with_notes)
    ]


def _text(row: AnyRow) -> str:
    if row.kind is MessageKind.PAPER:
        return PAPER_WORDS
    return CLOSED_WORDS if row.kind is MessageKind.DECISION and not row.words else ""
