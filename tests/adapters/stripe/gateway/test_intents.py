"""Intents: payments from a saved method, declined, asked about, repeated, tried again and ended."""

from __future__ import annotations

import pytest

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Fault, Simulator
from domain.payments.processor import ProcessorConfused, ProcessorLacks, ProcessorRefused, ProcessorUnreachable
from domain.payments.snapshots import IntentState
from tests.adapters.stripe.gateway.asking import NOON, a_request, a_saved, charge_of, kept
from tests.support.builders import money

INTENTS = "/v1/payment_intents"
ASKS_ALWAYS = "4000002760003184"
DECLINES_LATER = "4000000000000341"


def test_one_press_takes_the_money_once_under_one_key(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    body = gateway.compose_saved(a_saved(customer, kept(gateway, simulator, customer)))

    first = gateway.pay_saved(body, key="pay:pay1:1")
    again = gateway.pay_saved(body, key="pay:pay1:1")

    assert first == again
    assert (first.state, first.amount, first.failure) == (IntentState.SUCCEEDED, money("12.50"), None)
    assert (first.payment_id, first.installation, first.account_id) == ("pay1", "here", 7)
    assert simulator.charges_by_metadata("payment") == {"pay1": 1}


def test_a_decline_is_an_intent_that_waits_and_says_why(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    body = gateway.compose_saved(a_saved(customer, kept(gateway, simulator, customer, DECLINES_LATER)))

    declined = gateway.pay_saved(body, key="pay:pay1:1")

    assert (declined.state, declined.failure_code) == (IntentState.WAITING, "generic_decline")
    assert "did not say why" in (declined.failure or "")


def test_a_decline_that_is_repeated_is_answered_as_the_intent_stands_by_then(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    body = gateway.compose_saved(a_saved(customer, kept(gateway, simulator, customer, DECLINES_LATER)))
    declined = gateway.pay_saved(body, key="pay:pay1:1")
    gateway.cancel_intent(declined.intent_id)

    repeated = gateway.pay_saved(body, key="pay:pay1:1")

    assert (repeated.intent_id, repeated.state) == (declined.intent_id, IntentState.CANCELED)


@pytest.mark.parametrize("passed", [True, False])
def test_the_banks_question_has_an_address_and_an_answer(
    gateway: StripeGateway, simulator: Simulator, customer: str, passed: bool
) -> None:
    body = gateway.compose_saved(a_saved(customer, kept(gateway, simulator, customer, ASKS_ALWAYS)))

    asked = gateway.pay_saved(body, key="pay:pay1:1")
    simulator.answer_bank(asked.intent_id, passed=passed)
    answered = gateway.intent(asked.intent_id)

    assert asked.state is IntentState.REQUIRES_ACTION
    assert (asked.confirm_url or "").startswith("http://127.0.0.1:1/3ds/")
    assert answered.confirm_url is None
    assert answered.state is (IntentState.SUCCEEDED if passed else IntentState.WAITING)
    assert (answered.failure is None) is passed


def test_without_anybody_there_a_question_is_a_decline_that_says_so(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    method = kept(gateway, simulator, customer, ASKS_ALWAYS)

    declined = gateway.pay_saved(gateway.compose_saved(a_saved(customer, method, return_url=None)), key="pay:pay1:1")

    assert (declined.state, declined.confirm_url) == (IntentState.WAITING, None)
    assert declined.failure_code == "authentication_required"


def test_a_decline_may_be_tried_again_with_another_method_on_the_same_intent(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    bad = kept(gateway, simulator, customer, DECLINES_LATER)
    declined = gateway.pay_saved(gateway.compose_saved(a_saved(customer, bad, return_url=None)), key="pay:pay1:1")
    body = {"payment_method": "pm_card_visa", "off_session": True}

    tried = gateway.confirm_intent(declined.intent_id, body, key="pay:pay1:2")
    repeated = gateway.confirm_intent(declined.intent_id, body, key="pay:pay1:2")
    too_late = gateway.confirm_intent(declined.intent_id, body, key="pay:pay1:3")

    assert [tried.state, repeated.state, too_late.state] == [IntentState.SUCCEEDED] * 3
    assert {tried.intent_id, repeated.intent_id, too_late.intent_id} == {declined.intent_id}
    assert simulator.charges_by_metadata("payment") == {"pay1": 1}


def test_a_second_decline_is_told_like_the_first(gateway: StripeGateway, simulator: Simulator, customer: str) -> None:
    bad = kept(gateway, simulator, customer, DECLINES_LATER)
    declined = gateway.pay_saved(gateway.compose_saved(a_saved(customer, bad, return_url=None)), key="pay:pay1:1")

    again = gateway.confirm_intent(
        declined.intent_id,
        {"payment_method": "pm_card_visa_chargeDeclinedInsufficientFunds", "off_session": True},
        key="pay:pay1:2",
    )

    assert (again.state, again.failure_code) == (IntentState.WAITING, "insufficient_funds")


def test_an_intent_is_ended_for_good_unless_it_was_paid(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    method = kept(gateway, simulator, customer, ASKS_ALWAYS)
    waiting = gateway.pay_saved(gateway.compose_saved(a_saved(customer, method)), key="pay:pay1:1")
    through = gateway.pay_saved(gateway.compose_saved(a_saved(customer, method, payment="pay2")), key="pay:pay2:1")
    simulator.answer_bank(through.intent_id, passed=True)

    assert gateway.cancel_intent(waiting.intent_id).state is IntentState.CANCELED
    assert gateway.cancel_intent(waiting.intent_id).state is IntentState.CANCELED
    assert gateway.cancel_intent(through.intent_id).state is IntentState.SUCCEEDED


def test_an_answer_that_was_lost_is_found_by_our_mark_with_its_money(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    body = gateway.compose_saved(a_saved(customer, kept(gateway, simulator, customer)))
    simulator.order_fault(Fault("cut", "POST", INTENTS, times=3))

    with pytest.raises(ProcessorUnreachable):
        gateway.pay_saved(body, key="pay:pay1:1")
    simulator.settle()
    found = gateway.find_intent(customer, "pay1", since=NOON)

    assert found is not None
    assert found.charge is not None
    assert found.charge.movement is not None
    assert gateway.find_intent(customer, "pay2", since=NOON) is None
    assert gateway.pay_saved(body, key="pay:pay1:1").intent_id == found.intent_id


def test_a_saved_500_settles_nothing(gateway: StripeGateway, simulator: Simulator, customer: str) -> None:
    body = gateway.compose_saved(a_saved(customer, kept(gateway, simulator, customer)))
    simulator.order_fault(Fault("answer", "POST", INTENTS, status=500))

    for _ in range(2):
        with pytest.raises(ProcessorConfused):
            gateway.pay_saved(body, key="pay:pay1:1")

    assert gateway.find_intent(customer, "pay1", since=NOON) is not None


def test_a_method_that_is_not_theirs_is_refused_for_good(gateway: StripeGateway, customer: str) -> None:
    with pytest.raises(ProcessorRefused, match="No money has moved"):
        gateway.pay_saved(gateway.compose_saved(a_saved(customer, "pm_never")), key="pay:pay1:1")


def test_what_stripe_does_not_know_is_lacking(gateway: StripeGateway) -> None:
    for look in (gateway.intent, gateway.charge, gateway.cancel_intent):
        with pytest.raises(ProcessorLacks):
            look("pi_never")


@pytest.mark.parametrize(
    ("account", "state", "words"),
    [("00012345", IntentState.SUCCEEDED, ""), ("33333335", IntentState.WAITING, "had not been agreed to")],
)
def test_a_bank_debit_is_on_its_way_until_the_bank_has_answered(
    gateway: StripeGateway, simulator: Simulator, customer: str, account: str, state: IntentState, words: str
) -> None:
    opened = gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")
    simulator.pay_session_by_debit(opened.checkout_id, account)
    pending = gateway.intent(gateway.checkout(opened.checkout_id).intent_id or "")

    simulator.answer_debit(charge_of(pending), failure="debit_not_authorized" if words else None)
    answered = gateway.intent(pending.intent_id)

    assert pending.state is IntentState.PROCESSING
    assert pending.charge is not None
    assert not pending.charge.succeeded
    assert pending.charge.means == f"Bacs Direct Debit •••• {account[-4:]}"
    assert (answered.state, words in (answered.failure or "")) == (state, True)
