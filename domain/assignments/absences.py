"""Absences: somebody is away for some days and somebody else does their work; written down, read, ended early."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.assignments.fitting import LOOKS_AFTER
from domain.assignments.handing_over import may_do
from domain.assignments.model import ABSENCES, Absence
from domain.assignments.people import check_keeper
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.staff.model import StaffMember

NO_SUCH_ABSENCE = N_("We could not find that absence.")
NOT_HERE = N_("Choose somebody who works here.")


def write_down(
    session: Session, staff_id: int, *, stand_in_id: int, first_on: date, last_on: date, actor: Actor
) -> int:
    """Somebody is away from the first day to the last, both included; returns the absence's id.

    Who looks after accounts is stood in for by somebody who may, too. Raises Invalid beside the field for days that
    are over or the wrong way round, an absence that overlaps another of theirs, and a stand-in who is away then with
    this very person as the stand-in.
    """
    member = session.get(StaffMember, staff_id, with_for_update=True)
    if member is None or member.disabled_at is not None:
        raise Invalid(NOT_HERE, field="staff_id")
    if last_on < first_on:
        raise Invalid(N_("The last day comes after the first."), field="last_on")
    if last_on < today(session):
        raise Invalid(N_("These days are over."), field="last_on")
    stand_in = _stand_in(session, member, stand_in_id)
    others = _overlapping(session, staff_id, first_on, last_on)
    if others:
        words = N_("{name} is away from {first_on} to {last_on} already.")
        first = others[0]
        raise Invalid(words, field="first_on", name=member.name, first_on=first.first_on, last_on=first.last_on)
    for other in _overlapping(session, stand_in_id, first_on, last_on):
        if other.stand_in_id == staff_id:
            words = N_("{name} is away then too, with {other} as the stand-in.")
            raise Invalid(words, field="stand_in_id", name=stand_in.name, other=member.name)
    absence = Absence(
        staff_id=staff_id, stand_in_id=stand_in_id, first_on=first_on, last_on=last_on, created_at=now(session)
    )
    session.add(absence)
    session.flush()
    after = {"name": member.name, "stand_in": stand_in.name, "first_on": first_on, "last_on": last_on}
    record(session, "absence.written_down", actor=actor, subject=("staff", staff_id), after=after)
    return absence.id


def end(session: Session, absence_id: int, *, actor: Actor) -> None:
    """Somebody is back early, or does not go: their work is theirs again. Conflict where it is over; NotFound."""
    absence = session.get(Absence, absence_id, with_for_update=True)
    if absence is None:
        raise NotFound(NO_SUCH_ABSENCE)
    if absence.ended_at is not None or absence.last_on < today(session):
        raise Conflict(N_("This absence is over already."))
    absence.ended_at = now(session)
    session.flush()
    before = {"first_on": absence.first_on, "last_on": absence.last_on}
    record(session, "absence.ended", actor=actor, subject=("staff", absence.staff_id), before=before)


def absence(session: Session, absence_id: int) -> AnyRow:
    """One absence; NotFound where there is none."""
    row = session.execute(select(ABSENCES).where(ABSENCES.c.id == absence_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_ABSENCE)
    return row


def coming(session: Session, *, of: int | None = None) -> AnyRows:
    """The absences that run or come, the first to begin first; with `of`, those they are away in or stand in for."""
    held = select(ABSENCES).where(ABSENCES.c.ended_at.is_(None), ABSENCES.c.last_on >= today(session))
    if of is not None:
        held = held.where(or_(ABSENCES.c.staff_id == of, ABSENCES.c.stand_in_id == of))
    return session.execute(held.order_by(ABSENCES.c.first_on, ABSENCES.c.id)).all()


def _stand_in(session: Session, member: StaffMember, stand_in_id: int) -> StaffMember:
    if stand_in_id == member.id:
        raise Invalid(N_("Choose somebody else."), field="stand_in_id")
    if may_do(member, LOOKS_AFTER):
        return check_keeper(session, stand_in_id, field="stand_in_id")
    found = session.get(StaffMember, stand_in_id)
    if found is None or found.disabled_at is not None:
        raise Invalid(NOT_HERE, field="stand_in_id")
    return found


def _overlapping(session: Session, staff_id: int, first_on: date, last_on: date) -> AnyRows:
    held = (ABSENCES.c.staff_id == staff_id, ABSENCES.c.ended_at.is_(None))
    days = (ABSENCES.c.first_on <= last_on, ABSENCES.c.last_on >= first_on)
    return session.execute(select(ABSENCES).where(*held, *days).order_by(ABSENCES.c.first_on)).all()
