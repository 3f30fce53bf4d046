"""Sequence: which step is due for an invoice; computed from values alone.

Before and on the due day the latest step that has come is due, and one that was missed is not made up for. After it
the steps come one by one, each after the one before: whoever was never reminded gets no final notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.policies.sections import DunningStep


def is_before_due(step: DunningStep) -> bool:
    """Whether a step belongs to the time before an invoice is late."""
    return step.day <= 0


def due_step(
    steps: Sequence[DunningStep], *, due_on: date, on: date, stage: int | None, reached_on: date | None
) -> DunningStep | None:
    """The step that is due on a day for an invoice at a stage (the day of its last step); None where none is."""
    days = (on - due_on).days
    ahead = [step for step in steps if stage is None or step.day > stage]
    if days <= 0:
        come = [step for step in ahead if is_before_due(step) and step.day <= days]
        return come[-1] if come else None
    following = next((step for step in ahead if not is_before_due(step)), None)
    if following is None or following.day > days:
        return None
    if reached_on is not None and (on - reached_on).days < following.gap_days:
        return None
    return following


def next_step(
    steps: Sequence[DunningStep], *, due_on: date, on: date, stage: int | None, reached_on: date | None
) -> tuple[date, DunningStep] | None:
    """The step that comes next if nothing is paid, and on which day from `on` at the earliest; None at the end."""
    if (step := due_step(steps, due_on=due_on, on=on, stage=stage, reached_on=reached_on)) is not None:
        return on, step
    for step in steps:
        if stage is not None and step.day <= stage:
            continue
        day = date.fromordinal(due_on.toordinal() + step.day)
        if reached_on is not None and not is_before_due(step):
            day = max(day, date.fromordinal(reached_on.toordinal() + step.gap_days))
        if day > on:
            return day, step
    return None
