"""Rates and spans: what a discount costs for a year, and to which stage what was paid belongs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.reporting.brought.rates import percent, yearly_percent
from domain.reporting.brought.spans import Entry, Stage, collected

FIRST, SECOND, THIRD = date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5)


def test_two_ten_net_thirty_costs_more_than_a_third_a_year() -> None:
    assert yearly_percent(200, 9800 * 20) == Decimal("37.2")
    assert yearly_percent(200, 0) is None
    assert (percent(1, 3), percent(0, 0)) == (Decimal("33.3"), None)


def test_money_belongs_to_the_stage_that_the_invoice_was_in() -> None:
    reminded, plan = Entry(1, Stage.REMINDED, 7, FIRST, 10_000), Entry(1, Stage.PLAN, 8, SECOND, 9_000)
    paid = [(date(2026, 1, 4), 1), (FIRST, 20), (date(2026, 2, 4), 300), (SECOND, 4_000), (THIRD, -500)]

    assert collected([plan, reminded], paid) == {reminded: 320, plan: 3_500}
    assert collected([], paid) == {}


def test_of_two_stages_of_one_day_the_later_one_holds() -> None:
    plan, court = Entry(1, Stage.PLAN, 8, FIRST, 9_000), Entry(1, Stage.COURT, 9, FIRST, 9_000)

    assert collected([court, plan], [(SECOND, 100)]) == {court: 100}
