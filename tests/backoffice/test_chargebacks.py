"""Chargebacks as staff see them: by their deadline, with what they opened, and the way to give in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.outbox.model import OutboxMessage
from domain.processing.reconciling.fraud_warnings import reconcile_fraud_warning
from domain.shared.db.session import now
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.contesting import a_paid_debt, a_warning, contest
from tests.support.fakes import FakeProcessor
from tests.support.paying import start, succeed


def told(office: Office) -> list[object]:
    """The chargebacks of which the worker is to tell the processor that we give in."""
    with office.db.reading() as session:
        wanted = select(OutboxMessage.payload).where(OutboxMessage.kind == "accept_chargeback")
        return [payload["chargeback_ref"] for payload in session.scalars(wanted)]


def test_the_open_ones_are_listed_with_what_is_due_first_on_top(office: Office) -> None:
    a_paid_debt(office.db, "120")
    contest(office.db, "under_review", "30", name="du_decided")
    contest(office.db, "needs_response", "40", name="du_first")
    office.clock.advance(days=2)
    contest(office.db, "needs_response", "50", name="du_second")

    links = [str(link.get("href")) for link in office.browser().get("/chargebacks").all("a")]

    assert [link for link in links if link.startswith("/chargebacks/")] == [
        "/chargebacks/du_first",
        "/chargebacks/du_second",
        "/chargebacks/du_decided",
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "9 days left"), (8, "1 day left"), (9, "Answer today"), (10, "Too late to answer")],
)
def test_the_deadline_is_said_in_days(office: Office, days: int, words: str) -> None:
    contest(office.db, "needs_response", "120")
    office.clock.advance(days=days)
    client = office.browser()

    assert words in client.get("/chargebacks").words
    assert words in client.get("/chargebacks/du_1").words


@pytest.mark.parametrize(("state", "list_name"), [("lost", "Lost"), ("won", "Won"), ("prevented", "Came to nothing")])
def test_what_is_over_has_lists_of_its_own(office: Office, manager: Client, state: str, list_name: str) -> None:
    contest(office.db, state, "120")

    first = manager.get("/chargebacks")
    page = first.follow(list_name)

    assert "No chargebacks here" in first.words
    assert "£120.00" in page.words


def test_one_shows_what_it_opened_and_moved_and_how_it_went(office: Office, manager: Client) -> None:
    debt, _ = a_paid_debt(office.db, "120")
    contest(office.db, "warning_needs_response", "120")
    contest(office.db, "needs_response", "120")

    page = manager.get("/chargebacks/du_1")

    for words in (
        "Chargeback of £120.00",
        "RCT-000001",
        "Visa 4242",
        "the cardholder says it was not them",
        "The bank asks",
        "Waits for our answer",
        "Card clearing",
        "txn_out_du_1",
        "Taken",
    ):
        assert words in page.words
    assert any(f"/invoices/{debt.invoices[0]}" in str(link.get("href")) for link in page.all("a"))


def test_a_lost_one_leads_to_a_credit_note_on_what_it_opened(office: Office, manager: Client) -> None:
    debt, _ = a_paid_debt(office.db, "120")
    contest(office.db, "lost", "120")

    page = manager.get("/chargebacks/du_1")

    assert "Decide what becomes of the debt" in page.words
    assert f"/accounts/{debt.account_id}/invoices/{debt.invoices[0]}/credit" in {
        str(link.get("href")) for link in page.all("a")
    }


def test_a_debt_that_has_been_paid_since_needs_no_decision(office: Office, manager: Client) -> None:
    debt, _ = a_paid_debt(office.db, "120")
    contest(office.db, "lost", "120")
    again = start(office.db, FakeProcessor(), debt, {debt.invoices[0]: money("120")})
    succeed(office.db, again.public_id, money("120"), intent_id="pi_2")

    page = manager.get("/chargebacks/du_1")

    assert "Decide what becomes of the debt" not in page.words
    assert "Nothing is open because of it" in page.words


def test_giving_in_is_confirmed_and_done_once(office: Office, manager: Client) -> None:
    a_paid_debt(office.db, "120")
    contest(office.db, "needs_response", "120")
    page = manager.get("/chargebacks/du_1").follow("Accept it")

    first: Page = page.submit("Accept the chargeback")
    again = page.submit("Accept the chargeback")

    assert (first.status, again.status) == (303, 303)
    assert told(office) == ["du_1"]
    assert office.nudges == [None]
    shown = manager.follow(first)
    assert "It is being accepted" in shown.words
    assert "Accept it" not in shown.words


def test_giving_in_too_late_is_refused_with_the_reason(office: Office, manager: Client) -> None:
    a_paid_debt(office.db, "120")
    contest(office.db, "needs_response", "120")
    page = manager.get("/chargebacks/du_1/accept")
    contest(office.db, "under_review", "120")

    refused = page.submit("Accept the chargeback")

    assert refused.status == 422
    assert "does not wait for our answer any more" in refused.words
    assert told(office) == []


def test_whoever_may_not_answer_sees_no_way_to(office: Office) -> None:
    contest(office.db, "needs_response", "120")

    page = office.browser(Role.AUDITOR).get("/chargebacks/du_1")

    assert page.status == 200
    assert "Accept it" not in page.words


def test_one_that_is_not_ours_says_that_no_account_is_touched(office: Office, manager: Client) -> None:
    contest(office.db, "needs_response", "120")

    page = manager.get("/chargebacks/du_1")

    assert "No customer's account is touched" in page.words
    assert "On a payment that is not ours" in page.words


def test_the_payment_and_the_account_say_what_the_bank_did(office: Office, manager: Client) -> None:
    debt, public_id = a_paid_debt(office.db, "120")
    contest(office.db, "needs_response", "120")
    with office.db.transaction() as session:
        reconcile_fraud_warning(session, a_warning(now(session)))

    payment = manager.get(f"/payments/{public_id}")
    account = manager.get(f"/accounts/{debt.account_id}")

    assert "The bank contests £120.00 of it" in payment.words
    assert "The card network suspects fraud" in payment.words
    assert "What stops us" in account.words
    assert account.link("A card payment is being contested with the bank") == "/chargebacks/du_1"


def test_its_task_leads_to_it(office: Office, manager: Client) -> None:
    contest(office.db, "needs_response", "120")

    task = manager.get("/worklist").follow("A customer's bank takes a payment back")

    assert task.link("Go to the chargeback") == "/chargebacks/du_1"
