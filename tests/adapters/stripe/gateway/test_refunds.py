"""Refunds: sent once, found again, failed later, and made by others."""

from __future__ import annotations

import pytest

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Fault, Simulator
from domain.payments.processor import ProcessorLacks, ProcessorRefused, ProcessorUnreachable
from domain.payments.snapshots import RefundState
from tests.adapters.stripe.gateway.asking import a_refund, charge_of, paid
from tests.support.builders import money

REFUNDS = "/v1/refunds"


def test_money_goes_back_once_under_one_key_and_bears_our_marks(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)
    body = gateway.compose_refund(a_refund(intent.intent_id))

    first = gateway.open_refund(body, key="refund:ref1")
    again = gateway.open_refund(body, key="refund:ref1")

    assert first == again == gateway.refund(first.refund_ref)
    assert (first.refund_id, first.installation, first.intent_id) == ("ref1", "here", intent.intent_id)
    assert (first.state, first.amount, first.failure) == (RefundState.SUCCEEDED, money("2.50"), None)
    assert first.charge_id == charge_of(intent)
    assert first.movement is not None
    assert (first.movement.category, first.movement.amount) == ("refund", -money("2.50"))
    assert (first.movement.source_ref, first.failure_movement) == (first.refund_ref, None)


def test_more_than_was_paid_is_refused(gateway: StripeGateway, simulator: Simulator, customer: str) -> None:
    intent = paid(gateway, simulator, customer)

    with pytest.raises(ProcessorRefused, match="No money has moved"):
        gateway.open_refund(gateway.compose_refund(a_refund(intent.intent_id, "12.51")), key="refund:ref1")


def test_a_refund_that_comes_back_has_a_reason_and_a_second_movement(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)
    sent = gateway.open_refund(gateway.compose_refund(a_refund(intent.intent_id)), key="refund:ref1")

    simulator.fail_refund(sent.refund_ref, reason="expired_or_canceled_card")
    failed = gateway.refund(sent.refund_ref)

    assert failed.state is RefundState.FAILED
    assert "expired or was closed" in (failed.failure or "")
    assert failed.failure_movement is not None
    assert (failed.failure_movement.category, failed.failure_movement.amount) == ("refund_failure", money("2.50"))
    assert failed.movement == sent.movement


def test_an_answer_that_was_lost_is_found_by_our_mark(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)
    body = gateway.compose_refund(a_refund(intent.intent_id))
    simulator.order_fault(Fault("cut", "POST", REFUNDS, times=3))

    with pytest.raises(ProcessorUnreachable):
        gateway.open_refund(body, key="refund:ref1")

    found = gateway.find_refund("ref1", intent_id=intent.intent_id, charge_id=None)
    assert found == gateway.open_refund(body, key="refund:ref1")
    assert gateway.find_refund("ref2", intent_id=intent.intent_id, charge_id=None) is None


def test_what_came_without_an_intent_that_we_know_is_refunded_by_its_charge(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)
    charge = charge_of(intent)

    sent = gateway.open_refund(gateway.compose_refund(a_refund(None, charge=charge)), key="refund:ref1")

    assert (sent.state, sent.charge_id, sent.intent_id) == (RefundState.SUCCEEDED, charge, intent.intent_id)
    assert gateway.find_refund("ref1", intent_id=None, charge_id=charge) == sent


def test_a_refund_made_at_stripes_dashboard_bears_no_mark_of_ours(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)

    made = gateway.refund(simulator.refund(charge_of(intent), 100)["id"])

    assert (made.refund_id, made.installation, made.intent_id) == (None, None, intent.intent_id)
    assert made.amount == money("1.00")


def test_a_refund_that_stripe_does_not_know_is_lacking(gateway: StripeGateway) -> None:
    with pytest.raises(ProcessorLacks):
        gateway.refund("re_never")
