"""Checking: what cannot stand in a section, field by field, and what cannot stand together in one version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from domain.policies.acts import Act, deciding
from domain.policies.checking_agreed import bracket_problems, plan_problems
from domain.policies.checking_steps import step_problems
from domain.policies.problems import Bounds, Problem
from domain.policies.sections import (
    Acceptance,
    Allocation,
    Authority,
    Courtesies,
    DueRule,
    Dunning,
    EarlyDiscount,
    Extensions,
    Grades,
    Handoff,
    LateInterest,
    Limits,
    Part,
    PlanInterest,
    Plans,
    Promises,
    RecoveryCost,
    Reference,
    Scorecard,
    Section,
    Sections,
    Settlements,
    Terms,
    Trait,
    Weighed,
)
from domain.shared.errors import N_
from domain.shared.money import LARGEST_MINOR, is_currency

MOST_REMINDERS = 10

DAYS_OF_A_YEAR = Bounds(0, 365)
AMOUNT = Bounds(0, LARGEST_MINOR)
MONTHS_OF_A_PLAN = Bounds(1, 60)
DAYS_TO_ANSWER = Bounds(1, 90)
DAYS_TO_WAIT = Bounds(0, 180)
HIGHEST_RATE = Decimal(30)
"""Per cent a year; above it, a slip of the hand is likelier than an agreement that a court would uphold."""
LARGEST_LIMIT = 1_000_000_000_00
"""Minor units; above it, a limit is a slip of the hand, or stands for no limit."""

BOUNDS: Mapping[type[Section], Mapping[str, Bounds]] = {
    Terms: {"days": DAYS_OF_A_YEAR},
    EarlyDiscount: {
        "percent": Bounds(Decimal("0.01"), Decimal(50)),
        "days": DAYS_OF_A_YEAR,
        "grace_days": Bounds(0, 30),
    },
    LateInterest: {
        "margin": Bounds(Decimal(0), HIGHEST_RATE),
        "floor": Bounds(Decimal(0), HIGHEST_RATE),
        "grace_days": DAYS_OF_A_YEAR,
        "charge_day": Bounds(1, 28),
        "least_minor": AMOUNT,
    },
    RecoveryCost: {"grace_days": DAYS_OF_A_YEAR},
    Extensions: {"most_days": Bounds(1, 365), "most_minor": AMOUNT},
    Promises: {"most_days": Bounds(1, 365), "least_percent": Bounds(1, 100), "most_broken": Bounds(0, 99)},
    Dunning: {"least_minor": AMOUNT, "escalate_day": Bounds(1, 365)},
    Courtesies: {},
    Plans: {
        "most_months": MONTHS_OF_A_PLAN,
        "most_instalments": Bounds(2, 260),
        "persons_months": MONTHS_OF_A_PLAN,
        "least_minor": AMOUNT,
        "least_down_percent": Bounds(0, 90),
        "most_minor": AMOUNT,
        "first_days": Bounds(1, 92),
        "interest_cap_minor": AMOUNT,
        "offer_days": DAYS_TO_ANSWER,
        "missed_days": Bounds(1, 60),
        "grace_days": Bounds(1, 60),
        "reopened_days": Bounds(1, 60),
    },
    Settlements: {
        "offer_days": DAYS_TO_ANSWER,
        "patience_days": Bounds(0, 60),
        "reopened_days": Bounds(1, 60),
        "letter_days_card": DAYS_TO_WAIT,
        "letter_days_debit": DAYS_TO_WAIT,
        "letter_days_other": DAYS_TO_WAIT,
    },
    Handoff: {
        "late_days": Bounds(1, 3650),
        "least_minor": AMOUNT,
        "least_notices": Bounds(0, 50),
        "most_upheld": Bounds(0, 99),
        "recall_silent_days": Bounds(7, 3650),
    },
    Limits: {
        "limit_minor": Bounds(0, LARGEST_LIMIT),
        "hold_overdue_days": DAYS_OF_A_YEAR,
        "hold_overdue_least_minor": AMOUNT,
        "check_months": Bounds(1, 120),
    },
    Scorecard: {},
    Grades: {"best": DAYS_OF_A_YEAR, "good": DAYS_OF_A_YEAR, "fair": DAYS_OF_A_YEAR, "warn_days": Bounds(1, 365)},
    Allocation: {},
    Acceptance: {},
    Authority: {},
}
"""The bounds of every number of a section that is not within rows."""


def problems(section: Section) -> list[Problem]:
    """What cannot stand in a section; empty where all is well."""
    found = [
        Problem(name, N_("Enter a number from {least} to {most}."), {"least": bounds.least, "most": bounds.most})
        for name, bounds in BOUNDS[type(section)].items()
        if (value := getattr(section, name)) is not None and not bounds.least <= value <= bounds.most
    ]
    return found + list(_more(section))


def contradictions(sections: Sections) -> list[Problem]:
    """What cannot stand together in one version; `name` is that of the section to put right."""
    found = []
    terms, discount = sections.terms, sections.early_discount
    if terms is not None and discount is not None and terms.rule is DueRule.NET and discount.days >= terms.days:
        text = N_("The discount has to end before payment is due: it ends after {days} days, and payment is due then.")
        found.append(Problem("early_discount", text, {"days": discount.days}))
    plans = sections.plans
    if plans is not None and plans.interest is not PlanInterest.STOPPED and sections.late_interest is None:
        text = N_("There is no late interest that could go on in a plan: turn it on, or stop it in plans.")
        found.append(Problem("plans", text))
    return found


def _more(section: Section) -> Iterator[Problem]:
    """What bounds cannot say."""
    yield from CHECKS.get(type(section), _nothing)(section)
    match section:
        case LateInterest(reference=Reference.FIXED, margin=margin) if not margin:
            yield Problem("margin", N_("Without a base rate the rate itself has to be above zero."))
        case Grades(best=best, good=good, fair=fair) if not best < good < fair:
            yield Problem("good" if good <= best else "fair", N_("Each grade reaches further than the one before."))
        case Allocation(order=order) if sorted(order) != sorted(Part):
            yield Problem("order", N_("Name each part once."))
        case Acceptance(remind_after_days=days):
            yield from _reminders(days)
        case _:
            pass


def _nothing(section: Section) -> Iterator[Problem]:
    yield from ()


def _bands(section: RecoveryCost) -> Iterator[Problem]:
    if not is_currency(section.currency):
        yield Problem("currency", N_("Enter a currency, such as GBP."))
    if not section.bands:
        yield Problem("bands", N_("Enter at least one row."))
    if any(not 0 < band.amount_minor <= LARGEST_MINOR for band in section.bands):
        yield Problem("bands", N_("Each row needs an amount above zero."))
    below = [band.below_minor for band in section.bands]
    bounded = [each for each in below if each is not None]
    if None in below[:-1] or any(low >= high for low, high in pairwise(bounded)) or any(each <= 0 for each in bounded):
        yield Problem("bands", N_("The rows have to go up; only the last may be without an upper bound."))


def _reminders(days: Sequence[int]) -> Iterator[Problem]:
    if len(days) > MOST_REMINDERS or any(not 0 < day <= 365 for day in days) or any(a >= b for a, b in pairwise(days)):
        yield Problem("remind_after_days", N_("Enter days from 1 to 365 in ascending order, such as 7, 21."))


def _scorecard(section: Scorecard) -> Iterator[Problem]:
    traits = [weighed.trait for weighed in section.weighed]
    if not traits or not section.outcomes:
        yield Problem("weighed" if not traits else "outcomes", N_("Enter at least one row."))
    if len(set(traits)) < len(traits):
        yield Problem("weighed", N_("Name each trait once."))
    for weighed in section.weighed:
        yield from _steps(weighed)
    for low, high in pairwise(section.outcomes):
        if high.least <= low.least or high.share < low.share or high.most_minor < low.most_minor:
            yield Problem("outcomes", N_("More points lead to as much or more: every column but days goes up."))
            break
    for outcome in section.outcomes:
        if not (0 <= outcome.share <= 100 and 0 <= outcome.terms_days <= 365 and outcome.most_minor >= 0):
            yield Problem("outcomes", N_("A share is from 0 to 100 per cent, and days are from 0 to 365."))
            break


def _steps(weighed: Weighed) -> Iterator[Problem]:
    """Better never gives fewer points: more days late is worse, more of anything else is better."""
    name = f"weighed-{weighed.trait.value}"
    if any(low.least >= high.least for low, high in pairwise(weighed.steps)):
        yield Problem(name, N_("The rows have to go up."))
    points = [step.points for step in weighed.steps]
    if weighed.trait is Trait.PAYMENT_DELAY:
        points.reverse()
    if any(low > high for low, high in pairwise(points)):
        yield Problem(name, N_("What is better must not give fewer points."))


def _authority(section: Authority) -> Iterator[Problem]:
    for act in Act:
        limits = section.limits.get(act)
        if limits is None:
            continue
        if any(limit is not None and not 0 <= limit <= LARGEST_MINOR for limit in limits.values()):
            yield Problem(f"limits-{act.value}", N_("Enter an amount that is not negative."))
        if not any(limits.get(role, 0) is None for role in deciding(act)):
            yield Problem(f"limits-{act.value}", N_("Somebody has to be able to do this without a limit."))


CHECKS: Mapping[type[Section], Callable[[Any], Iterator[Problem]]] = {
    RecoveryCost: _bands,
    Scorecard: _scorecard,
    Dunning: step_problems,
    Plans: plan_problems,
    Settlements: bracket_problems,
    Authority: _authority,
}
"""What is asked of the sections whose fields hang together, or that have rows."""
