"""Clearing pages: one sentence and one number first, then whatever does not add up or waits, and what is decided."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.accounts.queries import account
from domain.clearing import queries as clearing
from domain.clearing import tie_out
from domain.clearing.asking import TieOutNow
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.outbox.model import OutboxMessage
from domain.payments.snapshots import PayoutState
from domain.processing.reconciling.movements import reconcile_movement
from domain.processing.reconciling.payments import reconcile_charge
from domain.processing.reconciling.payouts import reconcile_payout
from domain.shared.db.session import now, today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import money
from tests.support.clearing import a_movement, a_payout
from tests.support.client import Client
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import a_debt, open_minor, open_page, succeed
from tests.support.routes import token


@pytest.fixture
def busy(office: Office) -> Office:
    """A payment, its payout, something unknown and a foreign receipt."""
    debt, processor = a_debt(office.db, "120"), FakeProcessor()
    started = open_page(office.db, processor, debt, {debt.invoices[0]: money("120")})
    succeed(office.db, started.public_id, money("120"))
    with office.db.transaction() as session:
        at = now(session)
        charge = a_movement(money("120"), at, ref="txn_1", category="charge", fee=money("3.78"))
        sent = a_payout(money("116.22"), at, PayoutState.IN_TRANSIT, complete=True)
        reconcile_payout(session, sent, [charge])
        reconcile_movement(session, a_movement(money("-5"), at, ref="txn_odd", category="something_new"))
        foreign = a_success("theirs", money("75"), at, intent_id="pi_2", installation="another").charge
        assert foreign is not None
        reconcile_charge(session, foreign)
    return office


def decide(client: Client, ref: str, **form: str) -> int:
    """Send the form of a movement's page."""
    once = client.get(f"/clearing/movements/{ref}").all("input", name="once")[0].get("value")
    sent = {"csrf_token": token(client), "once": str(once), **form}
    return client.post(f"/clearing/movements/{ref}", data=sent).status


def test_the_page_says_first_whether_it_all_adds_up(busy: Office) -> None:
    page = busy.browser(Role.AUDITOR).get("/clearing")

    assert "Our own books add up. The processor has not been asked yet." in page.words
    for words in (
        "Somebody has to say what this is",
        "po_1",
        "Processor suspense",
        "−£5.00",
        "Foreign receipts",
        "£75.00",
    ):
        assert words in page.words
    assert "Ask the processor now" not in page.words


def test_empty_books_add_up(manager: Client) -> None:
    assert "Yes, every cent is accounted for." in manager.get("/clearing").words
    assert "No payouts yet" in manager.get("/clearing/payouts").words


def test_the_processor_is_asked_once_by_one_press_and_the_page_says_so(busy: Office) -> None:
    client = busy.browser(Role.MANAGER)
    once = str(client.get("/clearing").all("input", name="once")[0].get("value"))
    form = {"csrf_token": token(client), "once": once}

    answers = [client.post("/clearing", data=form).status for _ in range(2)]

    with busy.db.reading() as session:
        left = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == TieOutNow.kind)).all()
    assert answers == [303, 303]
    assert len(left) == 1
    assert "The processor is being asked since" in client.get("/clearing").words


def test_what_the_processor_reports_otherwise_is_named_with_how_much_it_is_off(busy: Office) -> None:
    with busy.db.transaction() as session:
        tie_out.keep_reported(session, {(today(session), "GBP"): money("0.42")})

    page = busy.browser(Role.MANAGER).get("/clearing")

    assert "No, something does not add up." in page.words
    assert "the processor, our books or customers' accounts differ" in page.words
    assert "What does not add up" in page.words


def test_a_payout_shows_what_is_in_it_and_how_it_went(busy: Office) -> None:
    client = busy.browser(Role.AUDITOR)

    listed = client.get("/clearing/payouts")
    shown = client.get("/clearing/payouts/1")

    assert "po_1" in listed.words
    for words in ("Payout of £116.22", "txn_1", "£116.22", "On its way", "Being prepared"):
        assert words in shown.words


@pytest.mark.parametrize("ref", ["txn_2", "ch_2"])
def test_a_movement_is_found_by_its_name_and_by_what_it_came_from(busy: Office, ref: str) -> None:
    page = busy.browser(Role.MANAGER).get(f"/clearing/movements/{ref}")

    for words in ("Movement of £75.00", "Take it as a payment", "It is not ours", "Card clearing", "ch_2"):
        assert words in page.words


def test_staff_say_what_an_unknown_movement_is(busy: Office) -> None:
    client = busy.browser(Role.MANAGER)

    answers = [
        decide(client, "txn_odd", act="explain", reason="Reader rental"),
        decide(client, "txn_odd", act="explain", ledger_account="sales", reason="Reader rental"),
        decide(client, "txn_odd", act="explain", ledger_account="processor_fees", reason="Reader rental"),
    ]

    page = client.get("/clearing/movements/txn_odd")
    assert answers == [422, 422, 303]
    assert "Reader rental" in page.words
    assert "Manager Jones" in page.words
    with busy.db.reading() as session:
        assert balances.balance_of(session, LedgerAccount.PROCESSOR_SUSPENSE, "GBP") == money("0")


def test_a_foreign_receipt_becomes_a_customers_payment(busy: Office) -> None:
    debt, client = a_debt(busy.db, "75"), busy.browser(Role.MANAGER)
    with busy.db.reading() as session:
        number = account(session, debt.account_id).number

    unknown = decide(client, "txn_2", act="take", account="nobody", reason="By telephone")
    taken = decide(client, "txn_2", act="take", account=number, reason="By telephone")

    page = client.get("/clearing/movements/txn_2")
    assert (unknown, taken) == (422, 303)
    assert open_minor(busy.db, debt.invoices[0]) == 0
    assert "The payment" in page.words
    assert "By telephone" in page.words


def test_a_foreign_receipt_that_is_not_ours_stays_and_is_marked(busy: Office) -> None:
    client = busy.browser(Role.MANAGER)

    answer = decide(client, "txn_2", act="not_ours", reason="The shop's till")

    assert answer == 303
    assert "decided" in client.get("/clearing").words


def test_a_form_that_is_sent_twice_decides_once(busy: Office) -> None:
    client = busy.browser(Role.MANAGER)
    once = str(client.get("/clearing/movements/txn_odd").all("input", name="once")[0].get("value"))
    form = {
        "csrf_token": token(client),
        "once": once,
        "act": "explain",
        "ledger_account": "processor_fees",
        "reason": "Rental",
    }

    answers = [client.post("/clearing/movements/txn_odd", data=form).status for _ in range(2)]

    assert answers == [303, 303]
    with busy.db.reading() as session:
        assert clearing.is_decided(session, "txn_odd")


def test_who_may_not_decide_is_told_who_does(busy: Office) -> None:
    page = busy.browser(Role.COLLECTOR).get("/clearing/movements/txn_odd")

    assert "A manager says what it is." in page.words
    assert "Book it there" not in page.words
