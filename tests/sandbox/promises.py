"""What Quittance relies on at Stripe, as promises that the simulator and a real sandbox have to keep alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import stripe

from tests.adapters.stripe.simulator.making import paid

Wait = Callable[[], None]
"""Lets some time pass: the simulator's clock is moved, a sandbox is given moments."""
Promise = Callable[[stripe.StripeClient, Wait], None]
BACK = "https://example.com/back"
PATIENCE = 30


def until(found: Callable[[], Any], wait: Wait) -> Any:
    """What is found in the end; the promise is broken if nothing is."""
    for _ in range(PATIENCE):
        thing = found()
        if thing:
            return thing
        wait()
    return pytest.fail("what was promised did not happen in time")


def customer_of(client: stripe.StripeClient) -> str:
    """A fresh customer."""
    return client.v1.customers.create({"email": "ana@example.com", "metadata": {"made_by": "contract"}}).id


def session_of(client: stripe.StripeClient, **changes: Any) -> stripe.checkout.Session:
    """A Session for 123.45 EUR, as changed."""
    price = {"currency": "eur", "unit_amount": 12345, "product_data": {"name": "Invoice 1001"}}
    body: Any = {
        "mode": "payment",
        "customer": customer_of(client),
        "success_url": BACK,
        "adaptive_pricing": {"enabled": False},
        "line_items": [{"price_data": price, "quantity": 1}],
    }
    return client.v1.checkout.sessions.create(body | changes)


def a_good_card_is_charged_and_settles(client: stripe.StripeClient, wait: Wait) -> None:
    intent = paid(client, metadata={"payment": "p1"})

    def settled() -> Any:
        return client.v1.charges.retrieve(
            str(intent.latest_charge), {"expand": ["balance_transaction"]}
        ).balance_transaction

    entry = until(settled, wait)
    assert (intent.status, intent.amount_received) == ("succeeded", 5000)
    assert (entry.reporting_category, entry.type, entry.net) == ("charge", "charge", entry.amount - entry.fee)


def a_decline_is_a_402_that_names_its_reason(client: stripe.StripeClient, wait: Wait) -> None:
    with pytest.raises(stripe.CardError) as declined:
        paid(client, payment_method="pm_card_visa_chargeDeclinedInsufficientFunds")

    error: Any = declined.value.error
    assert (declined.value.http_status, error.code, error.decline_code) == (402, "card_declined", "insufficient_funds")
    assert error.payment_intent.status == "requires_payment_method"


def a_challenge_is_a_redirect_on_session_and_a_decline_off_session(client: stripe.StripeClient, wait: Wait) -> None:
    token = "pm_card_authenticationRequired"
    asked = paid(client, payment_method=token, return_url=BACK)
    with pytest.raises(stripe.CardError) as declined:
        paid(client, customer=customer_of(client), payment_method=token, off_session=True)

    assert asked.status == "requires_action"
    assert asked.next_action is not None
    assert asked.next_action.type == "redirect_to_url"
    assert declined.value.code == "authentication_required"


def a_key_is_executed_once(client: stripe.StripeClient, wait: Wait) -> None:
    key = f"contract:{uuid4()}"
    made = [client.v1.customers.create({"name": "Ana"}, {"idempotency_key": key}).id for _ in range(2)]
    with pytest.raises(stripe.IdempotencyError) as misused:
        client.v1.customers.create({"name": "Ben"}, {"idempotency_key": key})

    assert made[0] == made[1]
    assert "can only be used with the same parameters" in str(misused.value)


def an_unknown_parameter_is_refused(client: stripe.StripeClient, wait: Wait) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.raw_request("post", "/v1/customers", colour="red")

    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "colour")


def refunds_are_capped(client: stripe.StripeClient, wait: Wait) -> None:
    intent = paid(client)
    first = client.v1.refunds.create({"payment_intent": intent.id, "amount": 4000})
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 1001})
    client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as nothing_left:
        client.v1.refunds.create({"payment_intent": intent.id})

    assert first.status == "succeeded"
    assert "greater than unrefunded amount on charge" in str(too_much.value)
    assert nothing_left.value.code == "charge_already_refunded"


