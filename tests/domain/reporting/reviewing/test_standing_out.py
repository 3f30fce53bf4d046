"""What stands out in a review: by the thresholds that are stated, and nothing of a handful of cases."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.reporting.reviewing.standing_out import (
    CONTESTED,
    COSTLY,
    DEAR,
    LEAST,
    LITTLE,
    MOVED,
    Kind,
    Line,
    stands_out,
    vanished,
)
from domain.shared.words import Words
from tests.support.builders import money

STEP = Line(Kind.STEP, "7", Words("First reminder"), 20, money("1000"), money("400"), None, Decimal(40))
PARTNER = Line(Kind.PARTNER, "1.GBP", Words("Fair Ltd"), 9, money("900"), money("300"), money("60"), Decimal(33))


def said(line: Line, before: Line | None = None) -> list[str]:
    """The sentences about it."""
    return [str(each) for each in stands_out([line], {(before.kind, before.key): before} if before else {})]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (replace(STEP, share=LITTLE - 1), "First reminder brings little: 4% of what it asks for."),
        (replace(STEP, contested=CONTESTED), "First reminder is disputed often: 10% of its notices."),
        (replace(STEP, yearly=DEAR + 1), "First reminder costs 21% a year as interest."),
        (replace(PARTNER, cost=money("180")), "Fair Ltd keeps 60.0% of what it collects."),
    ],
)
def test_what_passes_a_threshold_is_said(line: Line, sentence: str) -> None:
    assert said(line) == [sentence]
    assert said(replace(line, count=LEAST - 1)) == []


def test_at_the_threshold_nothing_is_said_yet() -> None:
    calm = replace(STEP, share=LITTLE, contested=CONTESTED - 1, yearly=DEAR)
    assert said(calm) == []
    assert said(replace(PARTNER, cost=money("150"))) == []
    assert COSTLY == 50


def test_a_share_that_moved_is_said_either_way() -> None:
    assert said(STEP, replace(STEP, share=STEP.share and STEP.share + MOVED)) == [
        "First reminder: down from 50% to 40%."
    ]
    assert said(STEP, replace(STEP, share=Decimal(20))) == ["First reminder: up from 20% to 40%."]
    assert said(STEP, replace(STEP, share=Decimal(31))) == []
    assert said(STEP, replace(STEP, share=Decimal(20), count=LEAST - 1)) == []
    assert said(STEP, replace(STEP, share=None)) == []


def test_what_is_gone_since_the_quarter_before_is_said() -> None:
    assert [str(each) for each in vanished([], [STEP])] == [
        "First reminder: not used in these days, 20 times in those before."
    ]
    assert vanished([STEP], [STEP]) == []
    assert vanished([], [replace(STEP, count=1)]) == []
