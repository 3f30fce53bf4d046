"""Backfilling: without any webhook the books end where the processor is, and nothing is booked twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from adapters.stripe.simulator import Fault, Simulator
from app.handlers import inbox
from app.handlers.backfilling import backfill, backfill_due, look_at_unfinished
from app.wired import Wired
from domain.clearing import queries as clearing
from domain.inbox import objects
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import PaymentStatus
from domain.payments.processor import ProcessorUnreachable
from domain.payments.snapshots import ObjectKind
from domain.processing.checks import check_books
from domain.processing.reconciling import backfilling
from domain.shared.clock import MovableClock
from domain.tasks.model import TaskKind
from tests.support.builders import an_account
from tests.support.counting import counted
from tests.support.paying import a_debt, open_minor
from tests.support.simulated import open_page, pay_unknown_to_the_books, payment
from tests.support.tasks import open_tasks

Deliver = Callable[[bytes, Mapping[str, str]], int]


def balance(wired: Wired, ledger_account: LedgerAccount) -> str:
    """A ledger account's balance in pounds."""
    with wired.database.reading() as session:
        return str(balances.balance_of(session, ledger_account, "GBP").decimal)


def assert_books_agree(wired: Wired, simulator: Simulator) -> None:
    """The books are whole, and clearing is what the simulator says that it holds for us."""
    with wired.database.reading() as session:
        assert check_books(session) == []
        held = balances.balance_of(session, LedgerAccount.CARD_CLEARING, "GBP").minor
    assert held == simulator.truth().net.get("gbp", 0)


def kinds(wired: Wired) -> list[TaskKind]:
    """The kinds of the open tasks."""
    with wired.database.reading() as session:
        return [task.kind for task in open_tasks(session)]


@pytest.fixture(autouse=True)
def silence(simulator: Simulator) -> None:
    """No webhook ever comes, unless a test delivers it."""
    simulator.webhooks.hold()


def test_a_payment_that_no_event_told_of_is_found_and_booked_once(wired: Wired, simulator: Simulator) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()

    first, second = backfill(wired), backfill(wired)

    assert payment(wired, paid.public_id).status is PaymentStatus.SUCCEEDED
    assert open_minor(wired.database, debt.invoices[0]) == 0
    assert (first.left, second.left) == ([], [])
    assert (second.looked, second.booked) == (0, 0)
    assert_books_agree(wired, simulator)


def test_fees_top_ups_and_what_nobody_knows_are_booked_by_their_category(wired: Wired, simulator: Simulator) -> None:
    a_debt(wired.database, "120.00")
    backfill(wired)
    simulator.book("fee", -250, "gbp")
    simulator.book("topup", 10000, "gbp")
    simulator.book("something_new", -70, "gbp", fee=3)

    found = backfill(wired)

    assert (found.booked, found.left) == (3, [])
    assert balance(wired, LedgerAccount.PROCESSOR_FEES) == "2.53"
    assert balance(wired, LedgerAccount.BANK) == "-100.00"
    assert balance(wired, LedgerAccount.PROCESSOR_SUSPENSE) == "0.70"
    assert kinds(wired) == [TaskKind.MOVEMENT_UNKNOWN]
    assert_books_agree(wired, simulator)


