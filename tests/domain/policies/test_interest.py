"""Interest: the published vectors to the cent, and that splitting time or money never changes a sum."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policies.interest import Change, Hold, accrued, first_overdue, fixed_cost, total
from domain.policies.profiles import profile
from domain.policies.rates import RateTable
from domain.policies.sections import Band, Basis, DayCount, LateInterest, RecoveryCost, Reference
from domain.shared.money import Money, half_even
from tests.support.builders import money

DAY = timedelta(days=1)
KNOWN = RateTable(
    rates={
        Reference.BOE: ((date(2022, 12, 15), Decimal("3.5")), (date(2023, 6, 22), Decimal("5"))),
        Reference.ECB_MRO: ((date(2022, 12, 21), Decimal("2.5")), (date(2023, 6, 21), Decimal("4"))),
        Reference.DE_BASE: ((date(2023, 1, 1), Decimal("1.62")), (date(2023, 7, 1), Decimal("3.12"))),
    },
    through=dict.fromkeys(Reference, date(2023, 12, 31)),
)
"""As the Bank of England, the European Central Bank and the Bundesbank published them."""
DUE = date(2023, 6, 1)


def fixed(rate: str, **more: object) -> LateInterest:
    return LateInterest(margin=Decimal(rate), **more)  # type: ignore[arg-type]


def interest_of(section: LateInterest, principal: Money, days: int, *, due_on: date = DUE) -> Money:
    """What a debt bears that is paid `days` days late."""
    paid = [Change(due_on + days * DAY, -principal.minor)]
    rows = accrued(section, principal, due_on, paid, after=due_on, through=due_on + 1000 * DAY, table=KNOWN)
    return Money(half_even(total(rows)), principal.currency)


@pytest.mark.parametrize(
    ("principal", "days", "rate", "interest"),
    [("10000", 60, "11.75", "193.15"), ("1000", 50, "8.5", "11.64")],
)
def test_the_published_examples_come_out_to_the_cent(principal: str, days: int, rate: str, interest: str) -> None:
    assert interest_of(fixed(rate), money(principal), days) == money(interest)


@pytest.mark.parametrize(
    ("name", "currency", "interest", "rates"),
    [
        ("uk_statutory", "GBP", "189.04", ["11.5"]),
        ("eu_floating", "EUR", "185.34", ["10.5", "12"]),
        ("germany", "EUR", "187.32", ["10.62", "12.12"]),
    ],
)
def test_sixty_days_across_the_first_of_july_by_each_basis(
    name: str, currency: str, interest: str, rates: list[str]
) -> None:
    section = profile(name).sections.late_interest
    assert section is not None
    principal = money("10000", currency)

    rows = accrued(section, principal, DUE, [], after=DUE, through=DUE + 60 * DAY, table=KNOWN)

    assert interest_of(section, principal, 60) == money(interest, currency)
    assert [row.rate for row in rows] == [Decimal(rate) for rate in rates]
    assert [row.days for row in rows] == ([60] if len(rates) == 1 else [29, 31])


@pytest.mark.parametrize(
    ("count", "interest"),
    [(DayCount.ACTUAL_365, "366.00"), (DayCount.ACTUAL_360, "371.08"), (DayCount.ACTUAL_ACTUAL, "365.00")],
)
def test_a_leap_year_has_a_day_more_and_the_day_count_says_what_that_is_worth(count: DayCount, interest: str) -> None:
    before_leap_year = date(2023, 12, 31)

    found = interest_of(fixed("3.65", day_count=count), money("10000"), 366, due_on=before_leap_year)

    assert found == money(interest)


def test_what_is_held_bears_nothing_on_the_days_on_which_it_is_held() -> None:
    ten_days = Hold(DUE + 11 * DAY, DUE + 20 * DAY, 400_00)

    rows = accrued(
        fixed("36.5"), money("1000"), DUE, [], after=DUE, through=DUE + 30 * DAY, table=KNOWN, holds=[ten_days]
    )

    assert [(row.days, row.principal) for row in rows] == [
        (10, money("1000")),
        (10, money("600")),
        (10, money("1000")),
    ]
    assert total(rows) == 10_00 + 6_00 + 10_00


def test_nothing_at_all_is_borne_while_everything_is_held() -> None:
    rows = accrued(
        fixed("9"), money("10"), DUE, [], after=DUE, through=DUE + 9 * DAY, table=KNOWN, holds=[Hold(date(2023, 1, 1))]
    )

    assert rows == []


def test_a_floor_is_the_least_that_the_whole_rate_can_be() -> None:
    table = RateTable({Reference.DE_BASE: ((date(2023, 1, 1), Decimal("-12")),)}, {Reference.DE_BASE: DUE})
    section = LateInterest(reference=Reference.DE_BASE, margin=Decimal(9), floor=Decimal(0))

    (row,) = accrued(section, money("10"), DUE, [], after=DUE, through=DUE + 5 * DAY, table=table)

    assert row.rate == 0


def test_what_is_first_overdue_after_the_days_of_grace_is_what_counts_for_a_cost() -> None:
    part = [Change(DUE + 3 * DAY, -300_00), Change(DUE + 6 * DAY, -700_00)]

    def after(days: int) -> Money | None:
        return first_overdue(money("1000"), part, [], after=DUE + days * DAY, through=DUE + 90 * DAY)

    assert [after(days) for days in (0, 3, 5, 6)] == [money("1000"), money("700"), money("700"), None]


@pytest.mark.parametrize(
    ("debt", "cost"), [("999.99", "40"), ("1000", "70"), ("9999.99", "70"), ("10000", "100"), ("5000000", "100")]
)
def test_the_fixed_cost_of_a_debt_follows_its_size(debt: str, cost: str) -> None:
    section = profile("uk_statutory").sections.recovery_cost
    assert section is not None

    assert fixed_cost(section, money(debt)) == money(cost)


def test_a_fixed_cost_holds_for_its_own_currency_alone() -> None:
    assert not fixed_cost(RecoveryCost(currency="EUR", bands=(Band(40_00),)), money("100", "USD"))


DAYS = st.integers(-40, 500)
CHANGES = st.lists(st.builds(lambda day, minor: Change(DUE + day * DAY, minor), DAYS, st.integers(-9_000, 9_000)))
HOLDS = st.lists(
    st.builds(
        lambda first, length, minor: Hold(DUE + first * DAY, None if length is None else DUE + length * DAY, minor),
        DAYS,
        st.none() | DAYS,
        st.none() | st.integers(1, 9_000),
    ),
    max_size=3,
)
SECTIONS = st.builds(
    LateInterest,
    reference=st.sampled_from(Reference),
    margin=st.decimals(0, 15, places=2),
    basis=st.sampled_from(Basis),
    day_count=st.sampled_from(DayCount),
    floor=st.none() | st.decimals(0, 12, places=1),
)
MOVING = RateTable(
    {
        reference: tuple((date(2022, 12, 1) + 97 * index * DAY, Decimal(index % 5 - 1)) for index in range(12))
        for reference in Reference
    },
    dict.fromkeys(Reference, date(2026, 1, 1)),
)


@given(section=SECTIONS, changes=CHANGES, holds=HOLDS, issued=st.integers(1, 20_000), days=st.tuples(DAYS, DAYS, DAYS))
def test_interest_over_two_spans_adds_up_to_that_over_both(
    section: LateInterest, changes: list[Change], holds: list[Hold], issued: int, days: tuple[int, int, int]
) -> None:
    first, middle, last = (DUE + day * DAY for day in sorted(days))

    def over(after: date, through: date) -> Fraction:
        rows = accrued(
            section, Money(issued, "GBP"), DUE, changes, after=after, through=through, table=MOVING, holds=holds
        )
        assert all(row.days > 0 and row.principal.minor > 0 for row in rows)
        return total(rows)

    assert over(first, middle) + over(middle, last) == over(first, last)


@given(section=SECTIONS, changes=CHANGES, holds=HOLDS, issued=st.integers(1, 20_000), length=st.integers(0, 120))
def test_interest_is_that_of_each_day_added_up(
    section: LateInterest, changes: list[Change], holds: list[Hold], issued: int, length: int
) -> None:
    def over(after: date, through: date) -> Fraction:
        money_then = Money(issued, "GBP")
        return total(
            accrued(section, money_then, DUE, changes, after=after, through=through, table=MOVING, holds=holds)
        )

    days = [DUE + number * DAY for number in range(length)]

    assert over(DUE, DUE + length * DAY) == sum((over(day, day + DAY) for day in days), Fraction(0))
