"""Tax rates that a given tax must have been of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.receivables.tax_rates import rate_of
from tests.support.builders import money


@pytest.mark.parametrize(
    ("net", "tax", "rate"),
    [
        ("100", "20", "20"),
        ("34.12", "6.82", "20"),
        ("1000", "55", "5.5"),
        ("100", "0", "0"),
        ("0.03", "0.01", None),
        ("100", "90", None),
    ],
)
def test_the_rate_is_the_one_that_gives_that_tax_and_none_where_it_cannot_be_told(
    net: str, tax: str, rate: str | None
) -> None:
    assert rate_of(money(net), money(tax)) == (None if rate is None else Decimal(rate))
