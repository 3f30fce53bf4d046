"""Worklist abouts: what a card says besides its kind: what a colleague asks for, what came of it, how a note begins."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.approvals.model import APPROVAL_NAMES, APPROVALS, KIND_NAMES
from domain.notes import queries as notes
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.words import Words
from domain.staff.model import STAFF
from domain.tasks.model import TaskKind
from domain.worklist.queue import Item

BEGINNING = 120
"""So many characters of a note are shown."""


def abouts(session: Session, items: Sequence[Item]) -> dict[int, Words]:
    """What there is to say of these pieces of work, by their ids: as many queries however many they are."""
    requests = _requests(session, {int(item.subject_id) for item in items if item.subject_kind == "approval"})
    mentions = {item.id: int(item.subject_id.split("/")[0]) for item in items if item.kind is TaskKind.MENTIONED}
    words = notes.words_of(session, set(mentions.values()))
    found = {}
    for item in items:
        request = requests.get(int(item.subject_id)) if item.subject_kind == "approval" else None
        if request is not None:
            found[item.id] = _of_request(item, request)
        elif (note := words.get(mentions.get(item.id, 0))) is not None:
            found[item.id] = Words.of("{note}", note=_beginning(note))
    return found


def _requests(session: Session, ids: set[int]) -> dict[int, AnyRow]:
    if not ids:
        return {}
    columns = (APPROVALS.c.id, APPROVALS.c.kind, APPROVALS.c.status, STAFF.c.name)
    rows = session.execute(
        select(*columns).join(STAFF, STAFF.c.id == APPROVALS.c.asked_by).where(APPROVALS.c.id.in_(ids))
    )
    return {row.id: row for row in rows}


def _of_request(item: Item, request: AnyRow) -> Words:
    what = Words.of(KIND_NAMES[request.kind])
    if item.kind is TaskKind.APPROVAL_ANSWERED:
        return Words.of("{what}: {status}", what=what, status=Words.of(APPROVAL_NAMES[request.status]))
    return Words.of(N_("{name} asks: {what}"), name=request.name, what=what)


def _beginning(note: str) -> str:
    words = " ".join(note.split())
    return words if len(words) <= BEGINNING else f"{words[:BEGINNING].rsplit(' ', 1)[0]} …"
