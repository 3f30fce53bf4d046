"""Teams: with whom somebody shares a list of work."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import checking
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_, Conflict, NotFound
from domain.staff.model import STAFF, StaffMember

LONGEST_TEAM = 60


def teams(session: Session) -> list[str]:
    """The names of the teams that somebody who works here is in, in their order."""
    named = select(STAFF.c.team).where(STAFF.c.team.is_not(None), STAFF.c.disabled_at.is_(None)).distinct()
    return sorted(str(name) for name in session.scalars(named))


def members(session: Session) -> AnyRows:
    """Everybody who works here: `id`, `name`, `role` and `team`, by name."""
    listed = (STAFF.c.id, STAFF.c.name, STAFF.c.role, STAFF.c.team)
    return session.execute(
        select(*listed).where(STAFF.c.disabled_at.is_(None)).order_by(STAFF.c.name, STAFF.c.id)
    ).all()


def set_team(session: Session, staff_id: int, team: str | None, *, actor: Actor) -> None:
    """Put somebody into a team by its name, which makes it; None or nothing typed takes them out.

    A name that differs from a team's by its case alone is that team's. Raises Invalid, NotFound, Conflict for somebody
    who left.
    """
    member = session.get(StaffMember, staff_id, with_for_update=True)
    if member is None:
        raise NotFound
    if member.disabled_at is not None:
        raise Conflict(N_("{name} does not work here any more."), name=member.name)
    named = checking.optional_text(team, field="team", length=LONGEST_TEAM)
    if named is not None:
        named = next((one for one in teams(session) if one.casefold() == named.casefold()), named)
    if named == member.team:
        return
    before, member.team = member.team, named
    session.flush()
    record(
        session,
        "staff.team_set",
        actor=actor,
        subject=("staff", staff_id),
        before={"team": before},
        after={"team": named, "name": member.name},
    )
