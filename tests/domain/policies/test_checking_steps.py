"""Checking steps: a sequence goes up in days and in tone, and each text is true on its day."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.policies.checking import problems
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Dunning, DunningStep
from domain.policies.usual_sequence import USUAL_SEQUENCE


def step(day: int, wording: Wording, **more: object) -> DunningStep:
    """A step by email."""
    return DunningStep(day=day, channel=Channel.EMAIL, wording=wording, **more)  # type: ignore[arg-type]


FIRST = step(7, Wording.FIRST_REMINDER)
DEMAND = step(30, Wording.DEMAND)


def test_the_usual_sequence_can_stand() -> None:
    assert problems(USUAL_SEQUENCE) == []


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ((), "steps"),
        (tuple(step(day, Wording.FIRST_REMINDER) for day in range(1, 22)), "steps"),
        ((DEMAND, replace(DEMAND, day=29)), "steps"),
        ((FIRST, FIRST), "steps"),
        ((step(-61, Wording.COURTESY),), "step-0-day"),
        ((FIRST, step(181, Wording.DEMAND)), "step-1-day"),
        ((replace(FIRST, gap_days=-1),), "step-0-gap_days"),
        ((replace(FIRST, act_days=0),), "step-0-act_days"),
        ((replace(FIRST, act_days=91),), "step-0-act_days"),
        ((replace(FIRST, sender="x" * 201),), "step-0-sender"),
        ((step(-3, Wording.COURTESY, gap_days=1),), "step-0-gap_days"),
        ((step(-3, Wording.FIRST_REMINDER),), "step-0-wording"),
        ((step(-3, Wording.DUE_TODAY),), "step-0-wording"),
        ((step(3, Wording.COURTESY),), "step-0-wording"),
        ((step(3, Wording.DUE_TODAY),), "step-0-wording"),
        ((step(3, Wording.STATEMENT),), "step-0-wording"),
        ((DEMAND, step(40, Wording.SECOND_REMINDER)), "step-1-wording"),
        ((step(0, Wording.DUE_TODAY), step(30, Wording.FINAL_NOTICE)), "step-1-wording"),
        (
            (step(7, Wording.FIRST_REMINDER, approve=True), replace(DEMAND, channel=Channel.CALL, approve=True)),
            "step-1-approve",
        ),
    ],
)
def test_what_cannot_stand_is_named_at_its_row(steps: tuple[DunningStep, ...], field: str) -> None:
    assert [problem.name for problem in problems(Dunning(steps=steps))] == [field]


@pytest.mark.parametrize(("day", "is_wrong"), [(30, True), (31, False), (366, True), (None, False)])
def test_somebody_decides_after_the_last_step(day: int | None, is_wrong: bool) -> None:
    found = problems(Dunning(steps=(FIRST, DEMAND), escalate_day=day))

    assert [problem.name for problem in found] == (["escalate_day"] if is_wrong else [])


def test_the_least_amount_is_not_negative() -> None:
    assert [problem.name for problem in problems(Dunning(steps=(FIRST,), least_minor=-1))] == ["least_minor"]


def test_a_final_notice_may_follow_any_reminder_after_the_due_day() -> None:
    assert problems(Dunning(steps=(FIRST, step(20, Wording.FINAL_NOTICE)))) == []
