"""Choosing: whether somebody wants to be told by mail each working morning what waits for them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.errors import NotFound
from domain.staff.model import STAFF, StaffMember


def wants(session: Session, staff_id: int) -> bool:
    """Whether they want it."""
    return bool(session.scalar(select(STAFF.c.wants_digest).where(STAFF.c.id == staff_id)))


def choose(session: Session, staff_id: int, *, wanted: bool, actor: Actor) -> None:
    """Keep whether they want it; NotFound."""
    member = session.get(StaffMember, staff_id, with_for_update=True)
    if member is None:
        raise NotFound
    if member.wants_digest is wanted:
        return
    member.wants_digest = wanted
    session.flush()
    record(
        session,
        "staff.digest_chosen",
        actor=actor,
        subject=("staff", staff_id),
        before={"wanted": not wanted},
        after={"wanted": wanted},
    )
