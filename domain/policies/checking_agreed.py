"""Checking agreed: what cannot stand in the sections on payment plans and on settlements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.policies.problems import Bounds, Problem
from domain.policies.sections import Bracket, PlanInterest, Plans, Settlements
from domain.shared.errors import N_
from domain.shared.money import LARGEST_MINOR

MOST_BRACKETS = 20
BRACKET_BOUNDS: Mapping[str, Bounds] = {
    "late_days": Bounds(0, 3650),
    "most_percent": Bounds(1, 99),
    "most_parts": Bounds(1, 36),
    "below_minor": Bounds(1, LARGEST_MINOR),
}
"""The bounds of the numbers of each bracket; below_minor may be None, too."""


def plan_problems(section: Plans) -> Iterator[Problem]:
    """What bounds cannot say of plans."""
    if not section.frequencies:
        yield Problem("frequencies", N_("Choose at least one."))
    if len(set(section.frequencies)) < len(section.frequencies):
        yield Problem("frequencies", N_("Name each once."))
    if section.interest is PlanInterest.CAPPED and not section.interest_cap_minor:
        yield Problem("interest_cap_minor", N_("Enter an amount above zero, or choose that interest stops."))
    if section.most_minor is not None and section.most_minor < 2 * section.least_minor:
        yield Problem("most_minor", N_("No plan of two instalments of the least amount is this small."))


def bracket_problems(section: Settlements) -> Iterator[Problem]:
    """What is wrong with a bracket (`bracket-0-late_days`, …), and with all of them (`brackets`)."""
    if not section.brackets:
        yield Problem("brackets", N_("Enter at least one row."))
    if len(section.brackets) > MOST_BRACKETS:
        yield Problem("brackets", N_("Enter at most {most} rows."), {"most": MOST_BRACKETS})
    for index, bracket in enumerate(section.brackets):
        for name, bounds in BRACKET_BOUNDS.items():
            value = getattr(bracket, name)
            if value is not None and not bounds.least <= value <= bounds.most:
                text = N_("Enter a number from {least} to {most}.")
                yield Problem(f"bracket-{index}-{name}", text, {"least": bounds.least, "most": bounds.most})
        if any(_outdoes(other, bracket) for other in section.brackets[:index] + section.brackets[index + 1 :]):
            yield Problem(
                f"bracket-{index}-most_percent", N_("This row never counts: another gives the same debts as much.")
            )


def _outdoes(one: Bracket, other: Bracket) -> bool:
    """Whether one holds for every debt that the other holds for, and gives as much: of several, the best one counts."""
    is_wider = one.below_minor is None or (other.below_minor is not None and one.below_minor >= other.below_minor)
    gives_as_much = (one.most_percent, one.most_parts) >= (other.most_percent, other.most_parts)
    return one.late_days <= other.late_days and is_wider and gives_as_much
