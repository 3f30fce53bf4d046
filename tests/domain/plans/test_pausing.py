"""Pausing a plan: unpaid parts move past it, nothing is missed in it, and it runs again by itself or early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from domain.plans import pausing
from domain.plans.health import Health
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.pausing import Moved, Wish
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid
from domain.staff.model import Role
from tests.support.builders import money
from tests.support.watching import Watch

Make = Callable[..., Watch]
DAY = timedelta(days=1)


def pause(session: Session, watched: Watch, wish: Wish, role: Role = Role.MANAGER) -> None:
    """Somebody in that role grants it."""
    plan = session.get_one(PaymentPlan, watched.plan_id)
    pausing.pause(session, plan.account_id, plan.id, wish, role=role, actor=OPERATOR)


def for_days(watched: Watch, days: int, *, since: date | None = None) -> Wish:
    """A pause from today, or another day, so many days from today on."""
    with watched.db.reading() as session:
        day = today(session)
    return Wish(since or day, day + timedelta(days=days - 1), "Their biggest customer has gone")


def test_unpaid_parts_move_past_the_pause_and_the_plan_runs_again_by_itself(watch: Make, db: Database) -> None:
    watched = watch()
    before = watched.days
    watched.leap(before[0] - 2 * DAY)
    wish = for_days(watched, 31)
    with db.reading() as session:
        account_id = session.get_one(PaymentPlan, watched.plan_id).account_id
        foreseen = pausing.foresee(session, account_id, watched.plan_id, wish)

    with db.transaction() as session:
        pause(session, watched, wish)
    paused = (watched.status, watched.days)
    watched.until(wish.until_on)
    still = watched.status
    watched.until(wish.until_on + DAY)

    assert before == [date(2026, 4, 15), date(2026, 5, 15), date(2026, 6, 15)]
    assert foreseen[0] == Moved(1, money("50"), date(2026, 4, 15), date(2026, 5, 15))
    assert paused == (PlanStatus.PAUSED, [date(2026, 5, 15), date(2026, 6, 15), date(2026, 7, 15)])
    assert (still, watched.status, watched.health) == (PlanStatus.PAUSED, PlanStatus.ACTIVE, Health.KEPT)
    assert [news for news, _ in watched.told][-3:] == ["paused", "resumed", "due_soon"]


def test_what_was_missed_before_can_be_taken_into_the_pause(watch: Make, db: Database) -> None:
    watched = watch()
    first = watched.days[0]
    watched.until(first + 6 * DAY)
    in_grace = watched.health

    with db.transaction() as session:
        pause(session, watched, for_days(watched, 20, since=first))
    watched.leap(first + 40 * DAY)

    assert in_grace is Health.IN_GRACE
    assert watched.days == [date(2026, 5, 15), date(2026, 6, 15), date(2026, 7, 15)]
    assert watched.status is PlanStatus.ACTIVE


def test_the_days_of_a_pause_do_not_count_for_what_was_missed_before_it(watch: Make, db: Database) -> None:
    watched = watch()
    first = watched.days[0]
    watched.until(first + 2 * DAY)
    with db.transaction() as session:
        pause(session, watched, for_days(watched, 40))

    watched.leap(first + 42 * DAY)

    assert (watched.status, watched.health) == (PlanStatus.ACTIVE, Health.LATE)


def test_a_pause_that_ends_early_brings_its_parts_nearer_but_not_at_once(watch: Make, db: Database) -> None:
    watched = watch()
    with db.transaction() as session:
        pause(session, watched, for_days(watched, 120))
    far = watched.days
    watched.leap(date(2026, 5, 10))

    with db.transaction() as session:
        account_id = session.get_one(PaymentPlan, watched.plan_id).account_id
        pausing.resume(session, account_id, watched.plan_id, why="Business is good again", actor=OPERATOR)

    assert far == [date(2026, 7, 15), date(2026, 8, 15), date(2026, 9, 15)]
    assert watched.days == [date(2026, 6, 15), date(2026, 7, 15), date(2026, 8, 15)]
    assert watched.status is PlanStatus.ACTIVE


def test_all_pauses_of_a_plan_together_are_within_ones_authority(watch: Make, db: Database) -> None:
    watched = watch()
    watched.leap(watched.days[0] - 2 * DAY)
    with db.transaction() as session:
        pause(session, watched, for_days(watched, 20), Role.COLLECTOR)
    watched.leap(watched.days[0] - 2 * DAY)

    with pytest.raises(BeyondAuthority, match=r"With the 20 days .* are 32"), db.transaction() as session:
        pause(session, watched, for_days(watched, 12), Role.COLLECTOR)

    with db.transaction() as session:
        pause(session, watched, for_days(watched, 11), Role.COLLECTOR)
    assert watched.status is PlanStatus.PAUSED


def test_of_a_pause_that_was_ended_early_only_its_days_count(watch: Make, db: Database) -> None:
    watched = watch()
    watched.leap(watched.days[0] - 2 * DAY)
    with db.transaction() as session:
        pause(session, watched, for_days(watched, 30), Role.COLLECTOR)
    with db.transaction() as session:
        account_id = session.get_one(PaymentPlan, watched.plan_id).account_id
        pausing.resume(session, account_id, watched.plan_id, why="Business is good again", actor=OPERATOR)
    watched.leap(watched.days[0] - 2 * DAY)

    with db.transaction() as session:
        pause(session, watched, for_days(watched, 29), Role.COLLECTOR)

    assert watched.status is PlanStatus.PAUSED


def test_what_was_missed_before_the_days_is_named(watch: Make, db: Database) -> None:
    watched = watch()
    missed = watched.days[0]
    watched.leap(missed + 2 * DAY)

    with pytest.raises(Conflict, match="take in what was missed") as refused, db.transaction() as session:
        pause(session, watched, for_days(watched, 5))

    assert refused.value.params == {"day": missed}


def test_a_pause_in_which_nothing_is_due_is_none(watch: Make, db: Database) -> None:
    watched = watch()

    with pytest.raises(Conflict, match="the next part is due on") as refused, db.transaction() as session:
        pause(session, watched, for_days(watched, 5), Role.AUDITOR)

    assert refused.value.params == {"day": watched.days[0]}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(date(2026, 3, 17), date(2026, 5, 1), "Ill"), "from_on"),
        (Wish(date(2026, 3, 15), date(2026, 5, 1), "Ill"), "from_on"),
        (Wish(date(2026, 3, 16), date(2026, 3, 15), "Ill"), "until_on"),
        (Wish(date(2026, 3, 16), date(2027, 3, 20), "Ill"), "until_on"),
        (Wish(date(2026, 3, 16), date(2026, 5, 1), " "), "reason"),
    ],
)
def test_a_pause_has_days_that_can_be_and_a_reason(watch: Make, db: Database, wish: Wish, field: str) -> None:
    watched = watch()

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        pause(session, watched, wish)

    assert refused.value.field == field
