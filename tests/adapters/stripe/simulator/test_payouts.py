"""Payouts: what they consist of, how they travel, fail, even once paid, and leave the balance as it should be."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.making import entries, paid, types_since


@pytest.fixture
def earned(client: stripe.StripeClient, simulator: Simulator, clock: MovableClock) -> int:
    """What is available after two payments of 50.00 EUR and a refund of one cent, in cents."""
    intent = paid(client)
    paid(client)
    simulator.settle()
    clock.advance(days=2)
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 1})
    return 2 * (5000 - 175) - 1


def test_an_automatic_payout_consists_of_what_is_linked_with_it(
    client: stripe.StripeClient, simulator: Simulator, earned: int
) -> None:
    paid(client)
    simulator.settle()

    payout = simulator.payout()[0]

    linked = client.v1.balance_transactions.list({"payout": payout["id"]}).data
    assert (payout["amount"], payout["currency"], payout["reconciliation_status"]) == (earned, "eur", "in_progress")
    assert sorted(entry.type for entry in linked) == ["charge", "charge", "payout", "refund"]
    assert sum(entry.net for entry in linked) == 0
    assert balance_of(client) == ({"eur": 0}, {"eur": 5000 - 175})
    assert simulator.payout() == []


def test_a_payout_travels_for_two_days(
    client: stripe.StripeClient, simulator: Simulator, earned: int, clock: MovableClock
) -> None:
    before = len(simulator.world.store.all("event"))
    key = simulator.payout("eur")[0]["id"]

    statuses = [client.v1.payouts.retrieve(key).status]
    for hours in (1, 47):
        clock.advance(hours=hours)
        statuses.append(client.v1.payouts.retrieve(key).status)

    assert statuses == ["pending", "in_transit", "paid"]
    assert client.v1.payouts.retrieve(key).reconciliation_status == "completed"
    assert types_since(simulator, before) == [
        "payout.created",
        "payout.updated",
        "payout.reconciliation_completed",
        "payout.paid",
    ]


def test_a_payout_can_fail_after_it_was_paid_and_goes_out_again_with_the_next(
    client: stripe.StripeClient, simulator: Simulator, earned: int
) -> None:
    key = simulator.payout()[0]["id"]
    paid_out = simulator.deliver_payout(key)
    before = len(simulator.world.store.all("event"))

    failed = simulator.fail_payout(key)

    again = simulator.payout()[0]
    assert (paid_out["status"], failed["status"], failed["failure_code"]) == ("paid", "failed", "account_closed")
    assert entries(client, "payout_reversal") == [("payout_failure", "payout_reversal", earned, 0, key)]
    assert types_since(simulator, before)[0] == "payout.failed"
    assert again["amount"] == earned
    with pytest.raises(ValueError, match="cannot fail any more"):
        simulator.fail_payout(key)


def test_an_unknown_reason_to_fail_is_refused(simulator: Simulator, earned: int) -> None:
    key = simulator.payout()[0]["id"]

    with pytest.raises(ValueError, match="no reason"):
        simulator.fail_payout(key, code="bad_mood")


def test_a_manual_payout_is_capped_and_can_be_cancelled_while_pending(
    client: stripe.StripeClient, simulator: Simulator, earned: int, clock: MovableClock
) -> None:
    payout = client.v1.payouts.create({"amount": 1000, "currency": "eur", "metadata": {"a": "b"}})
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        client.v1.payouts.create({"amount": earned - 999, "currency": "eur"})

    canceled = client.v1.payouts.cancel(payout.id)

    assert too_much.value.code == "balance_insufficient"
    assert (payout.automatic, payout.reconciliation_status) == (False, "not_applicable")
    assert canceled.status == "canceled"
    assert entries(client, "payout_reversal") == [("payout_cancel", "payout_reversal", 1000, 0, payout.id)]
    assert balance_of(client)[0] == {"eur": earned}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payouts.cancel(payout.id)


def test_after_a_manual_payout_an_automatic_one_is_over_the_rest(simulator: Simulator, earned: int) -> None:
    simulator.payout("eur", 1000, automatic=False)

    assert simulator.payout()[0]["amount"] == earned - 1000
    with pytest.raises(ValueError, match="over all"):
        simulator.payout("eur", 5)


def test_payouts_are_listed_by_status_and_day(
    client: stripe.StripeClient, simulator: Simulator, earned: int, clock: MovableClock
) -> None:
    first = simulator.payout("eur", 100, automatic=False)[0]
    clock.advance(days=3)
    second = simulator.payout("eur", 100, automatic=False)[0]

    assert [one.id for one in client.v1.payouts.list({"status": "paid"})] == [first["id"]]
    assert [one.id for one in client.v1.payouts.list({"arrival_date": {"gt": first["arrival_date"]}})] == [second["id"]]
    assert client.v1.payouts.update(first["id"], {"metadata": {"x": "y"}}).to_dict()["metadata"] == {"x": "y"}


def test_other_entries_move_the_balance_under_any_category(client: stripe.StripeClient, simulator: Simulator) -> None:
    simulator.book("topup", 10000, "EUR")
    simulator.book("fee", -250, "eur")
    simulator.book("moon_tax", -1, "eur", fee=2)

    assert entries(client, "moon_tax") == [("adjustment", "moon_tax", -1, 2, None)]
    assert [entry.net for entry in client.v1.balance_transactions.list({"type": "stripe_fee"})] == [-250]
    assert balance_of(client)[0] == {"eur": 10000 - 250 - 3}
    assert simulator.payout()[0]["amount"] == 10000 - 250 - 3


def test_some_money_is_available_at_once(client: stripe.StripeClient, simulator: Simulator) -> None:
    paid(client, payment_method="pm_card_bypassPending")
    simulator.settle()

    assert balance_of(client)[0] == {"eur": 5000 - 175}


def balance_of(client: stripe.StripeClient) -> tuple[dict[str, int], dict[str, int]]:
    """What is available, and what is pending, by currency."""
    balance: Any = client.v1.balance.retrieve()
    return tuple({part.currency: part.amount for part in parts} for parts in (balance.available, balance.pending))  # type: ignore[return-value]
