"""Lists: pages behind cursors, in both directions, and limits."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


def test_auto_paging_walks_all_newest_first(client: stripe.StripeClient) -> None:
    made = [client.v1.customers.create({}).id for _ in range(25)]

    walked = [customer.id for customer in client.v1.customers.list({"limit": 10}).auto_paging_iter()]

    assert walked == made[::-1]


def test_a_page_can_be_asked_for_backwards(client: stripe.StripeClient) -> None:
    made = [client.v1.customers.create({}).id for _ in range(5)]

    page = client.v1.customers.list({"ending_before": made[0], "limit": 2})

    assert [customer.id for customer in page.data] == [made[2], made[1]]
    assert page.has_more


@pytest.mark.parametrize("limit", [0, 101])
def test_a_limit_is_between_one_and_a_hundred(client: stripe.StripeClient, limit: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.list({"limit": limit})

    assert (refused.value.param, refused.value.code) == ("limit", "parameter_invalid_integer")


def test_a_cursor_has_to_exist(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.list({"starting_after": "cus_none"})

    assert refused.value.code == "resource_missing"


def test_created_takes_bounds(client: stripe.StripeClient, clock: Any) -> None:
    first = client.v1.customers.create({})
    clock.advance(seconds=10)
    second = client.v1.customers.create({})

    later = client.v1.customers.list({"created": {"gt": first.created}}).data
    exactly = client.v1.customers.list({"created": first.created}).data

    assert [customer.id for customer in later] == [second.id]
    assert [customer.id for customer in exactly] == [first.id]


def test_what_cannot_be_expanded_is_refused(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.retrieve(customer.id, {"expand": ["everything"]})

    assert "This property cannot be expanded (everything)." in str(refused.value)


def test_a_cursor_that_no_longer_fits_the_filter_still_has_its_place(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "ana@example.com"}).id
    made = [client.v1.customers.create({"email": "ana@example.com"}).id for _ in range(3)]
    client.v1.customers.update(made[1], {"email": "other@example.com"})

    after = client.v1.customers.list({"email": "ana@example.com", "starting_after": made[1]})
    before = client.v1.customers.list({"email": "ana@example.com", "ending_before": made[1]})

    assert [one.id for one in after] == [made[0], customer]
    assert [one.id for one in before] == [made[2]]


def test_what_is_made_while_paging_does_not_move_the_pages(client: stripe.StripeClient) -> None:
    made = [client.v1.customers.create({}).id for _ in range(4)]
    first = client.v1.customers.list({"limit": 2})
    client.v1.customers.create({})

    second = client.v1.customers.list({"limit": 2, "starting_after": first.data[-1].id})

    assert [one.id for one in [*first.data, *second.data]] == made[::-1]
    assert (first.has_more, second.has_more) == (True, False)
