"""Checkouts: pages to pay on, and every way in which Stripe can fail us."""

from __future__ import annotations

import pytest

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Fault, Simulator
from domain.payments.processor import ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.snapshots import CheckoutState, IntentState
from tests.adapters.stripe.gateway.asking import NOON, a_request, a_setup
from tests.support.builders import money

SESSIONS = "/v1/checkout/sessions"


def test_a_session_opens_once_under_one_key_and_bears_our_marks(gateway: StripeGateway, customer: str) -> None:
    body = gateway.compose_checkout(a_request(customer))

    first = gateway.open_checkout(body, key="pay:pay1:1")
    again = gateway.open_checkout(body, key="pay:pay1:1")

    assert first == again
    assert (first.payment_id, first.installation, first.state) == ("pay1", "here", CheckoutState.OPEN)
    assert first.url is not None


def test_the_payer_is_never_charged_in_another_currency(gateway: StripeGateway, customer: str) -> None:
    assert gateway.compose_checkout(a_request(customer))["adaptive_pricing"] == {"enabled": False}


def test_the_same_key_with_another_body_settles_nothing(gateway: StripeGateway, customer: str) -> None:
    gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")

    with pytest.raises(ProcessorConfused):
        gateway.open_checkout(gateway.compose_checkout(a_request(customer, amount=money("9.99"))), key="pay:pay1:1")


