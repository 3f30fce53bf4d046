"""Rates: whose day rules which half-year, and that a half-year that nobody looked up is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.policies.rates import RateMissing, RateTable, rate_on, reference_day
from domain.policies.sections import Basis, LateInterest, Reference

BOE = ((date(2025, 5, 8), Decimal("4.25")), (date(2025, 8, 7), Decimal("4")), (date(2025, 12, 18), Decimal("3.75")))


@pytest.mark.parametrize(
    ("reference", "day", "ruling"),
    [
        (Reference.BOE, date(2025, 7, 1), date(2025, 6, 30)),
        (Reference.BOE, date(2025, 6, 30), date(2024, 12, 31)),
        (Reference.ECB_MRO, date(2025, 12, 31), date(2025, 7, 1)),
        (Reference.DE_BASE, date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_each_reference_is_read_on_its_own_day(reference: Reference, day: date, ruling: date) -> None:
    assert reference_day(reference, day) == ruling


def test_a_rate_of_long_ago_says_nothing_of_a_half_year_that_nobody_looked_up() -> None:
    table = RateTable({Reference.BOE: BOE}, {Reference.BOE: date(2025, 12, 31)})

    assert table.at(Reference.BOE, date(2025, 12, 31)) == Decimal("3.75")
    with pytest.raises(RateMissing):
        table.at(Reference.BOE, date(2026, 6, 30))


def test_before_the_first_rate_and_without_any_none_is_known() -> None:
    table = RateTable({Reference.BOE: BOE}, dict.fromkeys(Reference, date(2026, 1, 1)))

    for reference in (Reference.BOE, Reference.ECB_MRO):
        with pytest.raises(RateMissing):
            table.at(reference, date(2025, 5, 7))


def test_the_day_from_which_a_rate_holds_is_known_by_the_rate_itself() -> None:
    table = RateTable({Reference.DE_BASE: ((date(2026, 7, 1), Decimal("1.27")),)})

    assert table.at(Reference.DE_BASE, date(2026, 7, 1)) == Decimal("1.27")


def test_the_rate_of_the_start_stays_and_a_floating_one_follows() -> None:
    table = RateTable({Reference.BOE: BOE}, {Reference.BOE: date(2025, 12, 31)})
    stays = LateInterest(reference=Reference.BOE, margin=Decimal(8), basis=Basis.FIXED_AT_START)
    follows = LateInterest(reference=Reference.BOE, margin=Decimal(8), basis=Basis.FLOATING)

    found = [
        rate_on(section, date(2026, 3, 1), started_on=date(2025, 7, 9), table=table) for section in (stays, follows)
    ]

    assert found == [Decimal("12.25"), Decimal("11.75")]
