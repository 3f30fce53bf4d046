"""Sending: each schedule whose day has come leaves one message, once for that day, and waits for its next day."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.outbox.sending import Message, add
from domain.reporting.kept.model import ReportSchedule
from domain.reporting.schedules.cadence import next_after
from domain.shared.db.session import today
from domain.shared.working_week import working_week


class SendReport(Message, frozen=True):
    """Make the report of a schedule as it is due on a day, and mail it."""

    kind: ClassVar[str] = "send_report"
    schedule_id: int
    day: date


def due(session: Session) -> list[int]:
    """The schedules whose day has come."""
    return list(
        session.scalars(
            select(ReportSchedule.id)
            .where(ReportSchedule.next_on <= today(session), ReportSchedule.ended_at.is_(None))
            .order_by(ReportSchedule.id)
        )
    )


def leave(session: Session, schedule_id: int) -> int:
    """Leave today's message of a schedule in the outbox; 0 where it was ended, or somebody was faster.

    Days that went by while no worker ran are not made up for: one report is sent, and the next one is due as ever.
    """
    found = session.get_one(ReportSchedule, schedule_id, with_for_update=True, populate_existing=True)
    day = today(session)
    if found.ended_at is not None or found.next_on > day:
        return 0
    add(session, SendReport(found.id, found.next_on))
    found.sent_on = day
    found.next_on = next_after(found.cadence, day, working_week(session))
    session.flush()
    return 1
