"""Codes: the six digits that the phones of the demo's staff would show now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.shared.db.session import Database
from domain.staff.codes import SECONDS, code_at
from domain.staff.model import STAFF


@dataclass(frozen=True, slots=True)
class StaffCode:
    """One member of staff and the code of this half minute; `used` when they have signed in with it already."""

    name: str
    email: str
    code: str
    used: bool


def codes_now(database: Database) -> list[StaffCode]:
    """The code of everybody who works here: only the demo may know them."""
    at = database.clock.now()
    with database.reading() as session:
        rows = session.execute(select(STAFF).where(STAFF.c.disabled_at.is_(None)).order_by(STAFF.c.id)).all()
    return [
        StaffCode(row.name, row.email, code_at(row.totp_secret, at), row.totp_last_step >= _step(at)) for row in rows
    ]


def seconds_left(at: datetime) -> int:
    """How long these codes are the newest."""
    return SECONDS - int(at.timestamp()) % SECONDS


def _step(at: datetime) -> int:
    return int(at.timestamp()) // SECONDS
