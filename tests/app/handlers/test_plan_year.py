"""A year of plans against the simulator: nothing is collected twice, no day is missed, the books are whole."""

from __future__ import annotations

from collections import Counter

import pytest

from domain.plans.model import PlanStatus
from domain.processing.checks import check_books
from tests.support.collecting import Days
from tests.support.plan_year import LATEST, Habit, Year
from tests.support.proving import Prove


def lived(days: Days, many: int) -> Year:
    """A year of so many plans."""
    year = Year(days, seed=6)
    year.begin(many)
    year.live()
    return year


def assert_all_went_well(year: Year) -> None:
    """Nothing was taken twice, no day was missed, and what a plan came to follows from its customer's habit."""
    outcome = year.outcome()
    print_table(outcome)
    for habit in Habit:
        ends = outcome[habit]
        gave_up = habit in (Habit.NEVER, Habit.DECLINED_ALWAYS)
        assert ends[PlanStatus.DEFAULTED if gave_up else PlanStatus.COMPLETED] == ends["plans"], (habit, ends)
    assert year.doubled() == []
    assert year.missed == []
    assert set(year.delays()) <= set(range(LATEST + 1))
    with year.days.wired.database.reading() as session:
        assert check_books(session) == []


def print_table(outcome: dict[Habit, Counter[str]]) -> None:
    """What became of whom."""
    for habit, ends in outcome.items():
        print(f"{habit.value:30} {dict(ends)}")


def test_a_year_of_plans_of_every_habit(days: Days) -> None:
    year = lived(days, len(Habit))

    assert_all_went_well(year)


@pytest.mark.faults
def test_a_year_of_a_thousand_plans(days: Days, prove: Prove) -> None:
    year = lived(days, 1_000)

    assert_all_went_well(year)
    asked = sum(year.delays().values())
    prove(4, f"a year of 1,000 plans, {asked} parts asked for, a week without a worker", "0 doubled, 0 missed days")
