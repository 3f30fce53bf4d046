"""Reckoning: charging in steps, whatever becomes known when, ends at the sum of charging once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.model import LegalForm
from domain.late_charges.model import ChargeKind
from domain.late_charges.reckoning import (
    Debt,
    cost_to_charge,
    interest_through,
    interest_to_charge,
    is_charge_day_after,
)
from domain.policies.interest import Change, Hold
from domain.policies.rates import RateTable
from domain.policies.sections import Basis, LateInterest, Reference
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.lateness import DAY, DUE, FORTY

LAST = DUE + 400 * DAY
MOVING = RateTable(
    {Reference.DE_BASE: tuple((date(2025, 12, 1) + 61 * step * DAY, Decimal(step % 4)) for step in range(12))},
    {Reference.DE_BASE: date(2028, 1, 1)},
)
RULE = LateInterest(reference=Reference.DE_BASE, margin=Decimal(9), basis=Basis.FLOATING)
DAYS = st.integers(1, 399)


def a_debt(**more: object) -> Debt:
    known = Debt(1, "C-1", 7, "INV-7", LegalForm.COMPANY, money("1000"), DUE, 3)
    return replace(known, **more)  # type: ignore[arg-type]


@given(
    payments=st.lists(st.tuples(DAYS, st.integers(0, 120), st.integers(1, 60_000)), max_size=5),
    dispute=st.none() | st.tuples(DAYS, DAYS, st.none() | st.integers(1, 90_000)),
    turns=st.lists(st.integers(0, 399), max_size=40, unique=True),
    charge_day=st.integers(1, 31),
    grace=st.integers(0, 20),
)
def test_charging_in_steps_ends_where_charging_once_does(
    payments: list[tuple[int, int, int]],
    dispute: tuple[int, int, int | None] | None,
    turns: list[int],
    charge_day: int,
    grace: int,
) -> None:
    """Each payment has the day of its value and is entered days later; in the end all is paid and everything known."""
    rule = msgspec.structs.replace(RULE, charge_day=charge_day, grace_days=grace)
    rest = max(0, 1000_00 - sum(minor for *_, minor in payments))
    known = [
        (Change(DUE + day * DAY, -minor), DUE + (day + late) * DAY) for day, late, minor in (*payments, (399, 0, rest))
    ]
    disputed = [Hold(DUE + dispute[0] * DAY, DUE + dispute[1] * DAY, dispute[2])] if dispute else []
    debt, before, papers = a_debt(disputed=disputed), DUE, []

    for day in [*(DUE + turn * DAY for turn in sorted(turns)), LAST + 120 * DAY, LAST + 121 * DAY]:
        debt = replace(debt, changes=[change for change, entered_on in known if entered_on <= day])
        found = interest_to_charge(debt, rule, day, MOVING, before=before)
        if found is not None:
            papers.append((day, found.to_charge))
            charged = debt.charged_so_far(ChargeKind.INTEREST) + found.to_charge
            through = day if found.to_charge.minor > 0 else debt.charged_through
            debt = replace(debt, charged={ChargeKind.INTEREST: charged}, charged_through=through)
        before = day

    once, _ = interest_through(a_debt(disputed=disputed, changes=[change for change, _ in known]), rule, LAST, MOVING)
    assert debt.charged_so_far(ChargeKind.INTEREST) == once
    assert Money.sum((amount for _, amount in papers), "GBP") == once
    assert all(one < other for (one, _), (other, _) in pairwise(papers))


@pytest.mark.parametrize(
    ("before", "through", "charge_day", "is_one"),
    [
        ("2026-02-28", "2026-03-01", 1, True),
        ("2026-03-01", "2026-03-02", 1, False),
        ("2026-02-27", "2026-02-28", 31, True),
        ("2026-02-28", "2026-03-01", 31, False),
        ("2028-02-28", "2028-02-29", 30, True),
        ("2026-02-20", "2026-03-04", 28, True),
        ("2026-01-20", "2026-06-01", 15, True),
        ("2026-03-01", "2026-03-31", 1, False),
        ("2025-12-31", "2026-01-01", 1, True),
    ],
)
def test_a_charge_day_comes_once_a_month_in_short_ones_too(
    before: str, through: str, charge_day: int, is_one: bool
) -> None:
    assert is_charge_day_after(date.fromisoformat(before), date.fromisoformat(through), charge_day) is is_one


@given(charge_day=st.integers(1, 31), start=st.dates(date(2023, 1, 1), date(2029, 1, 1)))
def test_every_span_of_a_month_has_a_charge_day_and_days_one_by_one_find_the_same(charge_day: int, start: date) -> None:
    days = [start + timedelta(days=number) for number in range(62)]

    found = [day for yesterday, day in pairwise(days) if is_charge_day_after(yesterday, day, charge_day)]

    assert 1 <= len(found) <= 3
    assert is_charge_day_after(days[0], days[-1], charge_day)


def test_a_cost_is_that_of_what_is_open_when_it_becomes_late() -> None:
    rule = msgspec.structs.replace(FORTY, grace_days=3)
    part = [Change(DUE + 2 * DAY, -400_00)]

    early = cost_to_charge(a_debt(changes=part), rule, DUE + 3 * DAY)
    late = cost_to_charge(a_debt(changes=part), rule, DUE + 4 * DAY)

    assert early is None
    assert late is not None
    assert late.to_charge == money("40")


def test_a_cost_that_was_charged_and_taken_back_does_not_come_again() -> None:
    assert cost_to_charge(a_debt(cost_was_charged=True), FORTY, DUE + 9 * DAY) is None
