"""Search: by field, metadata and number; a minute late, as the real one is."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.making import paid


def test_what_is_new_is_not_found_for_a_minute(client: stripe.StripeClient, clock: MovableClock) -> None:
    intent = paid(client, metadata={"payment": "p7"})
    query: Any = {"query": "metadata['payment']:'p7' AND status:'succeeded'"}
    at_once = client.v1.payment_intents.search(query).data

    clock.advance(minutes=1)

    assert at_once == []
    assert [found.id for found in client.v1.payment_intents.search(query).data] == [intent.id]
    assert client.v1.payment_intents.list().data[0].id == intent.id


def test_numbers_are_compared_and_pages_follow_each_other(client: stripe.StripeClient, clock: MovableClock) -> None:
    for amount in (100, 200, 300, 400):
        paid(client, amount=amount)
    clock.advance(minutes=1)

    found = client.v1.charges.search({"query": "amount>100 AND currency:'eur'", "limit": 2})

    assert [charge.amount for charge in found.auto_paging_iter()] == [400, 300, 200]
    assert [one.amount for one in client.v1.charges.search({"query": "amount:100"}).data] == [100]


@pytest.mark.parametrize(
    "params",
    [
        {"query": "colour:'red'"},
        {"query": "status='succeeded'"},
        {"query": "metadata:'a'"},
        {"query": "status>'a'"},
        {"query": "amount>1", "limit": 0},
        {"query": "amount>1", "page": "next"},
    ],
)
def test_what_cannot_be_asked_is_refused(client: stripe.StripeClient, params: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.search(params)
