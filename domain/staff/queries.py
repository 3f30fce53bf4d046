"""Queries: who works here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.staff.model import STAFF, Role


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff without their secrets."""

    id: int
    email: str
    name: str
    role: Role
    language: str
    created_at: datetime
    locked_until: datetime | None
    disabled_at: datetime | None


LISTED = tuple(STAFF.c[name] for name in StaffRow.__dataclass_fields__)


def active(session: Session, staff_id: int) -> StaffRow | None:
    """The member of staff, or None where there is none or they have left: then nobody is signed in as them."""
    row = session.execute(select(*LISTED).where(STAFF.c.id == staff_id, STAFF.c.disabled_at.is_(None))).one_or_none()
    return StaffRow(*row) if row else None


def member(session: Session, staff_id: int) -> StaffRow | None:
    """The member of staff, also one who has left; None where there is none."""
    row = session.execute(select(*LISTED).where(STAFF.c.id == staff_id)).one_or_none()
    return StaffRow(*row) if row else None


def in_roles(session: Session, roles: Collection[Role]) -> list[StaffRow]:
    """Those who work here in one of these roles, by name."""
    here = select(*LISTED).where(STAFF.c.role.in_(roles), STAFF.c.disabled_at.is_(None))
    return [StaffRow(*row) for row in session.execute(here.order_by(STAFF.c.name, STAFF.c.id))]


def everybody(session: Session) -> list[StaffRow]:
    """All, those who left included, by name."""
    return [StaffRow(*row) for row in session.execute(select(*LISTED).order_by(STAFF.c.name, STAFF.c.id))]


def names(session: Session, staff_ids: Collection[int]) -> dict[int, str]:
    """The names of these, for lists that know ids only."""
    statement = select(STAFF.c.id, STAFF.c.name).where(STAFF.c.id.in_(set(staff_ids)))
    return {row.id: row.name for row in session.execute(statement)} if staff_ids else {}
