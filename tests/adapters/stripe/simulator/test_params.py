"""Strictness: what is unknown, missing or mistyped is refused as Stripe words it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st
from stripe import params as sdk
from stripe.params import checkout as sdk_checkout

from adapters.stripe.simulator import forms, params
from adapters.stripe.simulator.api import ApiRequest
from adapters.stripe.simulator.errors import ApiError


@pytest.mark.parametrize(
    ("encoded", "message", "code", "param"),
    [
        ("amount=100&currency=usd&colour=red", "Received unknown parameter: colour", "parameter_unknown", "colour"),
        ("amount=100&currency=usd&a=1&b=2", "Received unknown parameters: a, b", "parameter_unknown", "a"),
        ("currency=usd", "Missing required param: amount.", "parameter_missing", "amount"),
        ("amount=12.5&currency=usd", "Invalid integer: 12.5", "parameter_invalid_integer", "amount"),
        ("amount=100&currency=usd&confirm=yes", "Invalid boolean: yes", None, "confirm"),
        (
            "amount=100&currency=usd&setup_future_usage=always",
            "Invalid setup_future_usage: must be one of off_session, or on_session",
            None,
            "setup_future_usage",
        ),
        ("amount=100&currency=usd&expand=charges", "Invalid object", None, "expand"),
        ("amount=100&currency=usd&metadata[a]=" + "x" * 501, None, None, "metadata"),
    ],
)
def test_a_wrong_parameter_is_named(encoded: str, message: str | None, code: str | None, param: str) -> None:
    with pytest.raises(ApiError) as refused:
        params.read(forms.parse(encoded), sdk.PaymentIntentCreateParams)

    assert (refused.value.status, refused.value.error.get("code"), refused.value.error["param"]) == (400, code, param)
    assert message in (None, str(refused.value))
    assert not refused.value.executed


def test_an_empty_value_is_refused_where_nothing_can_be_unset() -> None:
    with pytest.raises(ApiError) as refused:
        params.read(forms.parse("email="), sdk.CustomerCreateParams)

    assert refused.value.error["code"] == "parameter_invalid_empty"
    assert params.read(forms.parse("metadata="), sdk.CustomerCreateParams) == {"metadata": ""}


def test_nested_parameters_are_checked_by_their_path() -> None:
    encoded = "mode=payment&line_items[0][price_data][unit_amount]=5&line_items[0][price_data][product_data][name]=A"

    with pytest.raises(ApiError) as refused:
        params.read(forms.parse(encoded), sdk_checkout.SessionCreateParams)

    assert str(refused.value) == "Missing required param: line_items[0][price_data][currency]."


def test_off_session_may_be_a_boolean_or_a_word() -> None:
    shape = sdk.PaymentIntentConfirmParams

    read = [params.read(forms.parse(f"off_session={value}"), shape)["off_session"] for value in ("true", "recurring")]

    assert read == [True, "recurring"]


def test_what_stripe_knows_but_the_simulator_does_not_is_refused_rather_than_ignored(client: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.create({"tax_exempt": "exempt"})

    assert "The simulator does not know what to do with the parameter 'tax_exempt' yet." in str(refused.value)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer sk_live_abc"}, 401),
        ({"authorization": "Bearer sk_test_a", "stripe-version": "2019-01-01"}, 400),
        ({"authorization": "Bearer sk_test_a", "content-type": "application/json"}, 400),
    ],
)
def test_a_call_without_a_test_key_or_in_another_dialect_is_refused(
    simulator: Any, headers: dict[str, str], status: int
) -> None:
    reply = simulator.handle(ApiRequest("POST", "/v1/customers", "", "email=a@example.com", headers))

    assert reply.status == status
    assert simulator.world.store.all("customer") == []


def test_an_unknown_address_and_an_unknown_object_are_404(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as address:
        client.raw_request("get", "/v1/unicorns")
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.customers.retrieve("cus_none")

    assert (address.value.http_status, missing.value.http_status) == (404, 404)
    assert "Unrecognized request URL (GET: /v1/unicorns)." in str(address.value)
    assert "No such customer: 'cus_none'" in str(missing.value)


@given(st.dictionaries(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1), st.text(max_size=20)))
def test_any_flat_form_is_parsed_back(values: dict[str, str]) -> None:
    assert forms.parse(urlencode(values)) == values


@given(st.text(max_size=60))
def test_whatever_is_sent_is_read_or_refused(encoded: str) -> None:
    read: Any = None
    with suppress(ApiError):
        read = params.read(forms.parse(encoded), sdk_checkout.SessionCreateParams)

    assert read is None or set(read) <= set(params.fields_of(sdk_checkout.SessionCreateParams))
