"""Paying from a saved card on the pay page: one press, the bank's question, and a no that loses nothing typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from domain.accounts.queries import logins_on
from domain.payments import sending
from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.payments.processor import ProcessorRefused, ProcessorUnreachable
from domain.payments.snapshots import IntentSnapshot, IntentState
from domain.processing.reconciling.payments import reconcile_intent
from domain.saved_methods.consenting import consent_for
from domain.shared.actor import WORKER
from domain.shared.db.session import now
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.fakes import a_success
from tests.support.paying import Debt
from tests.support.saving import VISA, a_method, an_intent, start_automatic

BANK = "https://processor.example/question"
NO_MONEY = "The account has not enough money."


class Desk:
    """Maya in front of her pay page, with a card that she has kept."""

    def __init__(self, portal: Portal, client: Client, account_id: int, invoice: int, login_id: int) -> None:
        self.portal, self.client, self.account_id, self.invoice = portal, client, account_id, invoice
        self.debt = Debt(account_id, [invoice], login_id, login_id)
        self.method = a_method(portal.db, account_id, login_id)
        self.keys: list[str] = []

    def bank_says(self, state: IntentState, **more: Any) -> None:
        """What the processor answers to a payment from the card."""

        def answer(body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
            self.keys.append(key)
            amount = money(str(body["amount"][0] / 100))
            if state is IntentState.SUCCEEDED:
                with self.portal.db.reading() as session:
                    success = a_success(body["payment"], amount, now(session), intent_id=f"pi_{len(self.keys)}")
                self.portal.processor.intents[success.intent_id] = success
                return success
            return an_intent(body["payment"], state, amount=amount, intent_id=f"pi_{len(self.keys)}", **more)

        self.portal.processor.pay_saved = answer  # type: ignore[method-assign]

    def check(self) -> Page:
        """The page on which what is to be paid is checked."""
        return self.client.get(f"/accounts/{self.account_id}/pay", params={"invoice": str(self.invoice)})

    def payments(self) -> list[Payment]:
        """All payments, in order."""
        with self.portal.db.reading() as session:
            return list(session.scalars(select(Payment).order_by(Payment.id)))


@pytest.fixture
def desk(portal: Portal, open_browser: Callable[[], Client]) -> Desk:
    account_id, [invoice] = portal.account("120.00")
    with portal.db.reading() as session:
        login_id = logins_on(session, account_id)[0].id
    return Desk(portal, sign_in(portal, open_browser()), account_id, invoice, login_id)


def test_the_saved_card_is_chosen_and_another_way_is_last(desk: Desk) -> None:
    page = desk.check()

    choices = page.all("input", name="method")
    assert [choice.get("value") for choice in choices] == [str(desk.method), "new"]
    assert [choice.get("checked") is not None for choice in choices] == [True, False]
    assert "Visa •••• 4242" in page.words
    assert "Expires 04/2030" in page.words


def test_one_press_waits_for_the_reconciliation_and_ends_with_a_receipt(desk: Desk) -> None:
    desk.bank_says(IntentState.SUCCEEDED)

    pressed = desk.check().submit("Pay now")
    waiting = desk.client.follow(pressed)
    with desk.portal.db.transaction() as session:
        reconcile_intent(session, desk.portal.processor.intents["pi_1"])
    receipt = desk.client.get(pressed.location.removesuffix("/returned"))

    assert pressed.location.endswith("/returned")
    assert "We are confirming your payment" in waiting.words
    assert "Thank you. We have your £120.00" in receipt.words
    assert desk.portal.nudges


def test_the_bank_asks_on_a_page_of_its_own(desk: Desk) -> None:
    desk.bank_says(IntentState.REQUIRES_ACTION, confirm_url=BANK)

    pressed = desk.check().submit("Pay now")
    unfinished = desk.client.get(f"/accounts/{desk.account_id}/payments/{desk.payments()[0].public_id}")

    assert pressed.location == BANK
    assert unfinished.link("Go on to your bank") == BANK


def test_a_no_is_said_in_plain_words_and_nothing_typed_is_lost(desk: Desk) -> None:
    desk.bank_says(IntentState.WAITING, failure=NO_MONEY)

    refused = desk.check().submit("Pay now", {f"amount-{desk.invoice}": "20.50"})
    desk.bank_says(IntentState.SUCCEEDED)
    again = refused.submit("Pay now")

    assert refused.status == 422
    assert NO_MONEY in refused.words
    assert "No money has moved" in refused.words
    assert refused.all("input", name=f"amount-{desk.invoice}")[0].get("value") == "20.50"
    assert again.location.endswith("/returned")
    assert [payment.status for payment in desk.payments()] == [PaymentStatus.FAILED, PaymentStatus.PENDING]


def test_a_refusal_of_the_processor_is_said_too(desk: Desk) -> None:
    def refuse(body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
        raise ProcessorRefused("This card is not taken.")

    desk.portal.processor.pay_saved = refuse  # type: ignore[method-assign]

    refused = desk.check().submit("Pay now")

    assert refused.status == 422
    assert "This card is not taken." in refused.words


def test_pressing_the_same_form_again_is_the_same_payment_and_after_it_nothing(desk: Desk) -> None:
    desk.bank_says(IntentState.SUCCEEDED)
    page = desk.check()

    first = page.submit("Pay now", {f"amount-{desk.invoice}": "50"})
    meanwhile = page.submit("Pay now", {f"amount-{desk.invoice}": "50"})
    with desk.portal.db.transaction() as session:
        reconcile_intent(session, desk.portal.processor.intents["pi_1"])
    afterwards = page.submit("Pay now", {f"amount-{desk.invoice}": "50"})

    assert meanwhile.location == first.location
    assert afterwards.status == 422
    assert "This was sent already" in afterwards.words
    assert len(desk.payments()) == len(desk.keys) == 1


def test_a_lost_answer_says_that_we_do_not_know_yet(desk: Desk) -> None:
    def lose(body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
        raise ProcessorUnreachable

    desk.portal.processor.pay_saved = lose  # type: ignore[method-assign]

    page = desk.client.follow(desk.check().submit("Pay now"))

    assert "We are finding out what happened" in page.words
    assert "we do not know yet whether the money has moved" in page.words


def test_another_way_goes_to_the_processors_page_and_keeps_the_card_only_if_ticked(desk: Desk) -> None:
    handed_over = desk.check().submit("Pay now", {"method": "new", "save": "yes"})

    [payment] = desk.payments()
    assert handed_over.location == "https://processor.example/cs_1"
    assert payment.method is PaymentMethod.CHECKOUT
    with desk.portal.db.reading() as session:
        consent = consent_for(session, f"payment:{payment.public_id}")
    assert consent is not None
    assert consent.login_id == desk.debt.ana


def test_nothing_is_kept_without_a_tick(desk: Desk) -> None:
    desk.check().submit("Pay now", {"method": "new"})

    with desk.portal.db.reading() as session:
        assert consent_for(session, f"payment:{desk.payments()[0].public_id}") is None


def test_a_method_of_somebody_else_is_not_there(desk: Desk, portal: Portal) -> None:
    account_id, _ = portal.account("5.00", email="tom@elsewhere.example")
    with portal.db.reading() as session:
        tom = logins_on(session, account_id)[0].id
    toms = a_method(portal.db, account_id, tom, replace(VISA, method_ref="pm_2"))

    page = desk.check().submit("Pay now", {"method": str(toms)})

    assert page.status == 404
    assert desk.payments() == []


def test_money_on_its_way_cannot_be_taken_over(desk: Desk) -> None:
    desk.bank_says(IntentState.PROCESSING)
    pressed = desk.check().submit("Pay now")
    with desk.portal.db.transaction() as session:
        [payment] = session.scalars(select(Payment))
        reconcile_intent(session, an_intent(payment.public_id, IntentState.PROCESSING, amount=money("120")))

    told = desk.check().submit("Pay now", {f"amount-{desk.invoice}": "60"})
    shown = desk.client.get(pressed.location.removesuffix("/returned"))
    invoice = desk.client.get(f"/accounts/{desk.account_id}/invoices/{desk.invoice}")

    assert told.status == 409
    assert "The money is on its way" in told.words
    assert not told.all("input", name="instead_of")
    assert "usually take 3 to 5 working days" in shown.words
    assert "The money is on its way" in invoice.words


def test_a_part_on_its_way_says_how_much_and_when_the_rest_can_be_paid(desk: Desk) -> None:
    desk.bank_says(IntentState.PROCESSING)
    desk.check().submit("Pay now", {f"amount-{desk.invoice}": "50"})
    with desk.portal.db.transaction() as session:
        [payment] = session.scalars(select(Payment))
        reconcile_intent(session, an_intent(payment.public_id, IntentState.PROCESSING, amount=money("50")))

    told = desk.check().submit("Pay now", {f"amount-{desk.invoice}": "70"})
    listed = desk.client.get(f"/accounts/{desk.account_id}/invoices")
    invoice = desk.client.get(f"/accounts/{desk.account_id}/invoices/{desk.invoice}")

    assert told.status == 409
    assert len(desk.payments()) == 1
    for page in (told, listed, invoice):
        assert "£50.00 of £120.00 on its way" in page.words
    for page in (told, invoice):
        assert "The other £70.00 can be paid once that payment has come to its end" in page.words


def test_an_automatic_payment_that_the_bank_wants_confirmed_is_confirmed_there(desk: Desk) -> None:
    portal = desk.portal
    started = start_automatic(portal.db, portal.processor, desk.debt, {desk.invoice: money("120")}, desk.method)
    portal.processor.answers[f"pay:{started.public_id}:1"] = an_intent(
        started.public_id,
        IntentState.WAITING,
        amount=money("120"),
        failure="Your bank wants to ask you.",
        failure_code="authentication_required",
    )
    sending.send(portal.db, portal.processor, started.attempt_id, actor=WORKER)
    portal.processor.answers[f"pay:{started.public_id}:2"] = an_intent(
        started.public_id, IntentState.REQUIRES_ACTION, amount=money("120"), confirm_url=BANK
    )

    invoice = desk.client.get(f"/accounts/{desk.account_id}/invoices/{desk.invoice}")
    page = desk.client.get(f"/accounts/{desk.account_id}/payments/{started.public_id}")
    pressed = page.submit("Confirm with your bank")
    once_more = page.submit("Confirm with your bank")

    assert "It is being paid automatically" in invoice.words
    assert "Your bank wants to ask you." in page.words
    assert pressed.location == BANK
    assert once_more.status == 422
    assert "Your bank asks nothing about this payment now." in once_more.words
