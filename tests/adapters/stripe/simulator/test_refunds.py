"""Refunds: caps, what they do to the charge and the balance, and those that end otherwise than they began."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from adapters.stripe.simulator.errors import ApiError
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.making import entries, paid, types_since


def test_a_refund_in_part_moves_the_balance_and_the_charge(client: stripe.StripeClient, simulator: Simulator) -> None:
    intent = paid(client)
    before = len(simulator.world.store.all("event"))

    refund = client.v1.refunds.create(
        {"payment_intent": intent.id, "amount": 1500, "reason": "duplicate", "metadata": {"refund": "r1"}}
    )

    charge = client.v1.charges.list({"payment_intent": intent.id}).data[0]
    assert (refund.status, refund.amount, refund.to_dict()["metadata"]["refund"]) == ("succeeded", 1500, "r1")
    assert (charge.amount_refunded, charge.refunded) == (1500, False)
    assert entries(client, "refund") == [("refund", "refund", -1500, 0, refund.id)]
    assert types_since(simulator, before) == ["refund.created", "charge.refunded"]


def test_refunds_never_exceed_the_charge(client: stripe.StripeClient) -> None:
    intent = paid(client)
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 4000})

    with pytest.raises(stripe.InvalidRequestError) as too_much:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 1001})
    client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as nothing_left:
        client.v1.refunds.create({"payment_intent": intent.id})

    assert "Refund amount (€10.01) is greater than unrefunded amount on charge (€10.00)" in str(too_much.value)
    assert nothing_left.value.code == "charge_already_refunded"
    assert client.v1.charges.list().data[0].refunded


@pytest.mark.parametrize("body", [{}, {"charge": "ch_none"}, {"payment_intent": "pi_none"}, {"amount": 5}])
def test_a_refund_of_nothing_is_refused(client: stripe.StripeClient, body: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create(body)


def test_a_refund_of_no_success_or_of_no_amount_is_refused(client: stripe.StripeClient) -> None:
    waiting = paid(client, confirm=False)
    intent = paid(client)

    for body in ({"payment_intent": waiting.id}, {"payment_intent": intent.id, "amount": 0}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create(body)  # type: ignore[arg-type]

    assert client.v1.refunds.list().data == []


def test_a_refund_under_one_key_is_made_once(client: stripe.StripeClient) -> None:
    intent = paid(client)

    made = [
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 100}, {"idempotency_key": "r"}).id
        for _ in range(2)
    ]

    assert made[0] == made[1]
    assert len(client.v1.refunds.list().data) == 1


def test_a_refund_that_succeeded_can_fail_later(
    client: stripe.StripeClient, simulator: Simulator, clock: MovableClock
) -> None:
    intent = paid(client, payment_method="pm_card_refundFail")
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    before = len(simulator.world.store.all("event"))

    clock.advance(days=1)

    failed = client.v1.refunds.retrieve(refund.id)
    assert (refund.status, failed.status, failed.failure_reason) == ("succeeded", "failed", "lost_or_stolen_card")
    assert entries(client, "refund_failure") == [("refund_failure", "refund_failure", 5000, 0, refund.id)]
    assert client.v1.charges.list().data[0].amount_refunded == 0
    assert {"refund.updated", "refund.failed"} <= set(types_since(simulator, before))


def test_a_pending_refund_succeeds_a_day_later(
    client: stripe.StripeClient, simulator: Simulator, clock: MovableClock
) -> None:
    intent = paid(client, payment_method="pm_card_pendingRefund")
    refund = client.v1.refunds.create({"payment_intent": intent.id})

    clock.advance(days=1)

    assert (refund.status, client.v1.refunds.retrieve(refund.id).status) == ("pending", "succeeded")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.cancel(refund.id)


def test_a_pending_refund_can_be_cancelled_and_its_money_is_back(client: stripe.StripeClient) -> None:
    intent = paid(client, payment_method="pm_card_pendingRefund")
    refund = client.v1.refunds.create({"payment_intent": intent.id})

    canceled = client.v1.refunds.cancel(refund.id)

    assert canceled.status == "canceled"
    assert sum(entry[2] for entry in entries(client, "refund") + entries(client, "refund_failure")) == 0
    assert client.v1.refunds.create({"payment_intent": intent.id}).amount == 5000


def test_a_refund_of_the_dashboard_bears_no_metadata_and_can_be_made_to_fail_once(
    client: stripe.StripeClient, simulator: Simulator
) -> None:
    charge = simulator.charge_of(paid(client).id)

    refund = simulator.refund(charge, 2000)
    failed = simulator.fail_refund(refund["id"], reason="expired_or_canceled_card")

    assert (refund["metadata"], refund["amount"]) == ({}, 2000)
    assert (failed["status"], failed["failure_reason"]) == ("failed", "expired_or_canceled_card")
    with pytest.raises(ValueError, match="cannot fail any more"):
        simulator.fail_refund(refund["id"])
    with pytest.raises(ApiError, match="greater than unrefunded amount"):
        simulator.refund(charge, 5001)


def test_refunds_are_listed_by_charge_and_their_metadata_changed(client: stripe.StripeClient) -> None:
    first, second = paid(client), paid(client)
    refund = client.v1.refunds.create({"payment_intent": first.id, "amount": 1})
    client.v1.refunds.create({"payment_intent": second.id, "amount": 2})

    changed = client.v1.refunds.update(refund.id, {"metadata": {"case": "7"}})

    assert changed.to_dict()["metadata"]["case"] == "7"
    assert [one.amount for one in client.v1.refunds.list({"payment_intent": first.id})] == [1]
    assert [one.amount for one in client.v1.refunds.list({"created": {"gte": refund.created}})] == [2, 1]
