"""Reading the whole audit trail: what is asked for found by an index, page by page, and never by a look at every row.

What no index can tell, such as a word, is looked for among so many rows at once; a page that ends before it is full
says how far back it has looked, and the next one goes on there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select, tuple_, union_all
from sqlalchemy.orm import Session

from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS
from domain.audit.queries import PAGE, Act, Position, read_acts
from domain.shared.actor import ActorKind
from domain.shared.errors import NotFound

LOOKED_AT = 5_000
"""So many rows are looked at for one page, where something is asked for that no index tells."""
HAVE_NO_ID = frozenset({ActorKind.PROCESSOR, ActorKind.WORKER, ActorKind.OPERATOR, ActorKind.VISITOR})
"""Actors that are one for all."""
E_, P_ = AUDIT_ENTRIES.c, AUDIT_PAYLOADS.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are asked for; what is None or empty asks for nothing. `since` is included, `before` is not."""

    actor_kind: ActorKind | None = None
    actor_id: int | None = None
    acts: tuple[str, ...] = ()
    subject_kind: str = ""
    subject_id: str = ""
    account_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None
    words: str = ""

    def conditions(self) -> dict[str, ColumnElement[bool]]:
        """What a row has to be, by what asks for it."""
        asked: dict[str, tuple[object, ColumnElement[bool]]] = {
            "actor_kind": (self.actor_kind, E_.actor_kind == self.actor_kind),
            "actor_id": (self.actor_id, E_.actor_id == self.actor_id),
            "acts": (self.acts, E_.act.in_(self.acts)),
            "subject_kind": (self.subject_kind, E_.subject_kind == self.subject_kind),
            "subject_id": (self.subject_id, E_.subject_id == self.subject_id),
            "account_id": (self.account_id, E_.account_id == self.account_id),
        }
        return {name: condition for name, (value, condition) in asked.items() if value not in (None, "", ())}


@dataclass(frozen=True, slots=True)
class Found:
    """One page: its acts, where the next begins (None: that was all), and how far back it looked if it is not full."""

    acts: list[Act]
    following: Position | None
    looked_back_to: datetime | None = None


def find(
    session: Session, wanted: Wanted, *, after: Position | None = None, limit: int = PAGE, looked_at: int = LOOKED_AT
) -> Found:
    """A page of the acts that are asked for, newest first, after the last position of the page before."""
    statements, is_told = _by_index(wanted, after)
    newest = _newest(statements, limit + 1 if is_told else looked_at)
    rows = _read(session, newest, [] if is_told else _beyond(wanted), limit + 1)
    if len(rows) > limit:
        return Found(rows[:limit], rows[limit - 1].position)
    many, last = (0, None) if is_told else _extent(session, newest)
    if last is None or many < looked_at:
        return Found(rows, None)
    return Found(rows, last, last[0])


def one(session: Session, audit_id: int) -> Act:
    """One act; NotFound where there is none."""
    found = read_acts(session.execute(_with_payload().where(E_.id == audit_id)).all())
    if not found:
        raise NotFound
    return found[0]


def hash_of(session: Session, audit_id: int) -> tuple[str, str]:
    """The hash of a row and the digest of its payload, hexadecimal; NotFound where there is none."""
    row = session.execute(select(E_.hash, E_.digest).where(E_.id == audit_id)).one_or_none()
    if row is None:
        raise NotFound
    return row.hash.hex(), row.digest.hex()


def ground_of(session: Session, audit_id: int) -> str | None:
    """On what ground the payload of a row was erased; None where it was not."""
    return session.scalar(select(P_.ground).where(P_.id == audit_id))


def acts_there(session: Session) -> list[str]:
    """Every act that is on the trail, each found by one step through the index."""
    return _steps(session, E_.act)


def kinds_there(session: Session) -> list[str]:
    """Every kind of object that is on the trail."""
    return _steps(session, E_.subject_kind)


def _steps(session: Session, column: Any) -> list[str]:
    first = select(func.min(column).label("value")).cte("steps", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    steps = first.union_all(select(following).where(first.c.value.is_not(None)))
    return list(session.scalars(select(steps.c.value).where(steps.c.value.is_not(None))))


def _by_index(wanted: Wanted, after: Position | None) -> tuple[list[Select[Any]], bool]:
    """What one index finds of it, in one statement or more, newest first; and whether nothing else is asked for."""
    asked = wanted.conditions()
    lead = next((names for names in _indexes(wanted) if names <= asked.keys()), frozenset())
    conditions = [condition for name, condition in asked.items() if name in lead]
    order = [E_.at.desc(), E_.id.desc()]
    if lead == {"actor_kind"}:
        conditions.append(E_.actor_id.is_(None))
        order.insert(0, E_.actor_id.desc())
    each = [[E_.act == act] for act in wanted.acts] if lead == {"acts"} else [conditions]
    page = _of_page(wanted, after)
    found = [select(E_.id, E_.at).where(*one, *page).order_by(*order) for one in each]
    return found, lead == asked.keys() and not wanted.words


def _indexes(wanted: Wanted) -> list[frozenset[str]]:
    """What each index tells, the one that finds the fewest rows first."""
    found = [
        frozenset({"subject_kind", "subject_id"}),
        frozenset({"account_id"}),
        frozenset({"actor_kind", "actor_id"}),
        frozenset({"acts"}),
    ]
    return [*found, frozenset({"actor_kind"})] if wanted.actor_kind in HAVE_NO_ID else found


def _of_page(wanted: Wanted, after: Position | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(E_.at >= wanted.since)
    if wanted.before is not None:
        found.append(E_.at < wanted.before)
    if after is not None:
        found.append(tuple_(E_.at, E_.id) < after)
    return found


def _newest(statements: Sequence[Select[Any]], limit: int) -> Subquery:
    """The newest rows of all statements together, by id and instant."""
    parts = [select(part.c.id, part.c.at) for part in (one.limit(limit).subquery() for one in statements)]
    together = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    return select(together).order_by(together.c.at.desc(), together.c.id.desc()).limit(limit).subquery("newest")


def _beyond(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What a row has to be besides, whatever index found it."""
    found = list(wanted.conditions().values())
    if wanted.words:
        typed = wanted.words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found.append(func.lower(P_.payload).like(f"%{typed}%", escape="\\"))
    return found


def _with_payload() -> Select[Any]:
    return select(AUDIT_ENTRIES, P_.payload, P_.erased_at).join(AUDIT_PAYLOADS, P_.id == E_.id)


def _read(session: Session, newest: Subquery, beyond: Sequence[ColumnElement[bool]], limit: int) -> list[Act]:
    wanted = _with_payload().join(newest, newest.c.id == E_.id).where(*beyond)
    return read_acts(session.execute(wanted.order_by(newest.c.at.desc(), newest.c.id.desc()).limit(limit)).all())


def _extent(session: Session, newest: Subquery) -> tuple[int, Position | None]:
    """How many rows were looked at, and the last of them."""
    rows = session.execute(select(newest.c.at, newest.c.id).order_by(newest.c.at.desc(), newest.c.id.desc())).all()
    return len(rows), (rows[-1].at, rows[-1].id) if rows else None
