"""Checking steps: what cannot stand in a sequence of reminders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from domain.policies.contacting import CHASING, TONES, Channel, Tone, Wording
from domain.policies.problems import Bounds, Problem
from domain.policies.sections import Dunning, DunningStep
from domain.shared.errors import N_

MOST_STEPS = 20
LONGEST_SENDER = 200
STEP_BOUNDS: Mapping[str, Bounds] = {"day": Bounds(-60, 180), "gap_days": Bounds(0, 90), "act_days": Bounds(1, 90)}
"""The bounds of the numbers of each step."""
BEFORE_DUE = frozenset({Wording.COURTESY, Wording.DUE_TODAY})
"""The texts that speak of an invoice that is not late yet."""
NO_REMINDER = N_("Before a final notice there has to be a reminder after the due day.")
FIRMNESS = {tone: rank for rank, tone in enumerate((Tone.FRIENDLY, Tone.NEUTRAL, Tone.FIRM, Tone.FINAL))}


def step_problems(section: Dunning) -> Iterator[Problem]:
    """What is wrong with a sequence, step by step (`step-0-day`, …), and as a whole (`steps`)."""
    steps = section.steps
    if not steps:
        yield Problem("steps", N_("Enter at least one step."))
        return
    if len(steps) > MOST_STEPS:
        yield Problem("steps", N_("Enter at most {most} steps."), {"most": MOST_STEPS})
    if any(earlier.day >= later.day for earlier, later in pairwise(steps)):
        yield Problem("steps", N_("The days have to go up, and no day may stand twice."))
    for index, step in enumerate(steps):
        yield from _alone(f"step-{index}", step)
    for index, (earlier, later) in enumerate(pairwise(steps), start=1):
        if FIRMNESS[TONES[later.wording]] < FIRMNESS[TONES[earlier.wording]]:
            yield Problem(f"step-{index}-wording", N_("A step cannot speak more softly than the one before it."))
    for index, step in enumerate(steps):
        if step.wording is Wording.FINAL_NOTICE and not any(0 < earlier.day < step.day for earlier in steps):
            yield Problem(f"step-{index}-wording", NO_REMINDER)
    if section.escalate_day is not None and section.escalate_day <= steps[-1].day:
        yield Problem("escalate_day", N_("Choose a day after the last step."))


def _alone(row: str, step: DunningStep) -> Iterator[Problem]:
    """What is wrong with a step whatever stands around it."""
    for name, bounds in STEP_BOUNDS.items():
        if not bounds.least <= getattr(step, name) <= bounds.most:
            text = N_("Enter a number from {least} to {most}.")
            yield Problem(f"{row}-{name}", text, {"least": bounds.least, "most": bounds.most})
    if step.wording not in CHASING:
        yield Problem(f"{row}-wording", N_("This text does not ask for payment."))
    elif step.day > 0 and step.wording in BEFORE_DUE:
        yield Problem(f"{row}-wording", N_("After the due day this text is no longer true."))
    elif step.day <= 0 and step.wording not in BEFORE_DUE:
        yield Problem(f"{row}-wording", N_("This text is for what is overdue: choose a day after the due day."))
    elif step.day < 0 and step.wording is Wording.DUE_TODAY:
        yield Problem(f"{row}-wording", N_("This text is for the due day itself, day 0."))
    if step.day <= 0 and step.gap_days:
        yield Problem(f"{row}-gap_days", N_("Before an invoice is overdue no gap is kept: enter 0."))
    if step.channel is Channel.CALL and step.approve:
        yield Problem(f"{row}-approve", N_("A call is made by a person: nobody has to look at it first."))
    if len(step.sender) > LONGEST_SENDER:
        yield Problem(f"{row}-sender", N_("Use at most {longest} characters."), {"longest": LONGEST_SENDER})
