"""Routes: who handles disputes with which reason, and in how much working time."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.disputes.model import DisputeRoute
from domain.disputes.reasons import Reason
from domain.shared.actor import Actor
from domain.shared.errors import N_, Invalid
from domain.staff.model import StaffMember
from domain.staff.permissions import Permission, may

MOST_HOURS, MOST_DAYS = 400, 365
"""More hours or days than these are a slip of the pen."""
NOT_A_HANDLER = N_("Choose somebody who handles disputes.")


@dataclass(frozen=True, slots=True)
class Route:
    """Who handles a dispute, and the time it has, in working hours, working days and days of the calendar.

    We answer within `answer_hours`, decide within `resolve_days`; a customer who says nothing for `silent_days` after
    our question, or after the paper they missed, lets it rest.
    """

    owner_id: int | None = None
    answer_hours: int = 8
    resolve_days: int = 10
    silent_days: int = 14


USUAL = Route()
"""What holds for a reason that nobody has ruled."""


def routes(session: Session) -> dict[Reason, Route]:
    """How disputes with each reason are handled."""
    ruled = {row.reason: _route(row) for row in session.scalars(select(DisputeRoute))}
    return {reason: ruled.get(reason, USUAL) for reason in Reason}


def route_of(session: Session, reason: Reason) -> Route:
    """How disputes with this reason are handled; nobody owns them where whoever should has left."""
    row = session.get(DisputeRoute, reason)
    if row is None:
        return USUAL
    owner = None if row.owner_id is None else session.get_one(StaffMember, row.owner_id)
    is_here = owner is not None and owner.disabled_at is None
    return Route(row.owner_id if is_here else None, row.answer_hours, row.resolve_days, row.silent_days)


def set_route(session: Session, reason: Reason, route: Route, *, actor: Actor) -> None:
    """Rule how disputes with this reason are handled from now on; Invalid beside the field."""
    for name, most in (("answer_hours", MOST_HOURS), ("resolve_days", MOST_DAYS), ("silent_days", MOST_DAYS)):
        if not 0 < getattr(route, name) <= most:
            raise Invalid(N_("Enter a number from 1 to {most}."), field=name, most=most)
    check_handler(session, route.owner_id)
    row, before = session.get(DisputeRoute, reason), routes(session)[reason]
    if row is None:
        row = DisputeRoute(reason=reason)
        session.add(row)
    row.owner_id, row.answer_hours = route.owner_id, route.answer_hours
    row.resolve_days, row.silent_days = route.resolve_days, route.silent_days
    session.flush()
    audit.record(
        session,
        "dispute_route.set",
        actor=actor,
        subject=("dispute_route", reason.value),
        before=_told(before),
        after=_told(route),
    )


def check_handler(session: Session, staff_id: int | None) -> None:
    """Do nothing for nobody, and for somebody here who may handle disputes; Invalid otherwise."""
    if staff_id is None:
        return
    member = session.get(StaffMember, staff_id)
    if member is None or member.disabled_at is not None or not may(member.role, Permission.HANDLE_DISPUTES):
        raise Invalid(NOT_A_HANDLER, field="owner_id")


def _route(row: DisputeRoute) -> Route:
    return Route(row.owner_id, row.answer_hours, row.resolve_days, row.silent_days)


def _told(route: Route) -> dict[str, object]:
    return {
        "owner_id": route.owner_id,
        "answer_hours": route.answer_hours,
        "resolve_days": route.resolve_days,
        "silent_days": route.silent_days,
    }
