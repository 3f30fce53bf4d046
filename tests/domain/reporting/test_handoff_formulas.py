"""What handing debts over brought: worked through by hand, and what holds for all amounts."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.reporting import handoff_formulas as formulas
from domain.shared.money import Money
from tests.support.builders import money

minors = st.integers(0, 10**12).map(lambda minor: Money(minor, "GBP"))


def test_the_figures_of_a_debt_worked_through() -> None:
    # 1,200.00 placed; 900.00 came; 315.00 of commission; 45.00 of costs
    placed, gross, commission, costs = (money(amount) for amount in ("1200", "900", "315", "45"))
    net = formulas.net(gross, commission, costs)

    assert net == money("540")
    assert formulas.recovered_percent(gross, placed) == Decimal("75.00")
    assert formulas.recovered_percent(net, placed) == Decimal("45.00")
    assert formulas.cost_per_unit(commission, costs, gross) == Decimal("0.40")
    assert formulas.mean_days([3, 4, 4]) == Decimal("3.67")


def test_what_would_divide_by_nothing_does_not_exist() -> None:
    nothing = money("0")

    assert formulas.recovered_percent(money("5"), nothing) is None
    assert formulas.cost_per_unit(money("5"), nothing, nothing) is None
    assert formulas.mean_days([]) is None


@given(minors, minors, minors)
def test_what_is_left_and_what_it_cost_are_what_came(gross: Money, commission: Money, costs: Money) -> None:
    assert formulas.net(gross, commission, costs) + commission + costs == gross


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 100))
def test_shares_do_not_depend_on_the_scale(came: int, placed: int, factor: int) -> None:
    small = formulas.recovered_percent(Money(came, "GBP"), Money(placed, "GBP"))

    assert formulas.recovered_percent(Money(came * factor, "GBP"), Money(placed * factor, "GBP")) == small
