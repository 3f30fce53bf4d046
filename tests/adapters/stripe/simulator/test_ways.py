"""The pages for the other ways to pay: bank debits, PayPal and wallets as plain forms, and Sessions that save."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import stripe

from adapters.stripe.simulator import Simulator
from tests.adapters.stripe.simulator.test_pages import read

OpenSession = Callable[..., stripe.checkout.Session]
ACCOUNT = {"way": "bacs_debit", "number": "0001 2345", "routing": "10-88-00", "name": "Ana Ruiz"}


@pytest.fixture
def web(live: Simulator) -> Iterator[httpx.Client]:
    """A browser of sorts: no script, follows nothing by itself."""
    with httpx.Client(base_url=live.public_url, trust_env=False) as made:
        yield made


def test_the_page_offers_what_the_currency_allows(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    session = open_session(live_client)

    text = read(web.get(f"/c/pay/{session.id}"))

    assert "Card Apple Pay Google Pay Bacs Direct Debit PayPal" in text
    assert "SEPA" not in text


@pytest.mark.parametrize("way", ["card", "apple_pay", "google_pay", "bacs_debit", "paypal"])
def test_each_way_has_a_form(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client, way: str
) -> None:
    session = open_session(live_client)

    page = web.get(f"/c/pay/{session.id}", params={"way": way})

    read(page)
    assert f'name="way" value="{way}"' in page.text
    assert 'aria-current="page"' in page.text


def test_another_way_is_not_found(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    session = open_session(live_client)

    asked = web.get(f"/c/pay/{session.id}", params={"way": "sepa_debit"}).status_code
    tried = web.post(f"/c/pay/{session.id}", data={"way": "barter"}).status_code

    assert (asked, tried) == (404, 404)


def test_a_debit_is_handed_in_and_leads_on(
    live: Simulator, live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    session = open_session(live_client)

    sent = web.post(f"/c/pay/{session.id}", data=ACCOUNT)

    assert sent.headers["location"] == f"http://127.0.0.1:8000/back?session={session.id}"
    assert live_client.v1.payment_intents.list().data[0].status == "processing"
    assert "Your bank has been asked" in read(web.get(f"/c/pay/{session.id}"))


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("number", "99999999", "Type one of Stripe's test accounts"),
        ("number", "000123456789", "Type one of Stripe's test accounts"),
        ("routing", "112233", "For test accounts this is 108800."),
        ("name", "", "Type the name of the account's holder."),
    ],
)
def test_what_is_no_test_account_is_said_beside_its_field(
    live: Simulator,
    live_client: stripe.StripeClient,
    open_session: OpenSession,
    web: httpx.Client,
    field: str,
    typed: str,
    message: str,
) -> None:
    session = open_session(live_client)

    page = web.post(f"/c/pay/{session.id}", data=ACCOUNT | {field: typed})

    assert page.status_code == 422
    assert message in read(page)
    assert f'id="{field}-error"' in page.text
    assert live.world.store.all("charge") == []


@pytest.mark.parametrize(("answer", "charges"), [("complete", 1), ("fail", 0)])
def test_paypal_asks_on_its_own_page(
    live: Simulator,
    live_client: stripe.StripeClient,
    open_session: OpenSession,
    web: httpx.Client,
    answer: str,
    charges: int,
) -> None:
    session = open_session(live_client)

    sent = web.post(f"/c/pay/{session.id}", data={"way": "paypal"})
    question = web.get(sent.headers["location"])
    after = web.post(sent.headers["location"], data={"answer": answer})

    assert "PayPal asks: do you approve?" in read(question)
    assert after.status_code == 303
    assert sum(live.truth().charges.values()) == charges
    if answer == "fail":
        assert "was not approved at PayPal" in read(web.get(after.headers["location"]))


def test_a_wallet_needs_no_typing_but_an_email_that_is_not_known(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    known = open_session(live_client)
    unknown = live_client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://127.0.0.1:8000/",
            "line_items": [
                {"price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "A"}}, "quantity": 1}
            ],
        }
    )

    paid = web.post(f"/c/pay/{known.id}", data={"way": "apple_pay"})
    asked = web.post(f"/c/pay/{unknown.id}", data={"way": "apple_pay"})

    assert (paid.status_code, asked.status_code) == (303, 422)
    assert "Your email is incomplete." in read(asked)


def test_a_session_that_saves_says_that_nothing_is_charged(live_client: stripe.StripeClient, web: httpx.Client) -> None:
    customer = live_client.v1.customers.create({"email": "ana@example.com"}).id
    body: Any = {"mode": "setup", "customer": customer, "currency": "gbp", "success_url": "http://127.0.0.1:8000/"}
    session = live_client.v1.checkout.sessions.create(body)
    card = {"number": "4242424242424242", "expiry": "12/40", "cvc": "123", "name": "Ana"}

    page = read(web.get(f"/c/pay/{session.id}"))
    declined = read(web.post(f"/c/pay/{session.id}", data=card | {"number": "4000000000000002"}))
    asked = web.post(f"/c/pay/{session.id}", data=card | {"number": "4000002760003184"})
    question = read(web.get(asked.headers["location"]))
    saved = web.post(asked.headers["location"], data={"answer": "complete"})

    assert "Save a way to pay for later Nothing is charged now." in page
    assert "Your card was declined. Nothing was saved." in declined
    assert "Saving your card is waiting for your approval" in question
    assert saved.headers["location"] == "http://127.0.0.1:8000/"
    assert "Your payment method is saved" in read(web.get(f"/c/pay/{session.id}"))
