"""States move along their arrows, also over states that nobody told us of, and never back."""

from __future__ import annotations

import pytest

from domain.chargebacks.states import OPEN, ChargebackState, may_become

S = ChargebackState


ON = [
    (S.INQUIRY, S.INQUIRY_CLOSED),
    (S.INQUIRY, S.LOST),
    (S.INQUIRY_CLOSED, S.NEEDS_RESPONSE),
    (S.NEEDS_RESPONSE, S.WON),
    (S.NEEDS_RESPONSE, S.ACCEPTED),
    (S.WON, S.APPEAL),
    (S.WON, S.LOST),
    (S.LOST, S.WON),
    (S.ACCEPTED, S.PREVENTED),
    (S.UNKNOWN, S.UNDER_REVIEW),
]
BACK = [
    (S.NEEDS_RESPONSE, S.INQUIRY),
    (S.UNDER_REVIEW, S.NEEDS_RESPONSE),
    (S.WON, S.UNDER_REVIEW),
    (S.LOST, S.NEEDS_RESPONSE),
    (S.LOST, S.ACCEPTED),
    (S.ACCEPTED, S.LOST),
    (S.PREVENTED, S.WON),
    (S.WON, S.UNKNOWN),
]


@pytest.mark.parametrize(
    ("before", "after", "moves"), [*((*step, True) for step in ON), *((*step, False) for step in BACK)]
)
def test_news_moves_a_state_on_and_old_news_never_back(
    before: ChargebackState, after: ChargebackState, moves: bool
) -> None:
    assert may_become(before, after) is moves


def test_nothing_that_is_decided_counts_as_open() -> None:
    assert {S.WON, S.LOST, S.ACCEPTED, S.PREVENTED, S.INQUIRY_CLOSED}.isdisjoint(OPEN)
