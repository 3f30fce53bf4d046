"""Scorecard: points for what is known of an applicant, and the limit and terms that they lead to; a pure file.

More is never worse: a trait that is better known for the better never lowers the points, and points never the limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.policies.sections import Scorecard, Trait, Weighed
from domain.shared.errors import N_
from domain.shared.money import Money

Facts = Mapping[Trait, Decimal | None]
"""What is known of each trait; None, or not there, where nothing is."""

LESS_IS_BETTER = frozenset({Trait.PAYMENT_DELAY})

TRAIT_WORDS = {
    Trait.CHECK_SCORE: N_("Score of the credit check"),
    Trait.PAYMENT_DELAY: N_("Days late, weighted by amount"),
    Trait.YEARS_TRADING: N_("Years trading"),
    Trait.REFERENCES: N_("Trade references that are good, less those that are bad"),
}
"""What each trait is called on the screen."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the working: what is known of a trait, and the points for it."""

    trait: Trait
    value: Decimal | None
    points: int

    @property
    def words(self) -> str:
        """The trait's name, as a message id."""
        return TRAIT_WORDS[self.trait]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the scorecard proposes; no limit and no terms where the points do not reach the least outcome."""

    rows: tuple[Row, ...]
    wanted: Money
    limit: Money | None
    terms_days: int | None
    least: int | None
    """The points that the least outcome takes; None where the scorecard leads to none at all."""

    @property
    def points(self) -> int:
        """All points together."""
        return sum(row.points for row in self.rows)


def propose(scorecard: Scorecard, facts: Facts, wanted: Money) -> Proposal:
    """The points row by row, and what they lead to for a limit of `wanted`.

    The limit is the greatest that an outcome within reach gives: its share of what is wanted, rounded once, at most
    its cap; the terms are the longest within reach.
    """
    rows = tuple(_weigh(each, facts.get(each.trait)) for each in scorecard.weighed)
    points = sum(row.points for row in rows)
    least = min((outcome.least for outcome in scorecard.outcomes), default=None)
    reached = [outcome for outcome in scorecard.outcomes if outcome.least <= points]
    if not reached:
        return Proposal(rows, wanted, None, None, least)
    limit = max(
        min(wanted.times(Decimal(outcome.share) / 100), Money(outcome.most_minor, wanted.currency))
        for outcome in reached
    )
    return Proposal(rows, wanted, limit, max(outcome.terms_days for outcome in reached), least)


def _weigh(weighed: Weighed, value: Decimal | None) -> Row:
    """The points of one trait: the most of the steps reached, or the fewest where less is better; none before any."""
    if value is None:
        return Row(weighed.trait, None, weighed.unknown)
    reached = [step.points for step in weighed.steps if step.least <= value]
    if not reached:
        before_any = max((step.points for step in weighed.steps), default=0)
        return Row(weighed.trait, value, before_any if weighed.trait in LESS_IS_BETTER else 0)
    return Row(weighed.trait, value, min(reached) if weighed.trait in LESS_IS_BETTER else max(0, *reached))


def as_kept(proposal: Proposal) -> dict[str, Any]:
    """The working as a decision keeps it."""
    return {
        "points": proposal.points,
        "rows": [
            {"trait": row.trait.value, "value": None if row.value is None else str(row.value), "points": row.points}
            for row in proposal.rows
        ],
        "wanted_minor": proposal.wanted.minor,
        "limit_minor": None if proposal.limit is None else proposal.limit.minor,
        "terms_days": proposal.terms_days,
    }