def test_a_payout_is_followed_to_the_bank_and_back_and_tied(
    wired: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()
    backfill(wired)
    clock.advance(days=3)
    sent = simulator.payout()[0]
    backfill(wired)
    in_transit = balance(wired, LedgerAccount.PAYOUTS_IN_TRANSIT)
    simulator.deliver_payout(sent["id"])
    look_at_unfinished(wired)
    with wired.database.reading() as session:
        payout = clearing.payout(session, 1)
        at_bank = balance(wired, LedgerAccount.BANK)
    simulator.fail_payout(sent["id"])

    backfill(wired)

    assert (in_transit, at_bank) == ("116.22", "116.22")
    assert payout.tied_at is not None
    assert balance(wired, LedgerAccount.BANK) == "0.00"
    assert balance(wired, LedgerAccount.CARD_CLEARING) == "116.22"
    assert kinds(wired) == [TaskKind.PAYOUT_FAILED]
    assert_books_agree(wired, simulator)


def test_a_success_after_the_bookmark_of_an_old_intent_is_found_by_its_movement(
    wired: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()
    with wired.database.transaction() as session:
        for kind in (ObjectKind.INTENT, ObjectKind.CHECKOUT):
            backfilling.walked(session, kind, clock.now() + timedelta(days=2))

    backfill(wired)

    assert payment(wired, paid.public_id).status is PaymentStatus.SUCCEEDED
    assert_books_agree(wired, simulator)


def test_what_is_busy_is_left_and_the_bookmark_waits_for_it(
    wired: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()
    intent = wired.processor.checkout(paid.checkout_id or "").intent_id or ""
    made = clock.now()
    with wired.database.transaction() as session:
        objects.take_object(session, intent, "somebody else")
    clock.advance(minutes=1)

    found = backfill(wired)
    with wired.database.reading() as session:
        marks = backfilling.bookmarks(session)
    clock.advance(hours=3)
    again = backfill(wired)

    assert intent in found.left
    assert found.failed.failures == 0
    assert marks[ObjectKind.INTENT] == made
    assert marks[ObjectKind.PAYOUT] == made + timedelta(minutes=1)
    assert again.left == []
    assert_books_agree(wired, simulator)


def test_a_processor_that_does_not_answer_breaks_the_walk_off_and_the_next_goes_on(
    wired: Wired, simulator: Simulator
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()
    simulator.order_fault(Fault("answer", "GET", "/v1/balance_transactions", status=500, times=1))

    broken_off = backfill_due(wired)
    simulator.order_fault(Fault("answer", "GET", "/v1/payouts", status=500, times=1))
    with pytest.raises(ProcessorUnreachable):
        backfill(wired)
    backfill_due(wired)

    assert (broken_off.done, broken_off.failures) == (0, 1)
    assert_books_agree(wired, simulator)


def test_backfill_and_late_webhooks_book_nothing_twice(wired: Wired, simulator: Simulator, deliver: Deliver) -> None:
    debt = a_debt(wired.database, "120.00", "30.00")
    paid = open_page(wired, debt, "120.00", "30.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()

    backfill(wired)
    simulator.flush(deliver, order="shuffled", seed=3, copies=2)
    while inbox.handle_due(wired):
        pass

    assert kinds(wired) == []
    assert_books_agree(wired, simulator)


def test_a_payment_of_ours_that_the_books_have_lost_finds_its_account(wired: Wired, simulator: Simulator) -> None:
    debt = a_debt(wired.database, "120.00")
    backfill(wired)
    public_id = pay_unknown_to_the_books(wired, simulator, debt.account_id)

    found, again = backfill(wired), backfill(wired)

    recovered = payment(wired, public_id)
    assert (found.left, again.booked) == ([], 0)
    assert (recovered.status, recovered.account_id) == (PaymentStatus.SUCCEEDED, debt.account_id)
    assert open_minor(wired.database, debt.invoices[0]) == 4500
    assert kinds(wired) == [TaskKind.PAYMENT_RECOVERED]
    assert_books_agree(wired, simulator)


@pytest.mark.parametrize("account", ["none", "other currency", "opened later"])
def test_a_lost_payment_whose_account_cannot_be_trusted_is_a_foreign_receipt(
    wired: Wired, simulator: Simulator, clock: MovableClock, account: str
) -> None:
    debt = a_debt(wired.database, "120.00")
    backfill(wired)
    with wired.database.transaction() as session:
        dollars = an_account(session, currency="USD").id
    named = {"none": 999_999, "other currency": dollars, "opened later": dollars + 1}[account]
    pay_unknown_to_the_books(wired, simulator, named)
    clock.advance(minutes=10)
    with wired.database.transaction() as session:
        assert an_account(session).id == dollars + 1

    backfill(wired)

    assert balance(wired, LedgerAccount.FOREIGN_RECEIPTS) == "-75.00"
    assert kinds(wired) == [TaskKind.FOREIGN_RECEIPT]
    assert open_minor(wired.database, debt.invoices[0]) == 12000
    assert_books_agree(wired, simulator)


def test_a_walk_costs_no_more_queries_for_more_movements_that_are_known(wired: Wired, simulator: Simulator) -> None:
    a_debt(wired.database, "1.00")
    backfill(wired)
    costs = []

    for _ in range(2):
        for _ in range(10):
            simulator.book("fee", -1, "gbp")
        backfill(wired)
        with counted(wired.database.bind) as sent:
            assert backfill(wired).booked == 0
        costs.append(len(sent))

    assert costs[0] == costs[1]
