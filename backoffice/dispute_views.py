"""Views of disputes: cards and rows with how old each is and how its service level stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.disputes.board import due_of
from domain.disputes.model import DisputeStatus
from domain.disputes.reasons import REASON_GROUPS, REASON_NAMES
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now
from domain.staff import queries as staff
from domain.staff.permissions import Permission, roles_with
from web.disputes import DisputeView, dispute_view

PRESSING = timedelta(days=1)
"""What is due within this is pressing."""


@dataclass(frozen=True, slots=True)
class Level:
    """How the service level stands: what is due, how long that is from now, or for how long it has been late."""

    is_answer: bool
    """Whether it is our first answer; else the decision."""
    due: datetime
    is_late: bool
    span: timedelta

    @property
    def kind(self) -> str:
        """The kind of its badge."""
        if self.is_late:
            return "late"
        return "soon" if self.span <= PRESSING else "open"


@dataclass(frozen=True, slots=True)
class Card:
    """A dispute on the board or in a list."""

    dispute: DisputeView
    age: timedelta
    level: Level | None
    waits_until: date | None


def cards(session: Session, rows: AnyRows) -> list[Card]:
    """Rows of `disputes.board` as their templates want them."""
    at = now(session)
    return [card(row, at) for row in rows]


def card(row: AnyRow, at: datetime) -> Card:
    """One row as it stands at that moment; what has ended is as old as it became."""
    waits = row.status is DisputeStatus.AWAITING_CUSTOMER
    return Card(
        dispute=dispute_view(row),
        age=(row.ended_at or at) - row.raised_at,
        level=level_of(row, at),
        waits_until=row.silent_on if waits else None,
    )


def level_of(row: AnyRow, at: datetime) -> Level | None:
    """How the service level of a row stands; None while nothing of ours is due."""
    due = due_of(row)
    if due is None:
        return None
    is_answer = row.answered_at is None and due == row.answer_by
    return Level(is_answer=is_answer, due=due, is_late=due < at, span=abs(due - at))


def reason_groups() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """The reasons to choose from, grouped: (name of the group, (value, name) of each)."""
    return [(name, [(one.value, REASON_NAMES[one]) for one in reasons]) for name, reasons in REASON_GROUPS]


def handler_choices(session: Session) -> dict[str, int | None]:
    """What a form may say of who handles it: one of them, or nobody."""
    return {"": None} | {str(staff_id): staff_id for staff_id, _ in handlers(session)}


def handlers(session: Session) -> list[tuple[int, str]]:
    """Those who work here and may handle disputes, by name."""
    return [(one.id, one.name) for one in staff.in_roles(session, roles_with(Permission.HANDLE_DISPUTES))]
