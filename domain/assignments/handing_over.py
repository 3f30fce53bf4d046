"""Handing over: what somebody had who looks after accounts no more goes on by the rules, or to their stand-in."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from domain.assignments.applying import tell, upsert
from domain.assignments.fitting import LOOKS_AFTER, compared, working
from domain.assignments.model import ASSIGNMENTS
from domain.assignments.queries import responsible, stand_ins
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.chunking import AT_ONCE
from domain.shared.db.session import now, today
from domain.staff.model import STAFF, Role, StaffMember
from domain.staff.permissions import Permission, roles_with
from domain.tasks.model import TASKS

WORKS = roles_with(Permission.WORK_TASKS)
LEFT = "left"
"""Why an account changed hands: whoever had it looks after none any more."""


def to_hand_over(session: Session) -> list[int]:
    """Who left, or has another job, and has accounts or open tasks still."""
    accounts = exists().where(ASSIGNMENTS.c.staff_id == STAFF.c.id)
    waiting = select(TASKS.c.owner_id).where(TASKS.c.done_at.is_(None), TASKS.c.owner_id.is_not(None))
    works = STAFF.c.role.in_(WORKS)
    is_here = STAFF.c.disabled_at.is_(None)
    left = select(STAFF.c.id).where(
        or_(
            ~(is_here & STAFF.c.role.in_(LOOKS_AFTER)) & accounts,
            ~(is_here & works) & STAFF.c.id.in_(waiting),
        )
    )
    return list(session.scalars(left.order_by(STAFF.c.id)))


def hand_over(session: Session, staff_id: int, *, actor: Actor, at_once: int = AT_ONCE) -> int:
    """Hand on what somebody who left has still, so many accounts at most; how many accounts and tasks it was.

    Accounts, those given by hand too, go to whom the rules say; where none fits, to whoever stood in for them on this
    day; else to nobody. Open tasks follow their accounts; the others go to the stand-in, or to nobody. Nothing happens
    where they are still here.
    """
    if staff_id not in to_hand_over(session):
        return 0
    member = session.get_one(StaffMember, staff_id)
    stand_in = stand_ins(session, today(session)).get(staff_id)
    accounts = tasks = 0
    if not may_do(member, LOOKS_AFTER):
        accounts = _accounts(session, staff_id, _keeper(session, stand_in), actor=actor, at_once=at_once)
    if accounts < at_once and not may_do(member, WORKS):
        tasks = _tasks(session, staff_id, stand_in)
    after = {"accounts": accounts, "tasks": tasks, "stand_in": stand_in}
    record(session, "staff.work_handed_over", actor=actor, subject=("staff", staff_id), after=after)
    return accounts + tasks


def may_do(member: StaffMember, roles: Collection[Role]) -> bool:
    """Whether somebody is here, in one of these roles."""
    return member.disabled_at is None and member.role in roles


def _keeper(session: Session, staff_id: int | None) -> int | None:
    """The stand-in, where they may look after accounts themselves."""
    return staff_id if staff_id is not None and may_do(session.get_one(StaffMember, staff_id), LOOKS_AFTER) else None


def _accounts(session: Session, staff_id: int, stand_in: int | None, *, actor: Actor, at_once: int) -> int:
    theirs = ASSIGNMENTS.c.staff_id == staff_id
    ids = select(ASSIGNMENTS.c.account_id).where(theirs).order_by(ASSIGNMENTS.c.account_id).limit(at_once)
    held = list(session.scalars(ids.with_for_update()))
    if not held:
        return 0
    among = (theirs, ASSIGNMENTS.c.account_id <= held[-1])
    rows = session.execute(select(compared(session, working(session), *among, by_hand_too=True))).all()
    goes_to = {row.account_id: row.fit_staff_id or stand_in for row in rows}
    values = [
        {
            "account_id": row.account_id,
            "staff_id": goes_to[row.account_id],
            "rule_id": row.fit_rule_id,
            "assigned_at": now(session),
        }
        for row in rows
        if goes_to[row.account_id] is not None
    ]
    if values:
        session.execute(upsert(session, only_by_rule=False), values).all()
    session.execute(delete(ASSIGNMENTS).where(*among))
    tell(session, {one: (staff_id, whom) for one, whom in goes_to.items()}, actor=actor, by=LEFT)
    return len(goes_to)


def _tasks(session: Session, staff_id: int, stand_in: int | None) -> int:
    keepers = responsible(today(session))
    keeper = select(keepers.c.staff_id).where(keepers.c.account_id == TASKS.c.account_id).scalar_subquery()
    theirs = (TASKS.c.done_at.is_(None), TASKS.c.owner_id == staff_id)
    moved = update(TASKS).where(*theirs).values(owner_id=func.coalesce(keeper, stand_in)).returning(TASKS.c.id)
    return len(session.scalars(moved).all())