def a_refund_can_fail_after_it_succeeded(client: stripe.StripeClient, wait: Wait) -> None:
    refund = client.v1.refunds.create(
        {"payment_intent": paid(client, payment_method="pm_card_refundFail").id},
        {"idempotency_key": f"contract:{uuid4()}"},
    )

    def failed() -> Any:
        now = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
        return now if now.status == "failed" else None

    ended = until(failed, wait)
    assert refund.status == "succeeded"
    assert ended.failure_balance_transaction.reporting_category == "refund_failure"
    assert ended.failure_balance_transaction.amount == 5000


def a_chargeback_takes_the_money_and_forbids_refunds(client: stripe.StripeClient, wait: Wait) -> None:
    intent = paid(client, payment_method="pm_card_createDispute")
    dispute = until(lambda: client.v1.disputes.list({"payment_intent": intent.id}).data, wait)[0]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent.id})

    assert (dispute.status, dispute.amount) == ("needs_response", 5000)
    assert [entry.reporting_category for entry in dispute.balance_transactions] == ["dispute"]
    assert refused.value.code == "charge_disputed"


def a_card_is_saved_and_charged_off_session(client: stripe.StripeClient, wait: Wait) -> None:
    customer = customer_of(client)
    setup = client.v1.setup_intents.create(
        {"customer": customer, "payment_method": "pm_card_visa", "confirm": True, "return_url": BACK}
    )

    later = paid(client, customer=customer, payment_method=setup.payment_method, off_session=True)

    assert (setup.status, later.status) == ("succeeded", "succeeded")
    assert [one.id for one in client.v1.payment_methods.list({"customer": customer})] == [setup.payment_method]


def a_session_is_opened_and_closed_once(client: stripe.StripeClient, wait: Wait) -> None:
    session = session_of(client)
    expired = client.v1.checkout.sessions.expire(session.id)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)

    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (expired.status, expired.url) == ("expired", None)


def a_session_can_save_without_paying(client: stripe.StripeClient, wait: Wait) -> None:
    body: Any = {"mode": "setup", "customer": customer_of(client), "success_url": BACK}
    session = client.v1.checkout.sessions.create(
        body | {"currency": "eur", "setup_intent_data": {"metadata": {"plan": "p1"}}}
    )
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(body)

    setup = client.v1.setup_intents.retrieve(str(session.setup_intent))
    assert (session.payment_status, setup.status) == ("no_payment_required", "requires_payment_method")


def no_more_is_paid_out_than_there_is(client: stripe.StripeClient, wait: Wait) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payouts.create({"amount": 99_999_999, "currency": "eur"})

    assert refused.value.code == "balance_insufficient"


def lists_go_on_behind_a_cursor(client: stripe.StripeClient, wait: Wait) -> None:
    customer = customer_of(client)
    made = [paid(client, customer=customer, confirm=False).id for _ in range(3)]

    listed = client.v1.payment_intents.list({"customer": customer, "limit": 2})

    assert listed.has_more
    assert [intent.id for intent in listed.auto_paging_iter()] == made[::-1]


PROMISES: list[Promise] = [
    a_good_card_is_charged_and_settles,
    a_decline_is_a_402_that_names_its_reason,
    a_challenge_is_a_redirect_on_session_and_a_decline_off_session,
    a_key_is_executed_once,
    an_unknown_parameter_is_refused,
    refunds_are_capped,
    a_refund_can_fail_after_it_succeeded,
    a_chargeback_takes_the_money_and_forbids_refunds,
    a_card_is_saved_and_charged_off_session,
    a_session_is_opened_and_closed_once,
    a_session_can_save_without_paying,
    no_more_is_paid_out_than_there_is,
    lists_go_on_behind_a_cursor,
]
