"""What each route is expected to bring: worked through by hand, and what holds for every debt."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.placements import cards
from domain.placements.routes import usual
from domain.placements.routes.calculating import Inputs, ranked, work_out
from domain.placements.routes.model import Route
from domain.shared.money import Money
from tests.support.placing import TYPICAL

percents = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)
minors = st.integers(0, 10_000_000_00)


def gbp(amount: str) -> Money:
    """So many pounds."""
    return Money.of(amount, "GBP")


AGENCY_BP = cards.rate_bp(TYPICAL, gbp("1200"), 90, again=False)
SUIT_BP = AGENCY_BP + int(TYPICAL.legal_percent * 100)


@pytest.mark.parametrize(
    ("inputs", "lines"),
    [
        # a plan: 52.1 % of 1,200.00 is 625.20, and its costs are 12.00
        (Inputs(Route.PLAN, Decimal("52.1"), 180, gbp("12")), ("0", "1200", "625.20", "0", "613.20")),
        # 20 % given up leaves 960.00, of which 52.1 % is 500.16
        (
            Inputs(Route.SETTLEMENT, Decimal("52.1"), 30, gbp("0"), given_percent=Decimal(20)),
            ("240", "960", "500.16", "0", "500.16"),
        ),
        # 69.6 % is 835.20; at 35 % the agency takes 292.32; 5.00 of costs
        (
            Inputs(Route.AGENCY, Decimal("69.6"), 180, gbp("5"), rate_bp=AGENCY_BP),
            ("0", "1200", "835.20", "292.32", "537.88"),
        ),
        # the attorney takes 35 + 10 %: 375.84; the court 80.00; 20.00 of costs
        (
            Inputs(Route.SUIT, Decimal("69.6"), 365, gbp("20"), rate_bp=SUIT_BP, court_fee=gbp("80")),
            ("0", "1200", "835.20", "375.84", "359.36"),
        ),
        (Inputs(Route.KEEP, Decimal("52.1"), 90, gbp("0")), ("0", "1200", "625.20", "0", "625.20")),
    ],
)
def test_each_route_line_by_line(inputs: Inputs, lines: tuple[str, ...]) -> None:
    worked = work_out(gbp("1200"), inputs)

    assert (worked.given_up, worked.asked, worked.comes, worked.commission, worked.net) == tuple(map(gbp, lines))


def test_halves_go_to_the_even_unit_and_those_of_a_commission_away_from_zero() -> None:
    assert work_out(gbp("0.05"), Inputs(Route.KEEP, Decimal(50), 1, gbp("0"))).comes == gbp("0.02")
    assert work_out(gbp("0.10"), Inputs(Route.AGENCY, Decimal(100), 1, gbp("0"), rate_bp=2_500)).commission == gbp(
        "0.03"
    )


def test_the_most_stands_first_and_of_the_same_what_comes_soonest() -> None:
    same = [Inputs(Route.PLAN, Decimal(50), 180, gbp("0")), Inputs(Route.KEEP, Decimal(50), 90, gbp("0"))]
    less = Inputs(Route.AGENCY, Decimal(50), 10, gbp("1"))

    order = [each.route for each in ranked(work_out(gbp("100"), each) for each in [less, *same])]

    assert order == [Route.KEEP, Route.PLAN, Route.AGENCY]


@given(minors, percents, st.integers(0, 10_000), minors, minors)
def test_where_nothing_comes_the_costs_alone_are_left(
    owed: int, given_up: Decimal, rate_bp: int, costs: int, fee: int
) -> None:
    spent = Money(costs, "GBP"), Money(fee, "GBP")
    inputs = Inputs(Route.SUIT, Decimal(0), 1, spent[0], given_percent=given_up, rate_bp=rate_bp, court_fee=spent[1])

    worked = work_out(Money(owed, "GBP"), inputs)

    assert worked.net == -(spent[0] + spent[1])
    assert not worked.comes
    assert not worked.commission


@given(minors, percents, percents, st.integers(0, 12_000), minors)
def test_the_lines_add_up_and_no_more_comes_than_is_asked_for(
    owed: int, percent: Decimal, given_up: Decimal, rate_bp: int, costs: int
) -> None:
    inputs = Inputs(Route.AGENCY, percent, 1, Money(costs, "GBP"), given_percent=given_up, rate_bp=rate_bp)

    worked = work_out(Money(owed, "GBP"), inputs)

    assert (
        worked.net == worked.owed - worked.given_up - (worked.asked - worked.comes) - worked.commission - worked.costs
    )
    assert 0 <= worked.comes.minor <= worked.asked.minor <= owed
    assert 0 <= worked.commission.minor <= worked.comes.minor
    assert abs(worked.comes.minor - worked.asked.minor * percent / 100) <= Decimal("0.5")


@given(minors, percents, percents)
def test_the_likelier_it_is_the_more_is_left(owed: int, one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))

    def net(percent: Decimal) -> Money:
        return work_out(Money(owed, "GBP"), Inputs(Route.AGENCY, percent, 1, gbp("0"), rate_bp=3_500)).net

    assert net(less) <= net(more)


@pytest.mark.parametrize(
    ("days", "now", "later"),
    [(0, "94.9", "89.9"), (89, "81.3", "69.6"), (90, "69.6", "52.1"), (364, "39.1", "22.8"), (5_000, "9.3", "9.3")],
)
def test_the_usual_figures_go_by_age(days: int, now: str, later: str) -> None:
    assert (usual.collectable(days), usual.collectable_later(days)) == (Decimal(now), Decimal(later))


@pytest.mark.parametrize(
    ("owed", "fee"),
    [
        ("300", "35"),
        ("300.01", "50"),
        ("10000", "455"),
        ("10000.01", "500"),
        ("199999.99", "9999.99"),
        ("200000.01", "10000"),
    ],
)
def test_a_court_asks_for_its_fee(owed: str, fee: str) -> None:
    assert usual.court_fee(gbp(owed), "GB") == gbp(fee)
    assert usual.court_fee(gbp(owed), "DE") is None
    assert usual.court_fee(Money.of(owed, "EUR"), "GB") is None
