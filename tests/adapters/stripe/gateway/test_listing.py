"""Listing: what was made since a time is named, of every kind, whether a webhook told of it or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator
from domain.payments.snapshots import ObjectKind
from domain.shared.clock import MovableClock
from tests.adapters.stripe.gateway.asking import NOON, a_refund, a_request, charge_of, paid


def test_everything_that_was_made_is_named(
    gateway: StripeGateway, simulator: Simulator, customer: str, clock: MovableClock
) -> None:
    intent = paid(gateway, simulator, customer)
    refund = gateway.open_refund(gateway.compose_refund(a_refund(intent.intent_id)), key="refund:ref1")
    warning = simulator.warn_of_fraud(charge_of(intent))["id"]
    chargeback = simulator.dispute(charge_of(paid(gateway, simulator, customer, "pay2")))["id"]
    paid(gateway, simulator, customer, "pay3")
    clock.advance(days=3)
    (payout,) = simulator.payout("gbp")

    named = {
        kind: [made.ref for made in gateway.made_since(kind, NOON)]
        for kind in (ObjectKind.REFUND, ObjectKind.FRAUD_WARNING, ObjectKind.CHARGEBACK, ObjectKind.PAYOUT)
    }
    intents = list(gateway.made_since(ObjectKind.INTENT, NOON))

    assert named == {
        ObjectKind.REFUND: [refund.refund_ref],
        ObjectKind.FRAUD_WARNING: [warning],
        ObjectKind.CHARGEBACK: [chargeback],
        ObjectKind.PAYOUT: [payout["id"]],
    }
    assert len(intents) == len(list(gateway.made_since(ObjectKind.CHECKOUT, NOON))) == 3
    assert intents[-1].ref == intent.intent_id
    assert {made.created_at for made in intents} == {NOON}


def test_what_is_older_is_left_out_but_for_what_clocks_may_differ(
    gateway: StripeGateway, customer: str, clock: MovableClock
) -> None:
    gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")
    clock.advance(minutes=10)
    later = gateway.open_checkout(gateway.compose_checkout(a_request(customer, payment="pay2")), key="pay:pay2:1")

    named = [made.ref for made in gateway.made_since(ObjectKind.CHECKOUT, NOON + timedelta(minutes=14))]

    assert named == [later.checkout_id]


def test_what_stripe_does_not_list_by_time_is_not_asked_for(gateway: StripeGateway) -> None:
    with pytest.raises(ValueError, match="never listed"):
        list(gateway.made_since(ObjectKind.METHOD, NOON))
