"""Plan views: payment plans as templates want them: lines of lists, parts, and how well each is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.autopay import STATE_BADGES
from domain.plans.coverage import Part
from domain.plans.health import HEALTH_NAMES, Health
from domain.plans.listing import Glance, glances, interest_within
from domain.plans.model import PLAN_NAMES, TALKING, PlanStatus
from domain.plans.standing import Standing
from domain.plans.taken import Taking, takings
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

_P = PlanStatus
KINDS = {
    _P.REQUESTED: "waiting",
    _P.COUNTERED: "open",
    _P.OFFERED: "open",
    _P.ACCEPTED: "waiting",
    _P.ACTIVE: "plan",
    _P.PAUSED: "paused",
    _P.COMPLETED: "paid",
    _P.DECLINED: "void",
    _P.WITHDRAWN: "void",
    _P.EXPIRED: "void",
    _P.DEFAULTED: "failed",
    _P.CANCELLED: "void",
    _P.SUPERSEDED: "void",
}
"""The kind of badge of each state."""
STATUS_BADGES = {status: (kind, PLAN_NAMES[status]) for status, kind in KINDS.items()}
"""How each state is shown."""
ONE_DAY_LATE = N_("One day late")
DAYS_LATE = N_("{days} days late")
IN_GRACE = N_("More time until {day}")
HEALTH_KINDS = {
    Health.KEPT: "plan",
    Health.AT_RISK: "warning",
    Health.LATE: "late",
    Health.IN_GRACE: "soon",
    Health.HELD: "paused",
}
"""The kind of badge of each way in which an active plan goes."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in a list; `standing` only once it is signed and while that says something.

    Nothing is next of one that waits for its start.
    """

    id: int
    account_id: int
    account_name: str
    account_number: str
    badge: tuple[str, Words]
    worth: Money
    made_at: datetime
    expires_at: datetime | None
    signed_on: date | None
    ended_at: datetime | None
    next_on: date | None
    next_amount: Money | None
    standing: Standing | None

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/plans/{self.id}"


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a signed plan: when it is due and since when that is so, what settles it, and its collection."""

    number: int
    due_on: date
    first_due_on: date
    amount: Money
    interest: Money
    covered: Money
    parked: Money
    left: Money
    badge: tuple[str, Words]
    taking: Taking | None
    taking_badge: tuple[str, str] | None


def plan_lines(session: Session, rows: AnyRows) -> list[PlanLine]:
    """Rows of `queries.plans` as their list wants them, in a fixed number of queries."""
    seen = glances(session, rows)
    return [_line(row, seen[row.id]) for row in rows]


def plan_badge(row: AnyRow, seen: Glance) -> tuple[str, Words]:
    """How a plan stands: an active one by how it goes, any other by its state."""
    watched = seen.watched
    if watched is None:
        kind, words = STATUS_BADGES[row.status]
        return kind, Words.of(words)
    health, kind = watched.health, HEALTH_KINDS[watched.health]
    if health is Health.IN_GRACE and watched.grace is not None:
        return kind, Words.of(IN_GRACE, day=watched.grace.until_on)
    if health is Health.LATE:
        return kind, _late(watched.standing.late_days)
    return kind, Words.of(HEALTH_NAMES[health])


def part_views(session: Session, plan_id: int, standing: Standing) -> list[PartView]:
    """The parts of a signed plan as they stand, each with what became of its latest collection."""
    found, interest = takings(session, plan_id), interest_within(session, plan_id)
    return [
        _part(standing, part, found.get(part.agreed.id), interest.get(part.agreed.id, 0)) for part in standing.parts
    ]


def expires_on(session: Session, row: AnyRow) -> date | None:
    """The last day on which a plan that is talked about, or waits to start, can be answered."""
    waits = row.status in TALKING or row.status is PlanStatus.ACCEPTED
    return day_in(row.expires_at, business(session).time_zone) if waits and row.expires_at else None


def _line(row: AnyRow, seen: Glance) -> PlanLine:
    has_started = row.status is not PlanStatus.ACCEPTED
    part = seen.standing.next if seen.standing and has_started else None
    return PlanLine(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account_name,
        account_number=row.account_number,
        badge=plan_badge(row, seen),
        worth=seen.worth,
        made_at=row.made_at,
        expires_at=row.expires_at,
        signed_on=row.signed_on,
        ended_at=row.ended_at,
        next_on=seen.next_on if has_started else None,
        next_amount=Money(part.left, row.currency) if part else None,
        standing=seen.standing,
    )


def _part(standing: Standing, part: Part, taking: Taking | None, interest: int) -> PartView:
    def money(minor: int) -> Money:
        return Money(minor, standing.currency)

    return PartView(
        number=part.agreed.number,
        due_on=standing.due_on(part),
        first_due_on=part.agreed.due_on,
        amount=money(part.minor),
        interest=money(interest),
        covered=money(part.covered),
        parked=money(part.parked),
        left=money(part.left),
        badge=_part_badge(standing, part),
        taking=taking,
        taking_badge=STATE_BADGES[taking.state] if taking is not None else None,
    )


def _part_badge(standing: Standing, part: Part) -> tuple[str, Words]:
    if not part.rest:
        return "paid", Words.of(N_("Settled"))
    if part.is_slight:
        return "paid", Words.of(N_("As good as settled"))
    if not part.left:
        return "disputed", Words.of(N_("In dispute"))
    due_on = standing.due_on(part)
    if due_on < standing.day:
        return "late", _late((standing.day - due_on).days)
    if due_on == standing.day:
        return "soon", Words.of(N_("Due today"))
    return "open", Words.of(N_("Partly settled")) if part.covered else Words.of(N_("To come"))


def _late(days: int) -> Words:
    return Words.of(ONE_DAY_LATE) if days == 1 else Words.of(DAYS_LATE, days=days)
