"""Queries: one request, the lists of them, and what waits for approval on an account or about one thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.approvals.changing import NO_SUCH_REQUEST
from domain.approvals.model import APPROVAL_ROLES, APPROVALS, ApprovalStatus
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import NotFound
from domain.staff.model import STAFF, Role
from domain.tasks.model import TASKS, TaskKind

_WAITING = APPROVALS.c.status == ApprovalStatus.WAITING
_SHOWN = select(APPROVALS, ACCOUNTS.c.name.label("account_name"), ACCOUNTS.c.number.label("account_number")).join(
    ACCOUNTS, ACCOUNTS.c.id == APPROVALS.c.account_id
)


class View(StrEnum):
    """The lists of requests."""

    TO_DECIDE = "to_decide"
    ASKED = "asked"
    WAITING = "waiting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the lists."""

    staff_id: int
    role: Role


def request(session: Session, request_id: int) -> AnyRow:
    """One request with its account; NotFound."""
    row = session.execute(_SHOWN.where(APPROVALS.c.id == request_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_REQUEST)
    return row


def requests(session: Session, view: View, reader: Reader, *, before: int | None = None, limit: int = 50) -> AnyRows:
    """A page of a list, the newest first, before the id of the last one seen."""
    wanted = _SHOWN.where(*_in_view(view, reader))
    if before is not None:
        wanted = wanted.where(APPROVALS.c.id < before)
    return session.execute(wanted.order_by(APPROVALS.c.id.desc()).limit(limit)).all()


def counts(session: Session, reader: Reader) -> dict[View, int]:
    """How many requests each list has."""
    lists = tuple(View)
    counted = [
        select(func.count()).select_from(APPROVALS).where(*_in_view(view, reader)).scalar_subquery() for view in lists
    ]
    return dict(zip(lists, session.execute(select(*counted)).one(), strict=True))


def waiting_of(session: Session, account_id: int) -> AnyRows:
    """What waits for approval on an account, the oldest first."""
    wanted = select(APPROVALS).where(APPROVALS.c.account_id == account_id, _WAITING)
    return session.execute(wanted.order_by(APPROVALS.c.id)).all()


def waiting_about(session: Session, kind: str, thing: int | str) -> AnyRows:
    """What waits for approval about one thing, the oldest first."""
    wanted = select(APPROVALS).where(APPROVALS.c.subject_kind == kind, APPROVALS.c.subject_id == str(thing), _WAITING)
    return session.execute(wanted.order_by(APPROVALS.c.id)).all()


def is_unread(session: Session, request_id: int) -> bool:
    """Whether whoever asked has still to read what came of it."""
    wanted = select(TASKS.c.id).where(
        TASKS.c.kind == TaskKind.APPROVAL_ANSWERED,
        TASKS.c.subject_kind == "approval",
        TASKS.c.subject_id == str(request_id),
        TASKS.c.done_at.is_(None),
    )
    return session.scalar(wanted) is not None


def subjects_asked_by(staff_id: int) -> Select[str]:
    """Selects how tasks name the requests that wait and that this person has made: they decide over none of them."""
    return select(cast(APPROVALS.c.id, String)).where(APPROVALS.c.asked_by == staff_id, _WAITING)


def subjects_for(staff_id: int) -> Select[str]:
    """Selects how tasks name the requests that this person can approve: a role like theirs was enough for them."""
    role = select(STAFF.c.role).where(STAFF.c.id == staff_id).scalar_subquery()
    return (
        select(cast(APPROVALS.c.id, String))
        .join(APPROVAL_ROLES, APPROVAL_ROLES.c.request_id == APPROVALS.c.id)
        .where(_WAITING, APPROVAL_ROLES.c.role == role, APPROVALS.c.asked_by != staff_id)
    )


def _in_view(view: View, reader: Reader) -> list[ColumnElement[bool]]:
    match view:
        case View.TO_DECIDE:
            theirs = select(APPROVAL_ROLES.c.request_id).where(APPROVAL_ROLES.c.role == reader.role)
            return [_WAITING, APPROVALS.c.asked_by != reader.staff_id, APPROVALS.c.id.in_(theirs)]
        case View.ASKED:
            return [APPROVALS.c.asked_by == reader.staff_id]
        case View.WAITING:
            return [_WAITING]
        case View.ENDED:
            return [~_WAITING]
