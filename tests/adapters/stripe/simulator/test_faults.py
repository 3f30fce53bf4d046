"""Bad luck over a real socket: connections that break after the act, calls that hang, answers that are errors."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Fault, Simulator
from tests.adapters.stripe.simulator.conftest import KEY
from tests.support.waiting import IMPATIENT, PATIENT

BODY: Any = {
    "amount": 5000,
    "currency": "eur",
    "payment_method": "pm_card_visa",
    "allowed_payment_method_types": ["card"],
    "confirm": True,
    "metadata": {"payment": "p3"},
}


def once_only(live: Simulator, *, time_out: float) -> Iterator[stripe.StripeClient]:
    """The SDK without retries."""
    web = stripe.RequestsClient(timeout=time_out)
    yield stripe.StripeClient(KEY, base_addresses={"api": live.public_url}, http_client=web)
    web.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def patient(live: Simulator) -> Iterator[stripe.StripeClient]:
    """One that waits for an answer."""
    yield from once_only(live, time_out=PATIENT)


@pytest.fixture
def impatient(live: Simulator) -> Iterator[stripe.StripeClient]:
    """One that does not wait long."""
    yield from once_only(live, time_out=IMPATIENT)


def test_a_connection_cut_after_the_act_has_charged_once_and_the_same_key_finds_out(
    live: Simulator, patient: stripe.StripeClient
) -> None:
    live.order_fault(Fault("cut", "POST", "/v1/payment_intents"))

    with pytest.raises(stripe.APIConnectionError):
        patient.v1.payment_intents.create(BODY, {"idempotency_key": "pay:3:1"})
    charged = live.charges_by_metadata("payment")
    found = patient.v1.payment_intents.create(BODY, {"idempotency_key": "pay:3:1"})

    assert charged == {"p3": 1}
    assert found.status == "succeeded"
    assert live.charges_by_metadata("payment") == {"p3": 1}


def test_a_connection_cut_before_the_act_has_done_nothing(live: Simulator, patient: stripe.StripeClient) -> None:
    live.order_fault(Fault("cut", "POST", "/v1/payment_intents", executes=False))

    with pytest.raises(stripe.APIConnectionError):
        patient.v1.payment_intents.create(BODY, {"idempotency_key": "pay:3:1"})

    assert live.charges_by_metadata("payment") == {}
    assert patient.v1.payment_intents.create(BODY, {"idempotency_key": "pay:3:1"}).status == "succeeded"


def test_the_libraries_own_retry_survives_a_cut(live: Simulator, live_client: stripe.StripeClient) -> None:
    live.order_fault(Fault("cut", "POST", "/v1/payment_intents"))

    intent = live_client.v1.payment_intents.create(BODY)

    assert intent.status == "succeeded"
    assert live.charges_by_metadata("payment") == {"p3": 1}


def test_while_a_call_hangs_its_key_is_busy_and_afterwards_it_has_acted_once(
    live: Simulator, patient: stripe.StripeClient, impatient: stripe.StripeClient
) -> None:
    fault = live.order_fault(Fault("stall", "POST", "/v1/payment_intents"))

    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(impatient.v1.payment_intents.create, BODY, {"idempotency_key": "pay:3:1"})
        assert fault.reached.wait(PATIENT)
        with pytest.raises(stripe.APIError) as busy:
            patient.v1.payment_intents.create(BODY, {"idempotency_key": "pay:3:1"})
        with pytest.raises(stripe.APIConnectionError):
            hanging.result()
    live.faults.release()
    assert fault.over.wait(PATIENT)

    error: Any = busy.value.error
    assert (busy.value.http_status, error.code) == (409, "idempotency_key_in_use")
    assert patient.v1.payment_intents.create(BODY, {"idempotency_key": "pay:3:1"}).status == "succeeded"
    assert live.charges_by_metadata("payment") == {"p3": 1}


def test_a_fault_befalls_only_the_calls_that_fit_and_only_so_often(
    simulator: Simulator, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({})
    simulator.order_fault(Fault("answer", "GET", "/v1/customers/*", status=503, times=2))

    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.customers.retrieve(customer.id)

    assert client.v1.customers.list().data[0].id == customer.id
    assert client.v1.customers.retrieve(customer.id).id == customer.id


def test_a_fault_that_would_be_no_error_is_refused(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="400 or above"):
        simulator.order_fault(Fault("answer", "GET", "/v1/customers", status=200))
