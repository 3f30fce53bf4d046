"""The simulator's own pages in a browser: accessible, without script, narrow and wide, light and dark, and forward."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import stripe
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from adapters.stripe.simulator import Simulator, create_simulator
from domain.shared.clock import SystemClock
from tests.adapters.stripe.simulator.serving import SECRET, Receiver, bound_socket, served


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A simulator behind a server; its webhooks go to a receiver that takes them all."""
    receiver = Receiver()
    taken, url = bound_socket()
    made = create_simulator(clock=SystemClock(), webhook_url=receiver.url, webhook_secret=SECRET, public_url=url)
    with served(made.asgi, taken):
        yield made
    made.close()
    receiver.close()


@pytest.fixture
def pay_page(simulator: Simulator) -> str:
    """The address of a fresh Session's page; a paid one leads on to the receiver's origin, as to a shop's."""
    client = stripe.StripeClient("sk_test_browser", http_client=simulator.http_client())
    body: Any = {
        "mode": "payment",
        "customer": client.v1.customers.create({"email": "ana@example.com"}).id,
        "success_url": f"{other_origin(simulator)}/_control/truth?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{other_origin(simulator)}/_control/pending",
        "line_items": [
            {
                "price_data": {"currency": "gbp", "unit_amount": 12345, "product_data": {"name": "Invoice 1001"}},
                "quantity": 1,
            }
        ],
    }
    return str(client.v1.checkout.sessions.create(body).url)


@pytest.fixture
def scriptless(browser: Any) -> Iterator[Page]:
    """A page of a browser whose JavaScript is off."""
    context: BrowserContext = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def other_origin(simulator: Simulator) -> str:
    """The same server by another name, which to a browser is another site."""
    return simulator.public_url.replace("127.0.0.1", "localhost")


def fill(page: Page, number: str, button: str = "Pay £123.45") -> None:
    """Type a card and press the button."""
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry").fill("12/40")
    page.get_by_label("Security code").fill("123")
    page.get_by_label("Name on card").fill("Ana Ruiz")
    page.get_by_role("button", name=button).click()


def found_by_axe(page: Page) -> str:
    """What axe-core finds on the page, empty if nothing."""
    results = Axe().run(page)
    return str(results.generate_report()) if results.violations_count else ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_form_and_its_errors_are_accessible(page: Page, pay_page: str, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(pay_page)
    fresh = found_by_axe(page)
    fill(page, "4242424242424241")
    expect(page.get_by_text("Your card number is invalid.")).to_be_visible()
    wrong = found_by_axe(page)
    fill(page, "4000000000000002")
    expect(page.get_by_role("alert")).to_contain_text("Your card was declined.")
    declined = found_by_axe(page)

    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert (fresh, wrong, declined, overflow) == ("", "", "", 0)


def test_declines_then_success_lead_on_to_the_other_site_without_javascript(scriptless: Page, pay_page: str) -> None:
    scriptless.goto(pay_page)
    fill(scriptless, "4000000000000002")
    expect(scriptless.get_by_role("alert")).to_contain_text("Your card was declined.")
    fill(scriptless, "4000000000009995")
    expect(scriptless.get_by_role("alert")).to_contain_text("Your card has insufficient funds.")

    fill(scriptless, "4242424242424242")

    scriptless.wait_for_url("http://localhost:*/_control/truth?session=cs_test_*")


def test_the_banks_question_is_accessible_and_leads_on(page: Page, pay_page: str) -> None:
    page.goto(pay_page)
    fill(page, "4000002760003184")
    expect(page.get_by_role("heading", name="Your bank asks: is this you?")).to_be_visible()
    question = found_by_axe(page)
    page.get_by_role("button", name="Fail authentication").click()
    expect(page.get_by_role("alert")).to_contain_text("We are unable to authenticate")
    fill(page, "4000002760003184")

    page.get_by_role("button", name="Complete authentication").click()

    page.wait_for_url("http://localhost:*/_control/truth?session=cs_test_*")
    page.goto(pay_page)
    expect(page.get_by_role("heading", name="You have paid")).to_be_visible()
    assert (question, found_by_axe(page)) == ("", "")


def test_one_can_go_back_without_paying(page: Page, pay_page: str) -> None:
    page.goto(pay_page)

    page.get_by_role("link", name="Go back without paying").click()

    page.wait_for_url("http://localhost:*/_control/pending")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("way", ["Apple Pay", "Bacs Direct Debit", "PayPal"])
def test_the_other_ways_to_pay_are_accessible(page: Page, pay_page: str, way: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(pay_page)
    page.get_by_role("link", name=way).click()
    expect(page.locator("a[aria-current=page]")).to_contain_text(way)

    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert (found_by_axe(page), overflow) == ("", 0)


def test_a_bank_debit_is_mended_and_handed_in_without_javascript(scriptless: Page, pay_page: str) -> None:
    scriptless.goto(pay_page)
    scriptless.get_by_role("link", name="Bacs Direct Debit").click()
    scriptless.get_by_label("Sort code").fill("108800")
    scriptless.get_by_label("Account number").fill("12345678")
    scriptless.get_by_label("Name of the account's holder").fill("Ana Ruiz")
    scriptless.get_by_role("button", name="Pay £123.45").click()
    expect(scriptless.get_by_text("Type one of Stripe's test accounts")).to_be_visible()

    scriptless.get_by_label("Account number").fill("00012345")
    scriptless.get_by_role("button", name="Pay £123.45").click()

    scriptless.wait_for_url("http://localhost:*/_control/truth?session=cs_test_*")


def test_paypal_asks_and_leads_on(page: Page, pay_page: str) -> None:
    page.goto(pay_page)
    page.get_by_role("link", name="PayPal").click()
    page.get_by_role("button", name="Continue to PayPal").click()
    expect(page.get_by_role("heading", name="PayPal asks: do you approve?")).to_be_visible()
    question = found_by_axe(page)
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("alert")).to_contain_text("was not approved at PayPal")
    page.goto(f"{pay_page}?way=paypal")
    page.get_by_role("button", name="Continue to PayPal").click()

    page.get_by_role("button", name="Approve the payment").click()

    page.wait_for_url("http://localhost:*/_control/truth?session=cs_test_*")
    assert question == ""


def test_a_card_is_saved_without_javascript(scriptless: Page, simulator: Simulator) -> None:
    client = stripe.StripeClient("sk_test_browser", http_client=simulator.http_client())
    body: Any = {
        "mode": "setup",
        "currency": "gbp",
        "customer": client.v1.customers.create({"email": "ana@example.com"}).id,
        "success_url": f"{other_origin(simulator)}/_control/truth?session={{CHECKOUT_SESSION_ID}}",
    }
    scriptless.goto(str(client.v1.checkout.sessions.create(body).url))

    fill(scriptless, "4242424242424242", button="Save this card")

    scriptless.wait_for_url("http://localhost:*/_control/truth?session=cs_test_*")
