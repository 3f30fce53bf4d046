"""Audit export: the acts that are asked for as CSV or JSON, piece by piece however many they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from backoffice.audit_views import ActView, views_of
from domain.audit.queries import Position
from domain.audit.reading import Wanted, find, ground_of
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.shared.hashing import instant_text
from domain.shared.words import Speaking
from domain.statements.export import BYTE_ORDER_MARK, csv_row, safe_cell

AT_ONCE = 1_000
"""Acts that are read at once: each piece is a moment of its own, and acts only ever come on top."""
COLUMNS = (
    N_("Number"),
    N_("When (UTC)"),
    N_("Act"),
    N_("In words"),
    N_("Kind of actor"),
    N_("Number of actor"),
    N_("Who"),
    N_("Address"),
    N_("Kind of object"),
    N_("Number of object"),
    N_("Account"),
    N_("Before"),
    N_("After"),
    N_("Further"),
    N_("Erased (UTC)"),
    N_("Ground"),
)
Pieces = Callable[[Database, Wanted, Position, Speaking], Iterator[bytes]]


def as_csv(database: Database, wanted: Wanted, behind: Position, speaking: Speaking) -> Iterator[bytes]:
    """A row for each act behind a place, newest first, in the reader's words; no cell is a formula."""
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(name) for name in COLUMNS])).encode()
    for view, ground in _each(database, wanted, behind, speaking):
        yield csv_row([safe_cell(_text(value)) for value in _record(view, ground, speaking).values()]).encode()


def as_json(database: Database, wanted: Wanted, behind: Position, speaking: Speaking) -> Iterator[bytes]:
    """An array with an object for each act behind a place, newest first."""
    before = "[\n"
    for view, ground in _each(database, wanted, behind, speaking):
        yield (before + json.dumps(_record(view, ground, speaking), ensure_ascii=False)).encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


FORMATS: dict[str, tuple[Pieces, str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}
"""Each format: what makes it, and how it is called on its way."""


def _each(
    database: Database, wanted: Wanted, behind: Position, speaking: Speaking
) -> Iterator[tuple[ActView, str | None]]:
    place: Position | None = behind
    while place is not None:
        with database.reading() as session:
            found = find(session, wanted, after=place, limit=AT_ONCE)
            grounds = {act.id: ground_of(session, act.id) for act in found.acts if act.erased_at is not None}
            views = views_of(session, found.acts, speaking)
        for view in views:
            yield view, grounds.get(view.act.id)
        place = found.following


def _record(view: ActView, ground: str | None, speaking: Speaking) -> dict[str, Any]:
    act, words = view.act, view.words
    return {
        "id": act.id,
        "at": instant_text(act.at),
        "act": act.act,
        "words": speaking.translate(words.text, **words.params) if words is not None else None,
        "actor_kind": act.actor_kind,
        "actor_id": act.actor_id,
        "who": speaking.translate(view.doer.words) if view.doer.nameless else view.doer.words,
        "address": act.address,
        "subject_kind": act.subject_kind,
        "subject_id": act.subject_id,
        "account_id": act.account_id,
        "before": act.before or None,
        "after": act.after or None,
        "further": act.words or None,
        "erased_at": instant_text(act.erased_at) if act.erased_at is not None else None,
        "ground": ground,
    }


def _text(value: object) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
