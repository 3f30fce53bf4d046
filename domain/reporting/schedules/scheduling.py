"""Scheduling: somebody has a report sent to a member of staff, sees what is sent, and ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.audit.recording import record
from domain.reporting.kept.model import Cadence, ReportSchedule
from domain.reporting.schedules.cadence import next_after
from domain.reporting.sheets.files import MEDIA_TYPES
from domain.reporting.sheets.registry import report_of
from domain.reporting.sheets.report import Report
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.working_week import working_week
from domain.staff import queries as staff
from domain.staff.model import StaffMember
from domain.staff.permissions import may

SUBJECT = "report_schedule"
MOST_ENDED = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which report, with which of its choices, in which format, how often, to whom."""

    report: str
    format: str
    cadence: Cadence
    staff_id: int
    chosen: Mapping[str, str]


def schedule(session: Session, wanted: Wanted, *, made_by: int, actor: Actor) -> ReportSchedule:
    """Have a report sent, for the first time on the next day of its kind.

    Invalid for a format that there is not, or for somebody who may not see the report; NotFound for no such report;
    Conflict where they get the same already.
    """
    report = report_of(wanted.report)
    if wanted.format not in MEDIA_TYPES:
        raise Invalid(N_("Choose a format."), field="format")
    member = staff.active(session, wanted.staff_id)
    if member is None or not may(member.role, report.permission):
        raise Invalid(N_("Choose somebody who works here and may see this report."), field="staff_id")
    given = {
        choice.name: wanted.chosen.get(choice.name, choice.usual)
        for choice in report.choices
        if wanted.chosen.get(choice.name, choice.usual) in choice.options
    }
    same = select(ReportSchedule.given).where(
        ReportSchedule.report == report.name,
        ReportSchedule.staff_id == member.id,
        ReportSchedule.cadence == wanted.cadence,
        ReportSchedule.format == wanted.format,
        ReportSchedule.ended_at.is_(None),
    )
    if given in session.scalars(same).all():
        raise Conflict(N_("They get this report already."), field="report")
    made = ReportSchedule(
        report=report.name,
        given=given,
        format=wanted.format,
        cadence=wanted.cadence,
        staff_id=member.id,
        made_by=made_by,
        made_at=now(session),
        next_on=next_after(wanted.cadence, today(session), working_week(session)),
    )
    session.add(made)
    session.flush()
    record(
        session,
        "report.scheduled",
        actor=actor,
        subject=(SUBJECT, made.id),
        after={"report": report.name, "to": member.email, "format": made.format, "cadence": made.cadence.value},
    )
    return made


def end(session: Session, schedule_id: int, *, actor: Actor, why: str | None = None) -> None:
    """Send it no more; nothing where it was ended already. NotFound where there is none."""
    found = session.get(ReportSchedule, schedule_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(N_("We could not find that schedule."))
    if found.ended_at is not None:
        return
    found.ended_at = now(session)
    session.flush()
    record(
        session,
        "report.schedule_ended",
        actor=actor,
        subject=(SUBJECT, found.id),
        after={"report": found.report, "why": why},
    )


def running(session: Session) -> AnyRows:
    """What is sent, the next first, with the names of who gets it and who has it sent."""
    return session.execute(
        _LISTED.where(ReportSchedule.ended_at.is_(None)).order_by(ReportSchedule.next_on, ReportSchedule.id)
    ).all()


def ended(session: Session) -> AnyRows:
    """What was ended lately, the latest first."""
    return session.execute(
        _LISTED.where(ReportSchedule.ended_at.is_not(None))
        .order_by(ReportSchedule.ended_at.desc(), ReportSchedule.id.desc())
        .limit(MOST_ENDED)
    ).all()


def may_get(report: Report, member: staff.StaffRow | None) -> bool:
    """Whether somebody works here and may see a report."""
    return member is not None and may(member.role, report.permission)


_Maker = aliased(StaffMember)
_LISTED = (
    select(
        ReportSchedule.id,
        ReportSchedule.report,
        ReportSchedule.given,
        ReportSchedule.format,
        ReportSchedule.cadence,
        ReportSchedule.next_on,
        ReportSchedule.sent_on,
        ReportSchedule.ended_at,
        StaffMember.name,
        StaffMember.email,
        _Maker.name.label("made_by_name"),
    )
    .join(StaffMember, StaffMember.id == ReportSchedule.staff_id)
    .join(_Maker, _Maker.id == ReportSchedule.made_by)
)
