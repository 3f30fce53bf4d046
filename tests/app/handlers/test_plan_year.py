"""A year of plans against the simulator: nothing is collected twice, no day is missed, the books are whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from app.hooks import keep_webhook
from app.wired import Wired
from domain.processing.checks import check_books
from tests.app.conftest import SECRET
from tests.support.collecting import Days, Deliver
from tests.support.plan_year import LATEST, LONG, SHORT, End, Habit, Rhythm, Year
from tests.support.proving import Prove

FAILS = {End.REPAIRED, End.LATE, End.DEFAULTED}
ENDS = {
    Habit.CARD: {End.KEPT},
    Habit.DECLINED_SOMETIMES: {End.KEPT, *FAILS},
    Habit.ASKED: FAILS,
    Habit.EXPIRES: {End.KEPT, End.REPAIRED, End.LATE},
    Habit.DECLINED_ALWAYS: {End.DEFAULTED},
    Habit.BY_HAND: {End.KEPT, End.LATE},
    Habit.FORGETFUL: {End.KEPT, End.LATE, End.DEFAULTED},
    Habit.NEVER: {End.DEFAULTED},
}
"""What can become of plans, by their customers' habits."""


@pytest.fixture
def deliver(wired: Wired) -> Deliver:
    """How webhooks reach the inbox: at once, without an application in between."""

    def send(body: bytes, headers: Mapping[str, str]) -> int:
        signature = headers["Stripe-Signature"]
        kept = keep_webhook(wired.database, body, signature, secrets=[SECRET], livemode=False, tally=wired.tally)
        return 200 if kept else 400

    return send


def lived(days: Days, many: int, rhythms: Sequence[Rhythm]) -> Year:
    """A year of so many plans."""
    year = Year(days, seed=6, rhythms=rhythms)
    year.begin(many)
    year.live()
    return year


def assert_all_went_well(year: Year) -> None:
    """Nothing was taken twice, no day was missed, and what a plan came to follows from its customer's habit."""
    outcome = year.outcome()
    print_table(outcome)
    assert {habit: set(ends) - ENDS[habit] for habit, ends in outcome.items()} == {habit: set() for habit in Habit}
    assert year.doubled() == []
    assert year.hurried() == []
    assert year.missed == []
    assert set(year.delays()) <= set(range(LATEST + 1))
    with year.days.wired.database.reading() as session:
        assert check_books(session) == []


def print_table(outcome: dict[Habit, Counter[End]]) -> None:
    """What became of whom."""
    for habit, ends in outcome.items():
        print(f"| {habit} | {' | '.join(str(ends[end]) for end in End)} |")


def test_a_year_of_plans_of_every_habit(days: Days) -> None:
    year = lived(days, 2 * len(Habit), SHORT)

    assert_all_went_well(year)


@pytest.mark.faults
def test_a_year_of_fifty_plans(days: Days) -> None:
    year = lived(days, 50, SHORT)

    assert_all_went_well(year)


@pytest.mark.faults
def test_a_year_of_a_thousand_plans(days: Days, prove: Prove) -> None:
    year = lived(days, 1_000, LONG)

    assert_all_went_well(year)
    prove(
        4,
        f"a year of 1,000 plans, {year.asked():,} parts asked for, a week without a worker",
        "0 doubled, 0 missed days",
    )
