"""Balance: movements without a source, in another currency, of payouts in states that we do not know."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import stripe

from adapters.stripe.mapping.balance import movement_of, payout_snapshot
from adapters.stripe.mapping.reading import UnknownAnswer
from domain.payments.snapshots import PayoutState
from domain.shared.money import Money
from tests.support.builders import money

MOVEMENT: dict[str, Any] = {
    "id": "txn_1",
    "object": "balance_transaction",
    "amount": -1250,
    "available_on": 1_773_792_000,
    "created": 1_773_662_400,
    "currency": "gbp",
    "fee": 20,
    "reporting_category": "fee",
    "source": None,
}

PAYOUT: dict[str, Any] = {
    "id": "po_1",
    "object": "payout",
    "amount": 1250,
    "arrival_date": 1_773_792_000,
    "automatic": False,
    "balance_transaction": MOVEMENT,
    "created": 1_773_662_400,
    "currency": "gbp",
    "failure_balance_transaction": None,
    "failure_code": None,
    "reconciliation_status": "not_applicable",
    "status": "in_transit",
}


def test_a_movement_without_a_source_has_an_empty_name_of_one() -> None:
    movement = movement_of(stripe.BalanceTransaction.construct_from(MOVEMENT, None))

    assert (movement.source_ref, movement.category) == ("", "fee")
    assert (movement.amount, movement.fee, movement.available_on) == (-money("12.50"), money("0.20"), date(2026, 3, 18))


def test_a_movement_is_in_the_currency_in_which_it_settled() -> None:
    yen = stripe.BalanceTransaction.construct_from({**MOVEMENT, "currency": "jpy", "amount": 1250, "fee": 0}, None)

    assert movement_of(yen).amount == Money(1250, "JPY")


def test_a_payout_by_hand_is_never_complete() -> None:
    payout = payout_snapshot(stripe.Payout.construct_from(PAYOUT, None))

    assert (payout.state, payout.automatic, payout.complete) == (PayoutState.IN_TRANSIT, False, False)
    assert (payout.arrives_on, payout.failure) == (date(2026, 3, 18), None)
    assert payout.movement is not None


def test_a_failure_that_we_have_no_words_for_still_says_what_to_do() -> None:
    failed = stripe.Payout.construct_from({**PAYOUT, "status": "failed", "failure_code": "gremlins"}, None)

    assert "Check the bank account" in (payout_snapshot(failed).failure or "")


def test_a_state_of_a_payout_that_we_do_not_know_is_for_a_person() -> None:
    with pytest.raises(UnknownAnswer, match="po_1"):
        payout_snapshot(stripe.Payout.construct_from({**PAYOUT, "status": "teleported"}, None))
