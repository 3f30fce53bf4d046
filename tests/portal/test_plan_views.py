"""Plan views: what is said of several payments is true of each of them."""

from __future__ import annotations

import pytest

from portal.plan_views import payments_of
from tests.support.builders import money


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ("200 200 200", "3 payments of 200.00 GBP"),
        ("128.03 128.03 128.03 128.02", "3 payments of 128.03 GBP, then 128.02 GBP"),
        ("128.03 128.03 128.02 128.02", "2 payments of 128.03 GBP, then 2 of 128.02 GBP"),
        ("50.01 50", "50.01 GBP, then 50.00 GBP"),
        ("50.01 50 50", "50.01 GBP, then 2 payments of 50.00 GBP"),
        ("50.01 50 49", "3 payments of at most 50.01 GBP"),
    ],
)
def test_several_payments_are_summed_up_as_they_are(amounts: str, said: str) -> None:
    assert str(payments_of([money(each) for each in amounts.split()])) == said
