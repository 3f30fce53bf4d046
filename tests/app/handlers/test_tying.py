"""Tying: the processor's movements and the books agree to the cent, or each cent that differs is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.stripe.simulator import Fault, Simulator
from app.handlers import outbox
from app.handlers.backfilling import backfill
from app.handlers.tying import tie_out, tie_out_due
from app.wired import Wired
from domain.clearing import asking
from domain.clearing.asking import LastAsked
from domain.ledger.chart import LedgerAccount
from domain.reporting.adding_up import AddingUp, Verdict, adding_up, as_values
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.tasks.model import TaskKind
from tests.support.builders import money
from tests.support.paying import a_debt
from tests.support.simulated import open_page
from tests.support.tasks import open_tasks

MOVEMENTS = "/v1/balance_transactions"
STAFF = Actor.staff(1)


@pytest.fixture
def month(wired: Wired, simulator: Simulator, clock: MovableClock) -> Wired:
    """Some days with payments, fees, a payout that arrived and one that failed after it was paid."""
    simulator.webhooks.hold()
    for number in range(3):
        debt = a_debt(wired.database, "120.00", "30.00")
        simulator.pay_session(open_page(wired, debt, "120.00", "30.00").checkout_id or "")
        simulator.settle()
        simulator.book("fee", -100 - number, "gbp")
        backfill(wired)
        clock.advance(days=3)
        sent = simulator.payout()[0]
        clock.advance(hours=2)
        simulator.advance(seconds=0)
        simulator.deliver_payout(sent["id"])
        backfill(wired)
    simulator.fail_payout(sent["id"])
    backfill(wired)
    return wired


def asked(wired: Wired) -> LastAsked:
    """How the last looks went."""
    with wired.database.reading() as session:
        return asking.last_asked(session)


def whole(wired: Wired) -> AddingUp:
    """The tie-out of a month up to now."""
    last = wired.database.clock.now().date()
    return tie_out(wired, last - timedelta(days=30), last)


def test_all_adds_up_to_the_cent(month: Wired, simulator: Simulator) -> None:
    found = whole(month)

    assert found.adds_up, found.gaps
    assert [str(each.booked.decimal) for each in found.days] == [str(each.posted.decimal) for each in found.days]
    reported = sum(each.reported.minor for each in found.days if each.reported is not None)
    assert reported == simulator.truth().net["gbp"]
    assert sum(each.paid.minor for each in found.days) == 45000
    assert found.verdict is Verdict.WHOLE
    assert len(found.payouts) == 3
    assert all(payout.named == payout.amount for payout in found.payouts)
    assert found.explained("GBP") == 100


def test_a_movement_that_the_books_do_not_have_is_named(month: Wired, simulator: Simulator) -> None:
    simulator.book("fee", -42, "gbp")

    found = whole(month)

    assert found.verdict is Verdict.DIFFERS
    assert [(each.category, each.amount.minor) for each in found.missing] == [("fee", -42)]
    assert [gap.amount.minor for gap in found.gaps] == [-42]


def test_what_waits_is_named_with_its_age_and_lowers_the_share_that_is_explained(
    month: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    simulator.book("something_new", -5000, "gbp")
    backfill(month)
    clock.advance(days=4)

    found = whole(month)
    with month.database.reading() as session:
        values = as_values(session, found)

    suspense = next(each for each in values["standing"] if each["ledger_account"] == "processor_suspense")
    assert found.adds_up
    assert (suspense["balance"], suspense["unnamed"]) == ("50.00", "0.00")
    assert [(item["amount"], item["days"]) for item in suspense["items"]] == [("50.00", 4)]
    share = found.explained("GBP")
    assert share is not None
    assert 90 < share < 100
    assert found.verdict is Verdict.TO_EXPLAIN


def test_a_payout_on_its_way_stands_in_transit(month: Wired, simulator: Simulator, clock: MovableClock) -> None:
    clock.advance(days=3)
    sent = simulator.payout()[0]
    backfill(month)

    found = whole(month)

    assert found.adds_up, found.gaps
    transit = next(each for each in found.standings if each.ledger_account is LedgerAccount.PAYOUTS_IN_TRANSIT)
    assert [item.name for item in transit.items] == [sent["id"]]
    assert transit.balance.minor == sent["amount"]


def test_the_nightly_look_asks_staff_about_a_difference_and_settles_it_once_it_is_gone(
    month: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    simulator.book("fee", -42, "gbp")
    clock.advance(days=1)

    wrong = tie_out_due(month)
    with month.database.reading() as session:
        asked = [task for task in open_tasks(session) if task.kind is TaskKind.TIE_OUT]
    backfill(month)
    clock.advance(days=1)
    right = tie_out_due(month)
    with month.database.reading() as session:
        after = [task for task in open_tasks(session) if task.kind is TaskKind.TIE_OUT]

    assert (wrong, right) == (1, 0)
    assert [task.worth and task.worth.minor for task in asked] == [-42]
    assert after == []


def test_a_processor_that_does_not_answer_is_asked_again_within_the_hour_and_then_not_before_tomorrow(
    month: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    simulator.order_fault(Fault("answer", "GET", MOVEMENTS, status=500, times=1))
    answers = []

    for _ in range(3):
        assert tie_out_due(month) == 0
        answers.append(asked(month))
        clock.advance(hours=1)
    clock.advance(days=1)
    tie_out_due(month)

    assert (answers[0].done_at, answers[0].unanswered_at is not None) == (None, True)
    assert (answers[1].done_at is not None, answers[1].unanswered_at) == (True, None)
    assert answers[2].done_at == answers[1].done_at != asked(month).done_at


def test_asked_by_a_person_the_worker_walks_and_compares_up_to_now(month: Wired, simulator: Simulator) -> None:
    simulator.book("fee", -42, "gbp")
    with month.database.transaction() as session:
        first, second = asking.ask(session, actor=STAFF), asking.ask(session, actor=STAFF)
    under_way = asked(month)

    while outbox.handle_due(month):
        pass

    with month.database.reading() as session:
        last = today(session)
        found = adding_up(session, last, last)
    assert first == second
    assert under_way.running_since is not None
    assert (asked(month).running_since, asked(month).done_at) == (None, month.database.clock.now())
    assert [(day.reported, day.posted) for day in found.days][-1] == (money("-0.42"), money("-0.42"))


def test_a_run_whose_process_died_does_not_keep_anybody_from_asking(month: Wired, clock: MovableClock) -> None:
    with month.database.transaction() as session:
        lost = asking.ask(session, actor=STAFF)
    clock.advance(hours=2)

    with month.database.transaction() as session:
        assert asking.ask(session, actor=STAFF) != lost


def test_books_without_a_processor_add_up(wired: Wired) -> None:
    found = whole(wired)

    assert found.adds_up
    assert (found.days, found.speed.to_books, found.explained("GBP")) == ((), None, None)
