"""Recovery codes: ten that stand in for a lost phone, shown once, kept as hashes, each good for one time."""

from __future__ import annotations

import secrets
from hashlib import sha256

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.outbox.sending import add
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.staff.credentials.messages import TellRecoveryUsed
from domain.staff.credentials.model import RECOVERY_CODES

COUNT = 10
LENGTH, GROUP = 16, 4
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Thirty-two that are hard to take for one another (Crockford's base 32): a code has 80 random bits."""
MISREAD = str.maketrans("oil", "011")
UNUSED = (RECOVERY_CODES.c.used_at.is_(None), RECOVERY_CODES.c.withdrawn_at.is_(None))


def make(session: Session, staff_id: int, *, actor: Actor) -> list[str]:
    """Make ten new codes and withdraw those before; what is returned is shown once and nowhere kept."""
    withdraw(session, staff_id)
    made = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(COUNT)]
    rows = [{"staff_id": staff_id, "code_hash": _hash(staff_id, code), "made_at": now(session)} for code in made]
    session.execute(insert(RECOVERY_CODES), rows)
    record(session, "staff.recovery_codes_made", actor=actor, subject=("staff", staff_id))
    return ["-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP)) for code in made]


def withdraw(session: Session, staff_id: int) -> None:
    """Let none of somebody's codes work any more."""
    theirs = update(RECOVERY_CODES).where(RECOVERY_CODES.c.staff_id == staff_id, *UNUSED)
    session.execute(theirs.values(withdrawn_at=now(session)))


def use(session: Session, staff_id: int, typed: str) -> bool:
    """Use up the code that was typed; False where it is none of theirs, or was used. A mail tells them that it was.

    The caller holds the member's row, and writes down what the code was for.
    """
    code = _plain(typed)
    if len(code) != LENGTH:
        return False
    theirs = (RECOVERY_CODES.c.staff_id == staff_id, RECOVERY_CODES.c.code_hash == _hash(staff_id, code), *UNUSED)
    used = update(RECOVERY_CODES).where(*theirs).values(used_at=now(session)).returning(RECOVERY_CODES.c.id)
    code_id = session.scalars(used).one_or_none()
    if code_id is None:
        return False
    add(session, TellRecoveryUsed(code_id))
    return True


def left(session: Session, staff_id: int) -> int:
    """How many of somebody's codes still work."""
    count = select(func.count()).select_from(RECOVERY_CODES).where(RECOVERY_CODES.c.staff_id == staff_id, *UNUSED)
    return int(session.scalars(count).one())


def _plain(typed: str) -> str:
    return "".join(char for char in typed.lower() if char.isalnum()).translate(MISREAD)


def _hash(staff_id: int, code: str) -> str:
    return sha256(f"{staff_id}:{code}".encode()).hexdigest()
