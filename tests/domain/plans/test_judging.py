"""Judging a plan: what is missed is told once, more time is offered once, then it defaults and is chased again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from domain.accounts.queries import lock
from domain.plans.health import Health
from domain.plans.model import PaymentPlan, PlanGrace, PlanInvoice, PlanStatus
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.stops import writing as stops
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held, StopKind
from domain.tasks.model import Task, TaskKind
from tests.support.builders import a_receipt, live_allocations, money, take_back
from tests.support.disputing import contest
from tests.support.watching import Watch

Make = Callable[..., Watch]
DAY = timedelta(days=1)


def pay(watched: Watch, amount: str, on: date | None = None) -> None:
    """Money for the plan's invoices, today or on the day that it took effect."""
    with watched.db.transaction() as session:
        plan = session.get_one(PaymentPlan, watched.plan_id)
        account = lock(session, plan.account_id)
        a_receipt(session, account, amount, on or today(session), *invoices_of(watched))


def invoices_of(watched: Watch) -> list[Invoice]:
    """The invoices of the plan."""
    with watched.db.reading() as session:
        over = select(PlanInvoice.invoice_id).where(PlanInvoice.plan_id == watched.plan_id)
        return list(session.scalars(select(Invoice).where(Invoice.id.in_(over)).order_by(Invoice.id)))


def hold(watched: Watch, kind: StopKind, *, until_on: date | None = None) -> str:
    """A stop on the whole account; its source."""
    with watched.db.transaction() as session:
        account_id = session.get_one(PaymentPlan, watched.plan_id).account_id
        lock(session, account_id)
        stops.write(session, account_id, kind, "staff:1", actor=OPERATOR, until_on=until_on)
    return "staff:1"


def open_tasks(db: Database) -> list[TaskKind]:
    """What waits for staff."""
    with db.reading() as session:
        return list(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))


def test_a_missed_part_is_told_then_has_more_time_once_then_the_plan_defaults(watch: Make, db: Database) -> None:
    watched = watch()
    first = watched.days[0]

    watched.until(first)
    kept = (watched.health, watched.told[-1])
    watched.until(first + DAY)
    late = (watched.health, watched.told[-1])
    watched.until(first + 5 * DAY)
    in_grace = (watched.health, watched.told[-1])
    watched.until(first + 12 * DAY)
    still = watched.status
    watched.until(first + 13 * DAY)

    assert kept == (Health.KEPT, ("due_soon", 1))
    assert late == (Health.LATE, ("missed", 1))
    assert in_grace == (Health.IN_GRACE, ("grace", None))
    assert (still, watched.status) == (PlanStatus.ACTIVE, PlanStatus.DEFAULTED)
    assert [news for news, _ in watched.told] == ["signed", "started", "due_soon", "missed", "grace", "defaulted"]
    assert open_tasks(db) == [TaskKind.PLAN_DEFAULTED]
    with db.reading() as session:
        account_id = session.get_one(PaymentPlan, watched.plan_id).account_id
        assert not held_parts(session, [account_id], kinds_that_hold(Held.CHASING))
        assert session.get_one(PlanGrace, watched.plan_id).missing_minor == 50_00


def test_nobody_is_late_for_a_cent_and_the_next_part_asks_for_it(watch: Make) -> None:
    watched = watch()
    first, second, third = watched.days
    asked = []

    for day, amount in ((first, "49.98"), (second, "50"), (third, "50")):
        watched.until(day - DAY)
        pay(watched, amount, day)
        watched.until(day + 10 * DAY)
        asked.append(watched.standing.next)
    standing = watched.standing

    assert [part and part.left for part in asked] == [50_02, 50_02, None]
    assert (standing.remaining, standing.next) == (money("0.02"), None)
    assert (watched.health, watched.status) == (Health.KEPT, PlanStatus.ACTIVE)
    assert {news for news, _ in watched.told} == {"signed", "started", "due_soon"}


def test_a_plan_that_was_not_kept_is_completed_when_it_is_paid_after_all(watch: Make, db: Database) -> None:
    watched = watch()
    watched.until(watched.days[0] + 13 * DAY)

    pay(watched, "150")
    watched.turn()

    assert watched.status is PlanStatus.COMPLETED
    assert watched.told[-1] == ("completed", None)
    assert open_tasks(db) == []


