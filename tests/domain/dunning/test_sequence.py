"""The sequence: which step is due on which day, whatever was paid, missed or changed meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.dunning.sequence import due_step, next_step
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import DunningStep
from domain.policies.usual_sequence import USUAL_SEQUENCE

DUE = date(2026, 3, 16)
STEPS = USUAL_SEQUENCE.steps
COURTESY, DUE_TODAY, FIRST, SECOND, CALL, DEMAND, FINAL = STEPS


def day(after_due: int) -> date:
    """So many days after the due day."""
    return DUE + timedelta(days=after_due)


def due(after_due: int, stage: int | None = None, reached: int | None = None) -> DunningStep | None:
    """The step of the usual sequence that is due that many days after the due day."""
    reached_on = None if reached is None else day(reached)
    return due_step(STEPS, due_on=DUE, on=day(after_due), stage=stage, reached_on=reached_on)


def coming(after_due: int, stage: int | None = None, reached: int | None = None) -> tuple[int, DunningStep] | None:
    """What comes next, and how many days after the due day."""
    reached_on = None if reached is None else day(reached)
    found = next_step(STEPS, due_on=DUE, on=day(after_due), stage=stage, reached_on=reached_on)
    return None if found is None else ((found[0] - DUE).days, found[1])


@pytest.mark.parametrize(
    ("after_due", "stage", "step"),
    [
        (-4, None, None),
        (-3, None, COURTESY),
        (-1, None, COURTESY),
        (-1, -3, None),
        (0, -3, DUE_TODAY),
        (0, 0, None),
        (6, 0, None),
        (7, 0, FIRST),
        (13, 7, None),
        (14, 7, SECOND),
        (45, 30, FINAL),
        (400, 45, None),
    ],
)
def test_each_step_is_due_from_its_day_on_until_it_is_taken(
    after_due: int, stage: int | None, step: DunningStep | None
) -> None:
    assert due(after_due, stage) == step


def test_what_was_missed_before_the_due_day_is_not_made_up_for() -> None:
    assert due(0) == DUE_TODAY
    assert due(1) is None
    assert due(7) == FIRST


def test_whoever_was_never_reminded_gets_every_overdue_step_in_turn_with_its_gap() -> None:
    stage, reached, taken = None, None, []
    for after_due in range(50, 100):
        step = due(after_due, stage, reached)
        if step is not None:
            taken.append((after_due, step))
            stage, reached = step.day, after_due

    assert taken == [(50, FIRST), (55, SECOND), (60, CALL), (67, DEMAND), (77, FINAL)]


def test_a_gap_holds_off_a_step_but_not_for_longer_than_it_is() -> None:
    assert due(14, 7, 10) is None
    assert due(15, 7, 10) == SECOND


def test_a_part_payment_neither_skips_nor_restarts() -> None:
    # What is open does not come into it: the stage alone decides.
    assert due(14, 7, 7) == SECOND
    assert due(20, 14, 14) is None


def test_another_sequence_goes_on_from_the_stage_that_was_reached() -> None:
    slower = (
        DunningStep(day=10, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
        DunningStep(day=20, channel=Channel.LETTER, wording=Wording.DEMAND, gap_days=8),
    )

    def step(after_due: int) -> DunningStep | None:
        return due_step(slower, due_on=DUE, on=day(after_due), stage=14, reached_on=day(14))

    assert [step(each) for each in (14, 19, 21)] == [None, None, None]
    assert step(22) == slower[1]


def test_a_later_due_day_holds_the_next_step_off() -> None:
    later = day(20)

    assert due_step(STEPS, due_on=later, on=day(20), stage=7, reached_on=day(7)) is None
    assert due_step(STEPS, due_on=later, on=day(33), stage=7, reached_on=day(7)) is None
    assert due_step(STEPS, due_on=later, on=day(34), stage=7, reached_on=day(7)) == SECOND


def test_what_comes_next_is_named_with_the_first_day_on_which_it_is_due() -> None:
    assert coming(-10) == (-3, COURTESY)
    assert coming(-3) == (-3, COURTESY)
    assert coming(1) == (7, FIRST)
    assert coming(9, 7, 9) == (14, SECOND)
    assert coming(12, 7, 12) == (17, SECOND)
    assert coming(50, 45, 50) is None


@pytest.mark.parametrize(("stage", "reached"), [(None, None), (-3, -3), (0, 0), (7, 12), (14, 14), (30, 41), (45, 45)])
def test_what_comes_next_is_what_is_due_on_its_day_and_nothing_is_due_before(
    stage: int | None, reached: int | None
) -> None:
    for after_due in range(-10, 60):
        found = coming(after_due, stage, reached)

        days = range(after_due, found[0] if found else after_due + 100)
        assert [due(each, stage, reached) for each in days] == [None] * len(days)
        assert found is None or due(found[0], stage, reached) == found[1]


def test_without_steps_nothing_is_due_and_nothing_comes() -> None:
    assert due_step((), due_on=DUE, on=DUE, stage=None, reached_on=None) is None
    assert next_step((), due_on=DUE, on=DUE, stage=None, reached_on=None) is None
