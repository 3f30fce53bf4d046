"""The balance: fees, when a charge settles, and the truth that books are compared with."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Fee, Simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.making import paid

OpenSession = Callable[..., stripe.checkout.Session]


@pytest.mark.parametrize(("amount", "fee"), [(12345, 388), (1000, 59), (50, 31), (30, 30), (99_999_999, 2_900_030)])
def test_the_fee_is_a_part_and_a_fixed_sum_and_never_more_than_the_amount(amount: int, fee: int) -> None:
    assert Fee().of(amount) == fee


def test_the_fee_rounds_half_up() -> None:
    assert Fee(percent=Decimal("1.5"), fixed=0).of(100) == 2


def test_a_charge_has_no_balance_transaction_until_it_settles(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    simulator.pay_session(open_session(client).id)
    at_first = client.v1.charges.list().data[0].balance_transaction
    unsettled = simulator.truth()

    clock.advance(seconds=2)

    charge: Any = client.v1.charges.list({"expand": ["data.balance_transaction"]}).data[0]
    transaction = charge.balance_transaction
    assert at_first is None
    assert (unsettled.net, unsettled.unsettled) == ({}, {"gbp": 12345})
    assert (transaction.amount, transaction.fee, transaction.net) == (12345, 388, 11957)
    assert (transaction.source, transaction.status) == (charge.id, "pending")
    assert transaction.available_on == charge.created + 2 * 24 * 3600


def test_a_declined_charge_never_reaches_the_balance(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    simulator.pay_session(open_session(client).id, "4000000000000002")
    clock.advance(days=3)

    assert client.v1.balance_transactions.list().data == []
    assert simulator.truth().gross == {}


def test_what_settled_is_available_two_days_later(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession, clock: MovableClock
) -> None:
    simulator.pay_session(open_session(client).id)
    simulator.settle()
    before = client.v1.balance_transactions.list().data[0].status
    clock.advance(days=2)

    assert (before, client.v1.balance_transactions.list().data[0].status) == ("pending", "available")


def test_the_truth_adds_up_by_currency(simulator: Simulator, client: stripe.StripeClient) -> None:
    for amount, currency in ((5000, "eur"), (7000, "eur"), (2000, "usd")):
        body: Any = {
            "amount": amount,
            "currency": currency,
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "metadata": {"payment": f"p{amount}"},
        }
        client.v1.payment_intents.create(body)
    simulator.settle()

    truth = simulator.truth()

    assert truth.gross == {"eur": 12000, "usd": 2000}
    assert truth.fee == {"eur": 175 + 233, "usd": 88}
    assert truth.net == {"eur": 12000 - 408, "usd": 2000 - 88}
    assert simulator.charges_by_metadata("payment") == {"p5000": 1, "p7000": 1, "p2000": 1}


def test_the_truth_tells_of_each_object(simulator: Simulator, client: stripe.StripeClient, clock: MovableClock) -> None:
    intents = [paid(client), paid(client, payment_method="pm_card_bypassPending")]
    simulator.settle()
    charges = [simulator.charge_of(intent.id) for intent in intents]
    client.v1.refunds.create({"charge": charges[0], "amount": 700})
    dispute = simulator.dispute(charges[1], 1000)["id"]
    payout = simulator.payout()[0]

    truth = simulator.truth()

    assert truth.paid == {intent.id: 5000 for intent in intents}
    assert truth.refunded == {charges[0]: 700}
    assert (truth.disputes, truth.withdrawn) == ({dispute: "needs_response"}, {dispute: -2500})
    assert (truth.payouts, truth.paid_out) == ({payout["id"]: "pending"}, {"eur": payout["amount"]})
    assert truth.net_by_category["eur"] == {
        "charge": 2 * (5000 - 175),
        "refund": -700,
        "dispute": -2500,
        "payout": -payout["amount"],
    }
    assert sum(truth.net_by_category["eur"].values()) == truth.net["eur"]
