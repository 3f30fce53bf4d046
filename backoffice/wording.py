"""Wording: what those are called who did something, for lists that know ids only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.placements.people import queries as people
from domain.reporting.timeline import WHO
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow
from domain.staff import queries as staff


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did it: a name, or a message id where `nameless`."""

    words: str
    nameless: bool


def with_doers(session: Session, rows: Sequence[AnyRow]) -> list[tuple[AnyRow, Doer]]:
    """Each row with its doer, by its `actor_kind` and `actor_id`, in three queries at most."""

    def ids(kind: ActorKind) -> set[int]:
        return {row.actor_id for row in rows if row.actor_kind == kind and row.actor_id is not None}

    names = {
        ActorKind.STAFF: staff.names(session, ids(ActorKind.STAFF)),
        ActorKind.LOGIN: accounts.login_names(session, ids(ActorKind.LOGIN)),
        ActorKind.PARTNER: people.names_with_firms(session, ids(ActorKind.PARTNER)),
    }
    return [(row, _doer(ActorKind(row.actor_kind), row.actor_id, names)) for row in rows]


def _doer(kind: ActorKind, number: int | None, names: dict[ActorKind, dict[int, str]]) -> Doer:
    if kind in names and number is not None:
        return Doer(names[kind].get(number, str(number)), nameless=False)
    return Doer(WHO[kind], nameless=True)