def test_a_paid_session_is_seen_with_its_intent_charge_and_fee(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    opened = gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")

    simulator.pay_session(opened.checkout_id)
    simulator.settle()
    paid = gateway.checkout(opened.checkout_id)
    intent = gateway.intent(paid.intent_id or "")

    assert paid.state is CheckoutState.COMPLETE
    assert intent.state is IntentState.SUCCEEDED
    assert (intent.payment_id, intent.installation, intent.amount) == ("pay1", "here", money("12.50"))
    assert intent.account_id == 7
    assert intent.charge is not None
    assert intent.charge.succeeded
    assert intent.charge.means == "Visa •••• 4242"
    assert intent.charge.movement is not None
    assert intent.charge.movement.category == "charge"
    assert intent.charge.movement.amount == money("12.50")
    assert intent.charge.movement.fee > money("0")
    assert gateway.charge(intent.charge.charge_id) == intent.charge


def test_before_it_is_settled_a_charge_has_no_movement(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    opened = gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")

    simulator.pay_session(opened.checkout_id)
    intent = gateway.intent(gateway.checkout(opened.checkout_id).intent_id or "")

    assert intent.charge is not None
    assert intent.charge.movement is None


@pytest.mark.parametrize(
    ("card", "words"),
    [
        ("4000000000000002", "did not say why"),
        ("4000000000009995", "not enough money"),
        ("4000000000000069", "expired"),
        ("4000000000000127", "security code"),
        ("4000000000000119", "at the bank"),
    ],
)
def test_a_decline_is_told_in_plain_words_and_the_session_stays_open(
    gateway: StripeGateway, simulator: Simulator, customer: str, card: str, words: str
) -> None:
    opened = gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")

    simulator.pay_session(opened.checkout_id, card=card)
    session = gateway.checkout(opened.checkout_id)
    intent = gateway.intent(session.intent_id or "")

    assert session.state is CheckoutState.OPEN
    assert intent.state is IntentState.WAITING
    assert words in (intent.failure or "")


def test_closing_a_session_frees_it_and_closing_a_paid_one_says_that_it_is_paid(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    left = gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")
    paid = gateway.open_checkout(gateway.compose_checkout(a_request(customer, payment="pay2")), key="pay:pay2:1")
    simulator.pay_session(paid.checkout_id)

    assert gateway.expire_checkout(left.checkout_id).state is CheckoutState.EXPIRED
    assert gateway.expire_checkout(left.checkout_id).state is CheckoutState.EXPIRED
    assert gateway.expire_checkout(paid.checkout_id).state is CheckoutState.COMPLETE


def test_a_connection_that_is_cut_again_and_again_leaves_the_outcome_unknown_and_one_session(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    body = gateway.compose_checkout(a_request(customer))
    simulator.order_fault(Fault("cut", "POST", SESSIONS, times=3))

    with pytest.raises(ProcessorUnreachable):
        gateway.open_checkout(body, key="pay:pay1:1")
    found = gateway.find_checkout(customer, "pay1", since=NOON)
    repeated = gateway.open_checkout(body, key="pay:pay1:1")

    assert found == repeated


def test_a_connection_that_is_cut_once_is_mended_by_the_library(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    simulator.order_fault(Fault("cut", "POST", SESSIONS))

    opened = gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")

    assert opened.state is CheckoutState.OPEN


def test_a_saved_500_is_confusion_and_only_looking_helps(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    body = gateway.compose_checkout(a_request(customer))
    simulator.order_fault(Fault("answer", "POST", SESSIONS, status=500))

    for _ in range(2):
        with pytest.raises(ProcessorConfused):
            gateway.open_checkout(body, key="pay:pay1:1")

    found = gateway.find_checkout(customer, "pay1", since=NOON)
    assert found is not None
    assert found.payment_id == "pay1"


def test_too_many_requests_leave_the_way_open_for_the_same_key(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    body = gateway.compose_checkout(a_request(customer))
    simulator.order_fault(Fault("answer", "POST", SESSIONS, status=429))

    with pytest.raises(ProcessorUnreachable) as caught:
        gateway.open_checkout(body, key="pay:pay1:1")

    assert not isinstance(caught.value, ProcessorConfused)
    assert gateway.open_checkout(body, key="pay:pay1:1").state is CheckoutState.OPEN


def test_what_stripe_will_not_do_is_refused_for_good(gateway: StripeGateway, customer: str) -> None:
    body = gateway.compose_checkout(a_request(customer, amount=money("0.01")))

    with pytest.raises(ProcessorRefused, match="No money has moved"):
        gateway.open_checkout(body, key="pay:pay1:1")


def test_a_session_of_another_payment_is_not_taken_for_ours(gateway: StripeGateway, customer: str) -> None:
    gateway.open_checkout(gateway.compose_checkout(a_request(customer)), key="pay:pay1:1")

    assert gateway.find_checkout(customer, "pay2", since=NOON) is None


def test_more_lines_than_stripe_takes_are_put_together_and_add_up(gateway: StripeGateway, customer: str) -> None:
    body = gateway.compose_checkout(a_request(customer, amount=money("1.00"), lines=250))

    assert len(body["line_items"]) == 100
    assert sum(line["price_data"]["unit_amount"] for line in body["line_items"]) == 25_000


def test_stripe_that_is_not_there_is_unreachable() -> None:
    gateway = StripeGateway("sk_test_simulated", api_url="http://127.0.0.1:9", retries=0)

    with pytest.raises(ProcessorUnreachable):
        gateway.intent("pi_1")
    gateway.close()


def test_a_method_is_kept_only_where_the_payer_agreed(gateway: StripeGateway, customer: str) -> None:
    without = gateway.compose_checkout(a_request(customer))["payment_intent_data"]
    agreed = gateway.compose_checkout(a_request(customer, save=True))["payment_intent_data"]

    assert "setup_future_usage" not in without
    assert agreed == {**without, "setup_future_usage": "off_session"}


def test_which_means_of_payment_a_page_offers_is_left_to_stripes_dashboard(
    gateway: StripeGateway, customer: str
) -> None:
    for body in (gateway.compose_checkout(a_request(customer)), gateway.compose_setup(a_setup(customer))):
        assert not [name for name in body if name.endswith("payment_method_types")]


def test_a_page_that_only_keeps_a_method_is_found_again_by_our_mark(gateway: StripeGateway, customer: str) -> None:
    opened = gateway.open_checkout(gateway.compose_setup(a_setup(customer)), key="setup:set1")

    assert (opened.setup_id, opened.payment_id, opened.state) == ("set1", None, CheckoutState.OPEN)
    assert gateway.find_setup(customer, "set1", since=NOON) == opened
    assert gateway.find_setup(customer, "set2", since=NOON) is None
