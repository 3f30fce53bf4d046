"""Checking: what cannot stand in a section is named at its field."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.policies.acts import Act
from domain.policies.checking import BOUNDS, contradictions, problems
from domain.policies.profiles import profiles
from domain.policies.sections import (
    Acceptance,
    Allocation,
    Authority,
    Band,
    Bracket,
    DueRule,
    EarlyDiscount,
    Extensions,
    Frequency,
    Grades,
    LateInterest,
    Limits,
    Outcome,
    Part,
    PlanInterest,
    Plans,
    RecoveryCost,
    Scorecard,
    Section,
    Sections,
    Settlements,
    Step,
    Terms,
    Trait,
    Weighed,
)
from domain.staff.model import Role
from tests.domain.policies.test_comparing import FULL

YEARS = Weighed(Trait.YEARS_TRADING, (Step(Decimal(1), 5), Step(Decimal(3), 10)))
SIXTY = Bracket(late_days=60, most_percent=20)
ONE = (Outcome(10, 50, 1_000_00, 30),)


def test_every_section_has_its_bounds() -> None:
    assert {type(getattr(FULL, key)) for key in FULL.__struct_fields__} == set(BOUNDS)


def test_what_is_usual_can_stand() -> None:
    assert [problem for key in FULL.__struct_fields__ for problem in problems(getattr(FULL, key))] == []
    assert contradictions(FULL) == []
    for profile in profiles():
        sections = (profile.sections.late_interest, profile.sections.recovery_cost)
        assert [problem for section in sections if section for problem in problems(section)] == []


@pytest.mark.parametrize(
    ("section", "field"),
    [
        (Terms(days=366), "days"),
        (Terms(days=-1), "days"),
        (EarlyDiscount(percent=Decimal(0), days=10), "percent"),
        (EarlyDiscount(percent=Decimal(51), days=10), "percent"),
        (EarlyDiscount(percent=Decimal(2), days=10, grace_days=31), "grace_days"),
        (LateInterest(margin=Decimal(0)), "margin"),
        (LateInterest(margin=Decimal(8), charge_day=29), "charge_day"),
        (LateInterest(margin=Decimal(8), floor=Decimal(-1)), "floor"),
        (RecoveryCost(currency="XXXX", bands=(Band(40_00),)), "currency"),
        (RecoveryCost(currency="GBP", bands=()), "bands"),
        (RecoveryCost(currency="GBP", bands=(Band(0),)), "bands"),
        (RecoveryCost(currency="GBP", bands=(Band(40_00), Band(70_00, 100))), "bands"),
        (RecoveryCost(currency="GBP", bands=(Band(40_00, 100), Band(70_00, 100))), "bands"),
        (Extensions(most_days=0), "most_days"),
        (Plans(most_months=0), "most_months"),
        (Plans(most_months=61), "most_months"),
        (Plans(most_months=12, persons_months=0), "persons_months"),
        (Plans(most_months=12, most_instalments=1), "most_instalments"),
        (Plans(most_months=12, least_down_percent=91), "least_down_percent"),
        (Plans(most_months=12, least_minor=-1), "least_minor"),
        (Plans(most_months=12, least_minor=50_00, most_minor=99_99), "most_minor"),
        (Plans(most_months=12, first_days=0), "first_days"),
        (Plans(most_months=12, frequencies=()), "frequencies"),
        (Plans(most_months=12, frequencies=(Frequency.MONTHLY, Frequency.MONTHLY)), "frequencies"),
        (Plans(most_months=12, interest=PlanInterest.CAPPED), "interest_cap_minor"),
        (Plans(most_months=12, missed_days=0), "missed_days"),
        (Plans(most_months=12, grace_days=0), "grace_days"),
        (Settlements(brackets=()), "brackets"),
        (Settlements(brackets=(Bracket(late_days=1, most_percent=1),) * 21), "brackets"),
        (Settlements(brackets=(Bracket(late_days=-1, most_percent=10),)), "bracket-0-late_days"),
        (Settlements(brackets=(Bracket(late_days=60, most_percent=100),)), "bracket-0-most_percent"),
        (Settlements(brackets=(Bracket(late_days=60, most_percent=10, most_parts=0),)), "bracket-0-most_parts"),
        (Settlements(brackets=(Bracket(late_days=60, most_percent=10, below_minor=0),)), "bracket-0-below_minor"),
        (Settlements(brackets=(SIXTY, SIXTY)), "bracket-1-most_percent"),
        (
            Settlements(brackets=(SIXTY, Bracket(late_days=90, most_percent=10, below_minor=100))),
            "bracket-1-most_percent",
        ),
        (Settlements(brackets=(SIXTY,), offer_days=0), "offer_days"),
        (Settlements(brackets=(SIXTY,), letter_days_debit=181), "letter_days_debit"),
        (Limits(check_months=0), "check_months"),
        (Limits(limit_minor=-1), "limit_minor"),
        (Grades(best=15, good=15), "good"),
        (Grades(good=30, fair=30), "fair"),
        (Allocation(order=(Part.COSTS, Part.COSTS, Part.INTEREST)), "order"),
        (Acceptance(remind_after_days=(21, 7)), "remind_after_days"),
        (Acceptance(remind_after_days=tuple(range(1, 12))), "remind_after_days"),
        (Scorecard(weighed=(), outcomes=ONE), "weighed"),
        (Scorecard(weighed=(YEARS,), outcomes=()), "outcomes"),
        (Scorecard(weighed=(YEARS, YEARS), outcomes=ONE), "weighed"),
        (Scorecard(weighed=(YEARS,), outcomes=(*ONE, Outcome(20, 40, 1_000_00, 30))), "outcomes"),
        (Scorecard(weighed=(YEARS,), outcomes=(Outcome(10, 101, 1_000_00, 30),)), "outcomes"),
        (
            Scorecard(weighed=(Weighed(YEARS.trait, YEARS.steps[::-1]),), outcomes=ONE),
            "weighed-years_trading",
        ),
        (
            Scorecard(weighed=(Weighed(Trait.PAYMENT_DELAY, YEARS.steps),), outcomes=ONE),
            "weighed-payment_delay",
        ),
        (Authority(limits={Act.REFUND: {Role.MANAGER: -1, Role.COLLECTOR: None}}), "limits-refund"),
        (Authority(limits={Act.REFUND: {Role.MANAGER: 100, Role.ADMINISTRATOR: None}}), "limits-refund"),
    ],
)
def test_what_cannot_stand_is_named_at_its_field(section: Section, field: str) -> None:
    assert field in {problem.name for problem in problems(section)}


def test_more_days_late_may_give_fewer_points() -> None:
    slower = Weighed(Trait.PAYMENT_DELAY, (Step(Decimal(0), 20), Step(Decimal(15), 5)))

    assert problems(Scorecard(weighed=(YEARS, slower), outcomes=ONE)) == []


@pytest.mark.parametrize(("days", "is_wrong"), [(13, False), (14, True), (30, True)])
def test_a_discount_ends_before_payment_is_due(days: int, is_wrong: bool) -> None:
    sections = Sections(
        terms=Terms(rule=DueRule.NET, days=14), early_discount=EarlyDiscount(percent=Decimal(2), days=days)
    )

    assert [problem.name for problem in contradictions(sections)] == (["early_discount"] if is_wrong else [])


def test_a_small_debt_may_be_given_more_of_than_a_large_one_of_the_same_age() -> None:
    small = Bracket(late_days=60, most_percent=40, below_minor=1_000_00)

    assert problems(Settlements(brackets=(SIXTY, small, Bracket(late_days=120, most_percent=50)))) == []


@pytest.mark.parametrize(("interest", "is_wrong"), [(PlanInterest.STOPPED, False), (PlanInterest.CONTINUED, True)])
def test_interest_can_go_on_in_a_plan_only_where_there_is_any(interest: PlanInterest, is_wrong: bool) -> None:
    sections = Sections(plans=Plans(most_months=12, interest=interest))
    rated = Sections(plans=sections.plans, late_interest=LateInterest(margin=Decimal(8)))

    assert [problem.name for problem in contradictions(sections)] == (["plans"] if is_wrong else [])
    assert contradictions(rated) == []
