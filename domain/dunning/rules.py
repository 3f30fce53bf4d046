"""Rules: the sequences that rule today, by policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.policies.ruling import Version, in_force, published
from domain.policies.sections import Dunning, DunningStep
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Sequence:
    """The sequence of one policy: its version in force, and what that says of dunning."""

    policy_id: int
    version_id: int
    dunning: Dunning

    def step(self, day: int) -> DunningStep:
        """The step of that day; KeyError where there is none."""
        return {step.day: step for step in self.dunning.steps}[day]


Book = Mapping[int, Sequence]
"""The sequences of some day, by their policy."""


def sequences(session: Session, on: date) -> Book:
    """The sequences in force on a day, by their policy; a policy without one chases nobody."""
    return of_versions(in_force(published(session), on))


def of_versions(versions: Mapping[int, Version]) -> Book:
    """The sequences of these versions, by their policy."""
    return {
        policy_id: Sequence(policy_id, version.id, version.sections.dunning)
        for policy_id, version in versions.items()
        if version.sections.dunning is not None and version.sections.dunning.steps
    }


def is_trifle(sequence: Sequence, amount: Money, *, ours: str) -> bool:
    """Whether an amount is too little to be chased; the policy's amount is in the business's currency alone."""
    return amount.currency == ours and amount.minor < sequence.dunning.least_minor
