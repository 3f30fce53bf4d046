"""Belonging: whose a piece of work is: given to somebody, kept with the account, or for who may approve it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, cast, exists, false, func, or_, select
from sqlalchemy.orm import Session

from domain.approvals.queries import subjects_for
from domain.assignments.model import ASSIGNMENTS
from domain.assignments.queries import responsible, stand_ins, standing_in
from domain.credit.applications.model import APPLICATIONS, DECISIONS, ApplicationState
from domain.refunds.model import Refund, RefundStatus
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import today
from domain.staff.model import STAFF, Role
from domain.tasks.model import TASK_ROLES, TASKS, TaskKind
from domain.worklist.needs import ASKED, BY_ROLE, TO_APPROVE, barred

_KEPT = (TASKS.c.owner_id.is_(None), TASKS.c.kind.not_in(TO_APPROVE))
"""What nobody was given belongs to who looks after the account, but for what waits for those who may approve it."""
_HAS_ROLES = exists().where(TASK_ROLES.c.task_id == TASKS.c.id)


@dataclass(frozen=True, slots=True)
class Person:
    """One of staff, and who does their work today, in that one's role."""

    id: int
    role: Role
    team: str | None
    acting_id: int
    acting_role: Role


def theirs(session: Session, staff_id: int, team: str | None = None) -> ColumnElement[bool]:
    """Whether a task is this person's, or with a team of anybody's in it: what they may approve is theirs alone."""
    everybody = _people(session)
    people = {one.id for one in everybody if one.id == staff_id or (team and one.team == team)}
    role = next((one.role for one in everybody if one.id == staff_id), None)
    owners = people | {one.id for one in everybody if one.acting_id in people}
    done_for = _by_role(one for one in everybody if one.acting_id in people)
    kept = [and_(TASKS.c.kind.not_in(barred(one)), _kept_with(ids)) for one, ids in done_for.items()]
    return or_(TASKS.c.owner_id.in_(owners), and_(*_KEPT, or_(false(), *kept)), _to_approve(staff_id, role))


def nobodys(session: Session) -> ColumnElement[bool]:
    """Whether a task is nobody's: no one looks after its account, or whoever does may not do it."""
    may = [and_(TASKS.c.kind.not_in(barred(one)), _kept_with(ids)) for one, ids in _by_role(_people(session)).items()]
    left = and_(*_KEPT, or_(TASKS.c.account_id.is_(None), ~or_(false(), *may)))
    return or_(left, and_(TASKS.c.owner_id.is_(None), TASKS.c.kind.in_(BY_ROLE), ~_HAS_ROLES))


def how_many_to_approve(session: Session, staff_id: int) -> int:
    """How many requests of colleagues wait that this person may approve."""
    return session.execute(select(func.count()).select_from(subjects_for(staff_id).subquery())).scalar_one()


def owners(session: Session, rows: Sequence[AnyRow]) -> dict[int, int]:
    """Who does each of these tasks, by the task's id; what is nobody's is left out."""
    day = today(session)
    kept = [row for row in rows if row.owner_id is None and row.account_id is not None and row.kind not in TO_APPROVE]
    keepers = _keepers(session, {row.account_id for row in kept})
    away = stand_ins(session, day)
    found: dict[int, int | None] = {row.id: away.get(row.owner_id, row.owner_id) for row in rows}
    found |= {row.id: _kept_by(keepers, row) for row in kept}
    return {task_id: staff_id for task_id, staff_id in found.items() if staff_id is not None}


def _to_approve(staff_id: int, role: Role | None) -> ColumnElement[bool]:
    """Whether a task that nobody was given asks for something that this person may approve and has not asked for."""
    asked = and_(TASKS.c.kind == ASKED, TASKS.c.subject_id.in_(subjects_for(staff_id)))
    if role is None:
        return and_(TASKS.c.owner_id.is_(None), asked)
    enough = exists().where(TASK_ROLES.c.task_id == TASKS.c.id, TASK_ROLES.c.role == role.value)
    by_role = and_(TASKS.c.kind.in_(BY_ROLE), enough, ~_was_first(staff_id))
    return and_(TASKS.c.owner_id.is_(None), or_(asked, by_role))


def _was_first(staff_id: int) -> ColumnElement[bool]:
    """Whether a task asks for a second person, of whom this one was the first."""
    asked = select(Refund.public_id).where(
        Refund.requested_by == staff_id, Refund.status == RefundStatus.AWAITING_APPROVAL
    )
    latest = (
        select(func.max(DECISIONS.c.id))
        .join(APPLICATIONS, APPLICATIONS.c.id == DECISIONS.c.application_id)
        .where(APPLICATIONS.c.state == ApplicationState.REVIEW)
        .group_by(DECISIONS.c.application_id)
    )
    refused = select(cast(DECISIONS.c.application_id, String)).where(
        DECISIONS.c.id.in_(latest), DECISIONS.c.staff_id == staff_id
    )
    return or_(
        and_(TASKS.c.kind == TaskKind.REFUND_APPROVAL, TASKS.c.subject_id.in_(asked)),
        and_(TASKS.c.kind == TaskKind.CREDIT_REVIEW, TASKS.c.subject_id.in_(refused)),
    )


def _people(session: Session) -> list[Person]:
    acting, stand_in = standing_in(today(session)), STAFF.alias()
    rows = session.execute(
        select(STAFF.c.id, STAFF.c.role, STAFF.c.team, acting.c.acting_id, stand_in.c.role.label("acting_role"))
        .join(acting, acting.c.staff_id == STAFF.c.id)
        .join(stand_in, stand_in.c.id == acting.c.acting_id)
    )
    return [Person(**row._mapping) for row in rows]


def _by_role(people: Iterable[Person]) -> dict[Role, list[int]]:
    """Those whose work somebody does, by the role of whoever does it."""
    found: dict[Role, list[int]] = {}
    for one in people:
        found.setdefault(one.acting_role, []).append(one.id)
    return found


def _kept_with(ids: Collection[int]) -> ColumnElement[bool]:
    """Whether one of these people looks after the account of a task."""
    return exists().where(ASSIGNMENTS.c.account_id == TASKS.c.account_id, ASSIGNMENTS.c.staff_id.in_(ids))


def _keepers(session: Session, account_ids: set[int]) -> Mapping[int, tuple[int, Role]]:
    """Who looks after each of these accounts, and their role."""
    looked_after = responsible(today(session))
    rows = session.execute(
        select(looked_after.c.account_id, STAFF.c.id, STAFF.c.role)
        .join(STAFF, STAFF.c.id == looked_after.c.staff_id)
        .where(looked_after.c.account_id.in_(account_ids))
    )
    return {row.account_id: (row.id, row.role) for row in rows}


def _kept_by(keepers: Mapping[int, tuple[int, Role]], row: AnyRow) -> int | None:
    keeper = keepers.get(row.account_id)
    return None if keeper is None or row.kind in barred(keeper[1]) else keeper[0]
