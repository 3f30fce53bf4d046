"""Days that are typed into an answer to a bank: what no calendar has is found, and all else is let be."""

from __future__ import annotations

import pytest

from domain.chargebacks import evidence
from domain.chargebacks.typed_days import impossible_day
from domain.shared.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("31 Feb 2026", "31 Feb 2026"),
        ("31 Feb", "31 Feb"),
        ("3 March 2026, 29 February 2026", "29 February 2026"),
        ("Feb 30, 2026", "Feb 30, 2026"),
        ("31st of the month, 31st April 2026", "31st April 2026"),
        ("2026-02-30", "2026-02-30"),
        ("31/02/2026", "31/02/2026"),
        ("0 May 2026", "0 May 2026"),
    ],
)
def test_a_day_that_no_calendar_has_is_found(typed: str, found: str) -> None:
    assert impossible_day(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "29 Feb 2028",
        "29 February",
        "2 to 7 March 2026",
        "March 2026",
        "2026-11-30",
        "11/30/2026",
        "30.11.2026",
        "40 marbles, 3 Mar 2026",
        "week 12 of 2026",
    ],
)
def test_days_that_can_be_and_other_words_are_let_be(typed: str) -> None:
    assert impossible_day(typed) is None


def test_an_answer_with_such_a_day_is_refused_beside_its_field() -> None:
    with pytest.raises(Invalid, match="31 Feb") as refused:
        evidence.tidied({"shipping_date": "31 Feb", "customer_name": "Harbour"})

    assert refused.value.field == "shipping_date"
