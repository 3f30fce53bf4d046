"""Assigning: people who look after accounts, and who looks after which, for tests."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assignments.absences import write_down
from domain.assignments.assigning import assign
from domain.assignments.fitting import Choice
from domain.assignments.model import ASSIGNMENTS, RuleKind
from domain.assignments.ruling import add as add_rule
from domain.assignments.teams import set_team
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.adding import add
from domain.staff.model import Role, StaffMember

PASSWORD = "violet anchor 7 pebble"
_numbers = count(1)


def a_colleague(session: Session, name: str = "Eva Lind", role: Role = Role.COLLECTOR) -> StaffMember:
    """Somebody who works here."""
    member, _ = add(
        session, email=f"c{next(_numbers)}@office.example", name=name, role=role, password=PASSWORD, actor=OPERATOR
    )
    return member


def keep_with(session: Session, member: StaffMember, account_id: int) -> None:
    """Give them the account and a rule; they are in a team of their own and away soon, with a stand-in."""
    assign(session, [account_id], member.id, actor=OPERATOR)
    add_rule(session, Choice(RuleKind.EVERYTHING), member.id, actor=OPERATOR)
    set_team(session, member.id, member.name, actor=OPERATOR)
    stand_in, day = a_colleague(session, f"Stand-in of {member.name}"), today(session)
    last_on = day + timedelta(days=1)
    write_down(session, member.id, stand_in_id=stand_in.id, first_on=day, last_on=last_on, actor=OPERATOR)


def kept_by(session: Session) -> dict[int, int]:
    """Whose each account is that is somebody's."""
    rows = session.execute(select(ASSIGNMENTS.c.account_id, ASSIGNMENTS.c.staff_id))
    return {row.account_id: row.staff_id for row in rows}
