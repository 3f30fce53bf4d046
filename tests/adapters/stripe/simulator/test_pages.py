"""The pages: a form that works as plain HTML, declines that keep it open, the bank's question, and the headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

import html5lib
import httpx
import pytest
import stripe

from adapters.stripe.simulator import Simulator

OpenSession = Callable[..., stripe.checkout.Session]
CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 40", "cvc": "123", "name": "Ana Ruiz"}


@pytest.fixture
def web(live: Simulator) -> Iterator[httpx.Client]:
    """A browser of sorts: no script, follows nothing by itself."""
    with httpx.Client(base_url=live.public_url, trust_env=False) as made:
        yield made


def read(answer: httpx.Response) -> str:
    """The page's text; the page has to be valid HTML."""
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_its_address_alone_says_what_it_is_and_which_cards_to_try(web: httpx.Client) -> None:
    page = web.get("/")

    text = read(page)
    assert page.status_code == 200
    assert "Simulated. This page stands in for Stripe" in text
    assert "4000 0000 0000 0002 is declined" in text


def test_the_form_says_that_it_is_simulated_and_what_is_to_be_paid(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    session = open_session(live_client)

    page = web.get(f"/c/pay/{session.id}")

    text = read(page)
    assert page.status_code == 200
    assert "Simulated. This page stands in for Stripe" in text
    assert "Invoice 1001 £123.45" in text
    assert 'href="http://127.0.0.1:8000/invoices"' in page.text


def test_the_form_leads_through_declines_to_the_success_page(
    live: Simulator, live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    session = open_session(live_client)
    path = f"/c/pay/{session.id}"

    declined = web.post(path, data=CARD | {"number": "4000000000000002"})
    poor = web.post(path, data=CARD | {"number": "4000-0000-0000-9995"})
    paid = web.post(path, data=CARD)

    assert (declined.status_code, poor.status_code, paid.status_code) == (402, 402, 303)
    assert "Your card was declined. No money has moved." in read(declined)
    assert "Your card has insufficient funds." in read(poor)
    assert paid.headers["location"] == f"http://127.0.0.1:8000/back?session={session.id}"
    assert list(live.truth().charges.values()) == [1]
    assert "You have paid" in read(web.get(path))


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("number", "4242424242424241", "Your card number is invalid."),
        ("number", "", "Your card number is invalid."),
        ("expiry", "13/40", "Your card's expiration date is incomplete."),
        ("expiry", "01/20", "Your card's expiration date is in the past."),
        ("cvc", "1", "Your card's security code is incomplete."),
        ("name", " ", "Type the name on the card."),
    ],
)
def test_what_cannot_be_a_card_is_said_beside_its_field_and_tries_nothing(
    live: Simulator,
    live_client: stripe.StripeClient,
    open_session: OpenSession,
    web: httpx.Client,
    field: str,
    typed: str,
    message: str,
) -> None:
    session = open_session(live_client)

    page = web.post(f"/c/pay/{session.id}", data=CARD | {field: typed})

    assert page.status_code == 422
    assert message in read(page)
    assert f'id="{field}-error"' in page.text
    assert page.text.count('aria-invalid="true"') == 1
    assert live.world.store.all("charge") == []


def test_a_number_that_is_no_test_card_is_declined(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    session = open_session(live_client)

    page = web.post(f"/c/pay/{session.id}", data=CARD | {"number": "4111111111111111"})

    assert "used a non test card" in read(page)


@pytest.mark.parametrize(("answer", "charges"), [("complete", 1), ("fail", 0)])
def test_the_banks_question_is_a_page_of_its_own(
    live: Simulator,
    live_client: stripe.StripeClient,
    open_session: OpenSession,
    web: httpx.Client,
    answer: str,
    charges: int,
) -> None:
    session = open_session(live_client)

    asked = web.post(f"/c/pay/{session.id}", data=CARD | {"number": "4000002760003184"})
    question = web.get(asked.headers["location"])
    after = web.post(asked.headers["location"], data={"answer": answer})

    assert "Your bank asks: is this you?" in read(question)
    assert after.status_code == 303
    assert sum(live.truth().charges.values()) == charges
    if answer == "complete":
        assert after.headers["location"] == f"http://127.0.0.1:8000/back?session={session.id}"
    else:
        assert "We are unable to authenticate" in read(web.get(after.headers["location"]))
    assert "Your bank has its answer" in read(web.get(asked.headers["location"]))


def test_an_intent_of_its_own_returns_with_what_came_of_it(live_client: stripe.StripeClient, web: httpx.Client) -> None:
    intent = live_client.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": "http://127.0.0.1:8000/back?payment=1",
        }
    )

    after = web.post(f"/3ds/{intent.id}", data={"answer": "complete"})

    assert after.headers["location"].startswith(f"http://127.0.0.1:8000/back?payment=1&payment_intent={intent.id}&")
    assert after.headers["location"].endswith("redirect_status=succeeded")


def test_an_expired_session_says_so_and_leads_back(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    session = open_session(live_client)
    live_client.v1.checkout.sessions.expire(session.id)

    shown = web.get(f"/c/pay/{session.id}")
    pressed = web.post(f"/c/pay/{session.id}", data=CARD)

    for page in (shown, pressed):
        assert "This page has expired" in read(page)
        assert 'href="http://127.0.0.1:8000/invoices"' in page.text


def test_without_a_known_address_the_form_asks_for_one(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    customer = live_client.v1.customers.create({})
    session = open_session(live_client, customer=customer.id)

    missing = web.post(f"/c/pay/{session.id}", data=CARD)
    given = web.post(f"/c/pay/{session.id}", data=CARD | {"email": "ana@example.com"})

    assert "Your email is incomplete." in read(missing)
    assert given.status_code == 303


def test_every_page_has_a_strict_policy_and_is_never_cached(
    live_client: stripe.StripeClient, open_session: OpenSession, web: httpx.Client
) -> None:
    page = web.get(f"/c/pay/{open_session(live_client).id}")

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert policy.endswith("form-action 'self' http://127.0.0.1:8000")
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert web.get("/static/simulator.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("path", ["/c/pay/cs_test_none", "/3ds/pi_none", "/nothing"])
def test_what_is_not_there_is_404(web: httpx.Client, path: str) -> None:
    assert web.get(path).status_code == 404