def test_after_the_one_offer_of_more_time_the_next_miss_ends_the_plan(watch: Make) -> None:
    watched = watch()
    first, second, _ = watched.days
    watched.until(first + 8 * DAY)
    pay(watched, "50")
    watched.turn()
    recovered = watched.health

    watched.until(second + 4 * DAY)
    late = (watched.health, watched.status)
    watched.until(second + 5 * DAY)

    assert recovered is Health.KEPT
    assert late == (Health.LATE, PlanStatus.ACTIVE)
    assert watched.status is PlanStatus.DEFAULTED


def test_a_worker_that_was_away_still_gives_time_before_the_plan_defaults(watch: Make) -> None:
    watched = watch()
    first = watched.days[0]

    watched.leap(first + 25 * DAY)
    came_back = (watched.health, watched.told[-1])
    watched.until(first + 32 * DAY)
    still = watched.status
    watched.until(first + 33 * DAY)

    assert came_back == (Health.IN_GRACE, ("grace", None))
    assert (still, watched.status) == (PlanStatus.ACTIVE, PlanStatus.DEFAULTED)


def test_no_day_counts_while_nobody_may_ask_the_customer(watch: Make, db: Database) -> None:
    watched = watch()
    first = watched.days[0]
    watched.until(first + 2 * DAY)
    source = hold(watched, StopKind.BREATHING_SPACE)
    watched.leap(first + 62 * DAY)
    held = (watched.health, watched.told[-1])

    with db.transaction() as session:
        stops.lift(session, StopKind.BREATHING_SPACE, source, actor=OPERATOR)
    watched.turn()
    lifted = (watched.health, watched.status)
    watched.until(first + 63 * DAY)
    third = watched.told[-1]
    watched.until(first + 65 * DAY)

    assert held == (Health.HELD, ("missed", 1))
    assert lifted == (Health.LATE, PlanStatus.ACTIVE)
    assert third == ("missed", 2)
    assert watched.health is Health.IN_GRACE


def test_more_time_goes_on_after_insolvency_was_lifted(watch: Make, db: Database) -> None:
    watched = watch()
    first = watched.days[0]
    watched.until(first + 6 * DAY)
    hold(watched, StopKind.INSOLVENCY, until_on=first + 20 * DAY)

    watched.leap(first + 21 * DAY)
    after = watched.health
    watched.leap(first + 27 * DAY)
    still = watched.status
    watched.until(first + 28 * DAY)

    assert after is Health.IN_GRACE
    assert (still, watched.status) == (PlanStatus.ACTIVE, PlanStatus.DEFAULTED)


def test_what_is_contested_of_the_last_part_is_not_missed(watch: Make, db: Database) -> None:
    watched = watch()
    first, second, third = watched.days
    for day in (first, second):
        watched.until(day)
        pay(watched, "50")
    with db.transaction() as session:
        account = lock(session, session.get_one(PaymentPlan, watched.plan_id).account_id)
        contest(session, account, invoices_of(watched)[0])

    watched.leap(third + 30 * DAY)

    assert (watched.health, watched.status) == (Health.KEPT, PlanStatus.ACTIVE)


def test_a_completed_plan_runs_again_when_its_money_goes_back_and_is_not_late_that_day(
    watch: Make, db: Database
) -> None:
    watched = watch()
    pay(watched, "150")
    watched.turn()
    completed = watched.status
    watched.leap(watched.days[-1] + 40 * DAY)
    with db.transaction() as session:
        take_back(session, live_allocations(session, invoices_of(watched)[0])[0], effective_on=today(session))
    taken_back = today_of(watched)

    watched.turn()
    reopened = (watched.status, watched.health, watched.told[-1])
    watched.until(taken_back + 14 * DAY)
    on_its_day = watched.health
    watched.until(taken_back + 15 * DAY)

    assert completed is PlanStatus.COMPLETED
    assert reopened == (PlanStatus.ACTIVE, Health.KEPT, ("reopened", None))
    assert (on_its_day, watched.health) == (Health.KEPT, Health.LATE)


def today_of(watched: Watch) -> date:
    """Today."""
    with watched.db.reading() as session:
        return today(session)


def test_a_turn_twice_a_day_says_nothing_twice(watch: Make) -> None:
    watched = watch()
    watched.until(watched.days[0] + DAY)
    before = watched.told

    watched.turn()
    watched.turn()

    assert watched.told == before
