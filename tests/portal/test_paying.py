"""From ticked invoices to the processor's page and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.accounts.model import Right
from domain.payments.processor import ProcessorRefused, ProcessorUnreachable
from domain.payments.snapshots import CheckoutState
from domain.shared.money import Money
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.paying import open_minor, succeed

Browser = Callable[[], Client]


def check(client: Client, account_id: int, *invoices: int) -> Page:
    """The page on which what is to be paid is checked."""
    return client.get(f"/accounts/{account_id}/pay", params={"invoice": [str(one) for one in invoices]})


def paid(portal: Portal, page: Page, amount: Money) -> str:
    """Have the processor report the payment whose page was opened; the payment's public id."""
    checkout = portal.processor.sessions[page.location.rsplit("/", 1)[1]]
    assert checkout.payment_id is not None
    succeed(portal.db, checkout.payment_id, amount, intent_id=f"pi_{checkout.checkout_id}")
    return checkout.payment_id


def test_two_invoices_are_paid_together_and_receipted(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00", "30.00")
    client = sign_in(portal, open_browser())

    handed_over = check(client, account_id, *invoices).submit("Go on to your card")
    public_id = paid(portal, handed_over, money("150"))
    receipt = client.get(f"/accounts/{account_id}/payments/{public_id}")

    assert handed_over.location == "https://processor.example/cs_1"
    assert "Thank you. We have your £150.00" in receipt.words
    assert "Receipt RCT-000001" in receipt.words


def test_a_part_is_paid_and_the_rest_stays_open(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    page = check(client, account_id, *invoices)

    handed_over = page.submit("Go on to your card", {f"amount-{invoices[0]}": "20.5"})
    paid(portal, handed_over, money("20.50"))

    assert open_minor(portal.db, invoices[0]) == 9950


@pytest.mark.parametrize("typed", ["", "abc", "0", "120.01", "-5", "1e3", "12.345"])
def test_an_amount_that_cannot_be_paid_is_shown_again_beside_its_field(
    portal: Portal, open_browser: Browser, typed: str
) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())

    refused = check(client, account_id, *invoices).submit("Go on to your card", {f"amount-{invoices[0]}": typed})

    assert refused.status == 422
    assert (refused.all("input", name=f"amount-{invoices[0]}")[0].get("value") or "") == typed
    assert refused.all("p", id=f"amount-{invoices[0]}-error")
    assert not portal.processor.sessions


def test_returning_waits_until_the_reconciliation_has_it(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    handed_over = check(client, account_id, *invoices).submit("Go on to your card")
    path = f"/accounts/{account_id}/payments/{portal.processor.sessions['cs_1'].payment_id}"

    waiting = client.get(f"{path}/returned")
    polled = client.fragment(f"{path}/state")
    paid(portal, handed_over, money("120"))
    done = client.fragment(f"{path}/state")

    assert "We are confirming your payment" in waiting.words
    assert "We are confirming your payment" in polled.words
    assert "Thank you" in done.words
    assert done.headers["hx-trigger"] == "balance-changed"
    assert portal.nudges


def test_somebody_else_is_told_and_may_take_over(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    maya = sign_in(portal, open_browser())
    check(maya, account_id, *invoices).submit("Go on to your card")
    with portal.db.transaction() as session:
        from domain.accounts import queries
        from domain.accounts.logins import grant
        from domain.accounts.model import ALL_RIGHTS
        from domain.shared.actor import OPERATOR

        account = queries.lock(session, account_id)
        grant(session, account, email="tom@harbour.example", name="Tom", rights=ALL_RIGHTS, actor=OPERATOR)
    tom = sign_in(portal, open_browser(), "tom@harbour.example")

    home = tom.get(f"/accounts/{account_id}")
    told = check(tom, account_id, *invoices).submit("Go on to your card")
    theirs = tom.get(told.link("See that payment"))
    taken_over = told.submit("Take over and pay")

    assert told.status == 409
    assert "Maya is paying this" in told.words
    assert "Maya is paying £120.00" in home.words
    assert "Maya is paying this" in theirs.words
    assert "Go on to your card" not in theirs.words
    assert taken_over.location == "https://processor.example/cs_2"
    assert portal.processor.sessions["cs_1"].state is CheckoutState.EXPIRED


def test_taking_over_what_has_just_been_paid_opens_nothing(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    page = check(client, account_id, *invoices)
    page.submit("Go on to your card")
    told = page.submit("Go on to your card", {f"amount-{invoices[0]}": "50"})
    portal.processor.finish("cs_1", CheckoutState.COMPLETE)

    refused = told.submit("Cancel that payment and pay this")

    assert told.status == 409
    assert refused.status == 422
    assert "has just been made" in refused.words
    assert len(portal.processor.sessions) == 1


def test_when_the_processor_is_out_of_reach_nothing_is_charged_and_it_says_so(
    portal: Portal, open_browser: Browser
) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    portal.processor.trouble = ProcessorUnreachable()

    answer = check(client, account_id, *invoices).submit("Go on to your card")

    assert answer.status == 503
    assert "No money has moved" in answer.words


def test_when_the_answer_is_lost_the_page_says_that_we_are_finding_out(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    page = check(client, account_id, *invoices)
    portal.processor.create_customer = lambda request, *, key: "cus_1"  # type: ignore[method-assign]
    portal.processor.trouble, portal.processor.executes_before_trouble = ProcessorUnreachable(), True

    finding_out = client.follow(page.submit("Go on to your card"))
    again = page.submit("Go on to your card")

    assert "We are finding out what happened" in finding_out.words
    assert again.location == "https://processor.example/cs_1"
    assert len(portal.processor.sessions) == 1


def test_a_refusal_of_the_processor_says_what_it_said_and_frees_the_invoice(
    portal: Portal, open_browser: Browser
) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    page = check(client, account_id, *invoices)
    portal.processor.create_customer = lambda request, *, key: "cus_1"  # type: ignore[method-assign]
    portal.processor.trouble = ProcessorRefused("The amount is too small.")

    refused = client.follow(page.submit("Go on to your card"))
    again = check(client, account_id, *invoices).submit("Go on to your card")

    assert "The amount is too small." in refused.words
    assert again.status == 303


def test_an_unfinished_payment_can_be_gone_on_with_or_given_up(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    check(client, account_id, *invoices).submit("Go on to your card")
    path = f"/accounts/{account_id}/payments/{portal.processor.sessions['cs_1'].payment_id}"

    unfinished = client.get(path)
    given_up = client.follow(unfinished.submit("Cancel this payment"))

    assert unfinished.link("Go on to your card") == "https://processor.example/cs_1"
    assert "This payment was cancelled" in given_up.words
    assert check(client, account_id, *invoices).submit("Go on to your card").location.endswith("cs_2")


def test_who_may_only_look_is_told_who_can_pay(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00", rights=frozenset({Right.VIEW}))
    client = sign_in(portal, open_browser())

    page = client.get(f"/accounts/{account_id}/invoices")
    refused = check(client, account_id, *invoices)

    assert not page.all("input", type="checkbox")
    assert refused.status == 403


def test_somebody_elses_invoice_is_not_there(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("120.00")
    other_id, others = portal.account("50.00", email="somebody@else.example")
    client = sign_in(portal, open_browser())

    assert check(client, account_id, *others).status == 404
    assert check(client, other_id, *others).status == 404
    assert client.get(f"/accounts/{account_id}/invoices/{others[0]}").status == 404
    assert client.get(f"/accounts/{other_id}").status == 404
    assert client.get(f"/accounts/{other_id}/statement").status == 404


def test_going_on_with_nothing_ticked_says_so_and_ticks_nothing(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("120.00")
    client = sign_in(portal, open_browser())

    told = client.follow(client.get(f"/accounts/{account_id}/pay"))

    assert "Tick at least one invoice." in told.words
    assert not told.all("input", type="checkbox", checked="")


def test_trying_again_keeps_the_part_that_was_meant(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    check(client, account_id, *invoices).submit("Go on to your card", {f"amount-{invoices[0]}": "20.50"})
    path = f"/accounts/{account_id}/payments/{portal.processor.sessions['cs_1'].payment_id}"

    again = client.follow(client.get(path).submit("Cancel this payment")).submit("Try again")

    assert again.all("input", name=f"amount-{invoices[0]}")[0].get("value") == "20.50"


def test_an_old_receipt_is_a_paper_and_no_thank_you(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    client = sign_in(portal, open_browser())
    public_id = paid(portal, check(client, account_id, *invoices).submit("Go on to your card"), money("120"))
    fresh = client.get(f"/accounts/{account_id}/payments/{public_id}")

    portal.clock.advance(hours=2)
    client = sign_in(portal, open_browser())
    old = client.get(f"/accounts/{account_id}/payments/{public_id}")

    assert "Thank you" in fresh.words
    assert "Thank you" not in old.words
    assert "RCT-000001" in old.words
