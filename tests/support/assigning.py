"""Assigning: people who look after accounts, and who looks after which, for tests."""

from __future__ import annotations

from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assignments.model import ASSIGNMENTS
from domain.shared.actor import OPERATOR
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


def kept_by(session: Session) -> dict[int, int]:
    """Whose each account is that is somebody's."""
    rows = session.execute(select(ASSIGNMENTS.c.account_id, ASSIGNMENTS.c.staff_id))
    return {row.account_id: row.staff_id for row in rows}
