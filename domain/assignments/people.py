"""People: who may look after accounts, and stand in for whom."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.assignments.fitting import LOOKS_AFTER
from domain.shared.errors import N_, Invalid
from domain.staff import queries as staff
from domain.staff.model import StaffMember

NOT_A_KEEPER = N_("Choose somebody who works here and looks after accounts.")


def keepers(session: Session) -> list[tuple[int, str]]:
    """Those who work here and may look after accounts, by name."""
    return [(one.id, one.name) for one in staff.in_roles(session, LOOKS_AFTER)]


def check_keeper(session: Session, staff_id: int, *, field: str = "staff_id") -> StaffMember:
    """Somebody who works here and may look after accounts; Invalid for anybody else."""
    member = session.get(StaffMember, staff_id)
    if member is None or member.disabled_at is not None or member.role not in LOOKS_AFTER:
        raise Invalid(NOT_A_KEEPER, field=field)
    return member
