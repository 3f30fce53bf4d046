"""The contract with the SDK: what each address takes is what it declares, and so is all that is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
import stripe
from typing_extensions import is_typeddict

from adapters.stripe.simulator import Simulator, params
from adapters.stripe.simulator.route import Route
from adapters.stripe.simulator.routes import ROUTES, find
from tests.adapters.stripe.simulator import busy
from tests.adapters.stripe.simulator.conftest import KEY
from tests.adapters.stripe.simulator.declared import calls
from tests.adapters.stripe.simulator.recording import Recorder
from tests.adapters.stripe.simulator.shapes import problems
from tests.adapters.stripe.simulator.walking import SHAPES, wrong

OpenSession = Callable[..., stripe.checkout.Session]


@pytest.fixture
def recorder(simulator: Simulator) -> Recorder:
    """What was answered during a busy day."""
    made = Recorder(simulator.http_client())
    busy.day(simulator, stripe.StripeClient(KEY, http_client=made))
    return made


def test_every_answer_of_a_busy_day_has_the_declared_shape(recorder: Recorder) -> None:
    answers = [answered for answered in recorder.answers if answered.status == 200]

    found = [problem for answered in answers for problem in wrong(answered)]

    print(f"{len(answers)} answers of {len(ROUTES)} addresses walked")
    assert found == []


def test_a_busy_day_calls_at_every_address(recorder: Recorder) -> None:
    called = {find(answered.method, answered.path)[0].path for answered in recorder.answers if answered.status == 200}

    assert {route.path for route in ROUTES} - called == set()


def test_what_is_kept_and_what_events_carry_has_the_declared_shape(simulator: Simulator, recorder: Recorder) -> None:
    kept = [thing for kind in SHAPES for thing in simulator.world.store.all(kind)]
    carried = [event["data"]["object"] for event in simulator.world.store.all("event")]

    found = [f"{thing['object']}{p}" for thing in kept + carried for p in problems(thing, SHAPES[thing["object"]])]

    assert found == []


def test_every_event_that_the_endpoint_gets_is_one_that_the_sdk_knows(simulator: Simulator) -> None:
    events = params.fields_of(stripe.params.WebhookEndpointCreateParams)["enabled_events"]
    known = set(get_args(get_args(events)[0]))

    assert simulator.world.subscribed - known == set()


def test_a_busy_day_meets_every_event_that_the_endpoint_gets(simulator: Simulator, recorder: Recorder) -> None:
    met = {event["type"] for event in simulator.world.store.all("event")}

    assert simulator.world.subscribed - met == set()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_an_address_takes_the_parameters_that_the_sdk_declares_for_it(route: Route) -> None:
    declared = calls()[route.method, route.path]

    fields = params.fields_of(route.shape)

    assert is_typeddict(route.shape)
    assert route.shape.__name__ == declared.params
    assert (route.supported or frozenset()) <= set(fields)


def test_expanded_objects_and_line_items_have_the_declared_shape(
    simulator: Simulator, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    session = open_session(client)
    simulator.pay_session(session.id)
    simulator.settle()

    answer = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items", "customer"]}
    )

    raw: dict[str, Any] = answer.to_dict(for_json=True)
    assert problems(raw, stripe.checkout.Session) == []
    assert raw["payment_intent"]["latest_charge"]["balance_transaction"]["net"] == 12345 - 388
    assert raw["line_items"]["data"][0]["description"] == "Invoice 1001"


def test_the_walk_itself_finds_what_is_wrong(client: stripe.StripeClient) -> None:
    customer: dict[str, Any] = client.v1.customers.create({}).to_dict(for_json=True)
    del customer["created"]

    found = problems(customer | {"surprise": 1, "livemode": "no", "tax_exempt": "perhaps"}, stripe.Customer, "customer")

    assert [problem.partition(":")[0] for problem in found] == [
        "customer.surprise",
        "customer.created",
        "customer.livemode",
        "customer.tax_exempt",
    ]
