"""Sending: each working morning, once, to everybody who wants it and is here; nothing to say is no mail."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from domain.assignments.model import ABSENCES
from domain.digests.gathering import gather
from domain.outbox.sending import Message, add
from domain.shared.db.session import business, now, today
from domain.shared.working_week import working_week
from domain.staff.model import STAFF, StaffMember


class SendDigest(Message, frozen=True):
    """Mail somebody what waits for them, as it is when it is sent; nothing once that morning's day is over."""

    kind: ClassVar[str] = "send_digest"
    staff_id: int
    day: date


def to_be_told(session: Session) -> list[int]:
    """Who has not had this morning's mail; nobody before the business opens, or on a day when it does not."""
    day, ours = today(session), business(session)
    if not working_week(session).is_open(day) or now(session).astimezone(ZoneInfo(ours.time_zone)).hour < ours.opens:
        return []
    away = exists().where(
        ABSENCES.c.staff_id == STAFF.c.id,
        ABSENCES.c.ended_at.is_(None),
        ABSENCES.c.first_on <= day,
        ABSENCES.c.last_on >= day,
    )
    not_told = or_(STAFF.c.digest_on.is_(None), STAFF.c.digest_on < day)
    here = (STAFF.c.wants_digest, STAFF.c.disabled_at.is_(None))
    return list(session.scalars(select(STAFF.c.id).where(*here, not_told, ~away).order_by(STAFF.c.id)))


def tell(session: Session, staff_id: int) -> int:
    """Leave this morning's mail in the outbox, once; 0 where there is nothing to say or somebody was faster."""
    member = session.get_one(StaffMember, staff_id, with_for_update=True, populate_existing=True)
    day = today(session)
    if member.digest_on is not None and member.digest_on >= day:
        return 0
    member.digest_on = day
    session.flush()
    if not gather(session, staff_id):
        return 0
    add(session, SendDigest(staff_id, day))
    return 1
