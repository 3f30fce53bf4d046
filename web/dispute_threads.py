"""Dispute threads as both sites show them: who said what, when, and with which files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from domain.disputes import thread
from domain.disputes.model import MessageKind
from domain.disputes.reasons import ANSWERED_BY
from domain.documents.filing import Subject
from domain.documents.model import Category
from domain.shared.actor import WORKER, ActorKind
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.words import Words

KIND_WORDS = {
    MessageKind.WORDS: "",
    MessageKind.QUESTION: N_("Question"),
    MessageKind.NOTE: N_("Note for staff only"),
    MessageKind.PAPER: N_("The paper is there"),
    MessageKind.DECISION: N_("Decision"),
    MessageKind.REOPENING: N_("Looked at once more"),
}
"""What stands above a message that is more than words."""
ASKING = frozenset({MessageKind.QUESTION, MessageKind.PAPER})
"""The messages after which it is the customer's turn."""
MERGED_HERE = N_("Dispute {number}, which goes on here")
"""What stands above the first words of a dispute that has gone up in this one."""
PAPER_WORDS = N_("What was missing is here now. If something is still not right, write to us.")
FILED_WORDS = N_("We have added this.")
CLOSED_WORDS = N_("We heard no more, and have closed this.")


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of a thread, named by its `key`; `text` is a sentence of ours where nobody wrote any words."""

    key: str
    dispute_id: int
    from_us: bool
    title: Words | None
    words: str
    text: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    kind: MessageKind = MessageKind.WORDS
    files: list[AnyRow] = field(default_factory=list)

    @property
    def is_note(self) -> bool:
        """Whether only staff read it."""
        return self.kind is MessageKind.NOTE

    @property
    def is_decision(self) -> bool:
        """Whether it says how the dispute was decided."""
        return self.kind is MessageKind.DECISION

    def is_of_link(self, link_id: int) -> bool:
        """Whether it was written with this pay link."""
        return self.actor_kind == ActorKind.PAY_LINK and self.actor_id == link_id


@dataclass(frozen=True, slots=True)
class ThreadView:
    """The files that came with a dispute when it was raised, and all that was said since, the first first."""

    files: list[AnyRow]
    said: list[MessageView]


def thread_view(session: Session, dispute_id: int, *, with_notes: bool) -> ThreadView:
    """All that was said about a dispute, and in those that have gone up in it; notes are for staff.

    Evidence about the dispute itself came with the complaint if it was filed in the same moment. The rest is ours: the
    paper that was missing stands in the message that says that it is there.
    """
    files = thread.files(session, dispute_id, with_notes=with_notes)
    complaints = {row.id: row for row in thread.complaints(session, dispute_id)}
    came = {key: _filed(files, key, row.raised_at) for key, row in complaints.items()}
    said = [_first_words(row, came[key]) for key, row in complaints.items() if key != dispute_id]
    shown = {row.id for rows in came.values() for row in rows}
    for row in thread.thread(session, dispute_id, with_notes=with_notes):
        its = files.get((thread.MESSAGE, row.id), [])
        if row.kind is MessageKind.PAPER:
            its = [*_papers(files, complaints[row.dispute_id], row.at), *its]
        shown |= {one.id for one in its}
        said.append(_message(row, its))
    of_disputes = [row for key in complaints for row in files.get((thread.SUBJECT, key), [])]
    said += _added([row for row in of_disputes if row.id not in shown])
    return ThreadView(came[dispute_id], sorted(said, key=lambda one: one.at))


def question_of(session: Session, dispute_id: int) -> MessageView | None:
    """What we wait for whoever raised it about: our last question to them, or the paper that they may object to."""
    said = thread.thread(session, dispute_id, with_notes=False)
    asked = [row for row in said if row.dispute_id == dispute_id and row.kind in ASKING]
    return _message(asked[-1], []) if asked else None


def _message(row: AnyRow, files: list[AnyRow]) -> MessageView:
    title = KIND_WORDS[row.kind]
    return MessageView(
        key=f"message-{row.id}",
        dispute_id=row.dispute_id,
        from_us=row.from_us,
        title=Words.of(title) if title else None,
        words=row.words,
        text=_text(row),
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        kind=row.kind,
        files=files,
    )


def _text(row: AnyRow) -> str:
    if row.kind is MessageKind.PAPER:
        return PAPER_WORDS
    return CLOSED_WORDS if row.kind is MessageKind.DECISION and not row.words else ""


def _first_words(row: AnyRow, files: list[AnyRow]) -> MessageView:
    """What another dispute began with, as a message of the one in which it goes on."""
    return MessageView(
        key=f"dispute-{row.id}",
        dispute_id=row.id,
        from_us=False,
        title=Words.of(MERGED_HERE, number=row.number),
        words=row.words,
        text="",
        at=row.raised_at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        files=files,
    )


def _filed(files: Mapping[Subject, list[AnyRow]], dispute_id: int, at: datetime) -> list[AnyRow]:
    """The files about a dispute that came in the moment in which it was raised."""
    its = files.get((thread.SUBJECT, dispute_id), [])
    return [row for row in its if row.category is Category.EVIDENCE and row.filed_at == at]


def _papers(files: Mapping[Subject, list[AnyRow]], complaint: AnyRow, at: datetime) -> list[AnyRow]:
    """The papers that were there by that moment and answer this complaint, whatever they are filed about."""
    answer = ANSWERED_BY[complaint.reason]
    about = [rows for key, rows in files.items() if key[0] == thread.INVOICE or key == (thread.SUBJECT, complaint.id)]
    return [row for rows in about for row in rows if row.category is answer and row.filed_at <= at]


def _added(rows: Sequence[AnyRow]) -> list[MessageView]:
    """What we have filed about a dispute without a word: a message for each moment."""
    by_moment: defaultdict[datetime, list[AnyRow]] = defaultdict(list)
    for row in rows:
        by_moment[row.filed_at].append(row)
    return [
        MessageView(
            key=f"document-{added[0].id}",
            dispute_id=added[0].subject_id,
            from_us=True,
            title=None,
            words="",
            text=FILED_WORDS,
            at=at,
            actor_kind=WORKER.kind,
            actor_id=None,
            files=added,
        )
        for at, added in by_moment.items()
    ]
