"""Queries: the notes about an account with whom they mention, and which tags there are and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from domain.notes.model import MENTIONS, NOTES, TAGS
from domain.notes.writing import NO_SUCH_NOTE, task_subject
from domain.shared.db.rows import AnyRow
from domain.shared.errors import NotFound
from domain.staff.model import STAFF
from domain.tasks.model import TASKS, TaskKind

MOST_PINNED = 5
"""So many pinned notes stand on top of an account; older ones are found on its timeline."""
MOST_TAGS = 500
"""So many tags are offered; beyond it nobody reads a list."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note; `words` are None once it was withdrawn. `mentions` are the names of those whom it tells of it,
    with the address where a colleague has the same name."""

    id: int
    account_id: int
    words: str | None
    staff_id: int
    by: str
    written_at: datetime
    is_pinned: bool
    mentions: tuple[str, ...]
    waits_for: frozenset[int]
    """The ids of those who have not read it yet."""


def note(session: Session, note_id: int) -> NoteRow:
    """One note; NotFound where there is none."""
    found = _read(session, _NOTES.where(NOTES.c.id == note_id))
    if not found:
        raise NotFound(NO_SUCH_NOTE)
    return found[0]


def pinned(session: Session, account_id: int) -> list[NoteRow]:
    """The pinned notes about an account, the newest pin first."""
    wanted = _NOTES.where(NOTES.c.account_id == account_id, NOTES.c.pinned_at.is_not(None))
    return _read(session, wanted.order_by(NOTES.c.pinned_at.desc(), NOTES.c.id.desc()).limit(MOST_PINNED))


def latest(session: Session, account_id: int, *, limit: int = 5) -> list[NoteRow]:
    """The newest notes about an account that stand."""
    wanted = _NOTES.where(NOTES.c.account_id == account_id, NOTES.c.words.is_not(None))
    return _read(session, wanted.order_by(NOTES.c.id.desc()).limit(limit))


def words_of(session: Session, note_ids: Collection[int]) -> dict[int, str]:
    """The words of these notes, for timelines that know ids only; withdrawn ones are left out."""
    if not note_ids:
        return {}
    wanted = select(NOTES.c.id, NOTES.c.words).where(NOTES.c.id.in_(set(note_ids)), NOTES.c.words.is_not(None))
    return {row.id: str(row.words) for row in session.execute(wanted)}


def tags_of(session: Session, account_id: int) -> list[str]:
    """The tags of an account, by name."""
    return list(session.scalars(select(TAGS.c.tag).where(TAGS.c.account_id == account_id).order_by(TAGS.c.tag)))


def tags_of_each(session: Session, account_ids: Collection[int]) -> dict[int, list[str]]:
    """The same of several accounts; those without any are left out."""
    found: dict[int, list[str]] = defaultdict(list)
    if account_ids:
        wanted = select(TAGS.c.account_id, TAGS.c.tag).where(TAGS.c.account_id.in_(set(account_ids)))
        for row in session.execute(wanted.order_by(TAGS.c.tag)):
            found[row.account_id].append(row.tag)
    return dict(found)


def accounts_tagged(tag: str) -> Select[int]:
    """Selects the accounts that have this tag, as it is written, to look through them."""
    return select(TAGS.c.account_id).where(TAGS.c.tag == tag)


def tags_in_use(session: Session, *, limit: int = MOST_TAGS) -> list[tuple[str, int]]:
    """The tags that are on any account and on how many, by name."""
    many = func.count()
    rows = session.execute(select(TAGS.c.tag, many).group_by(TAGS.c.tag).order_by(TAGS.c.tag).limit(limit))
    return [(row[0], row[1]) for row in rows]


_NOTES = select(NOTES, STAFF.c.name.label("by")).join(STAFF, STAFF.c.id == NOTES.c.staff_id)


def _read(session: Session, wanted: Select[*tuple[object, ...]]) -> list[NoteRow]:
    rows = session.execute(wanted).all()
    told = _told(session, [row.id for row in rows])
    waiting = _waiting(session, [task_subject(row.id, staff_id)[1] for row in rows for staff_id, _ in told[row.id]])
    return [_row(row, told[row.id], waiting) for row in rows]


def _row(row: AnyRow, told: list[tuple[int, str]], waiting: set[str]) -> NoteRow:
    return NoteRow(
        id=row.id,
        account_id=row.account_id,
        words=row.words,
        staff_id=row.staff_id,
        by=row.by,
        written_at=row.written_at,
        is_pinned=row.pinned_at is not None,
        mentions=tuple(name for _, name in told),
        waits_for=frozenset(one for one, _ in told if task_subject(row.id, one)[1] in waiting),
    )


def _told(session: Session, note_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    if note_ids:
        other = STAFF.alias()
        has_namesake = exists().where(other.c.name == STAFF.c.name, other.c.id != STAFF.c.id)
        rows = session.execute(
            select(MENTIONS.c.note_id, MENTIONS.c.staff_id, STAFF.c.name, STAFF.c.email, has_namesake.label("shared"))
            .join(STAFF, STAFF.c.id == MENTIONS.c.staff_id)
            .where(MENTIONS.c.note_id.in_(note_ids))
            .order_by(STAFF.c.name, STAFF.c.id)
        )
        for row in rows:
            called = f"{row.name} ({row.email})" if row.shared else row.name
            found[row.note_id].append((row.staff_id, called))
    return found


def _waiting(session: Session, subjects: Collection[str]) -> set[str]:
    if not subjects:
        return set()
    wanted = select(TASKS.c.subject_id).where(
        TASKS.c.kind == TaskKind.MENTIONED,
        TASKS.c.subject_kind == "note",
        TASKS.c.subject_id.in_(subjects),
        TASKS.c.done_at.is_(None),
    )
    return set(session.scalars(wanted))
