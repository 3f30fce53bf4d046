"""States move along their arrows, also over states that nobody told us of, and never back."""

from __future__ import annotations

import pytest

from domain.chargebacks.states import OPEN, ChargebackState, may_become

S = ChargebackState


@pytest.mark.parametrize(
    ("before", "after"),
    [
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
    ],
)
def test_news_moves_a_state_on(before: ChargebackState, after: ChargebackState) -> None:
    assert may_become(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (S.NEEDS_RESPONSE, S.INQUIRY),
        (S.UNDER_REVIEW, S.NEEDS_RESPONSE),
        (S.WON, S.UNDER_REVIEW),
        (S.LOST, S.NEEDS_RESPONSE),
        (S.LOST, S.ACCEPTED),
        (S.ACCEPTED, S.LOST),
        (S.PREVENTED, S.WON),
        (S.WON, S.UNKNOWN),
    ],
)
def test_old_news_moves_nothing_back(before: ChargebackState, after: ChargebackState) -> None:
    assert not may_become(before, after)


def test_nothing_that_is_decided_counts_as_open() -> None:
    assert {S.WON, S.LOST, S.ACCEPTED, S.PREVENTED, S.INQUIRY_CLOSED}.isdisjoint(OPEN)
