"""Automatic payment on odd days: missed ones, clocks that jump, cut connections, bank debits, races."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier

import pytest

from adapters.stripe.simulator import Fault, Simulator
from app.handlers import collecting
from domain.accounts import logins
from domain.accounts import queries as accounts
from domain.collecting.model import CollectionState, EndReason, StopReason
from domain.dunning.turns import Did
from domain.payments import starting
from domain.payments.model import PaymentStatus
from domain.payments.queries import waits_for_bank
from domain.payments.starting import AlreadyClaimed
from domain.policies.sections import EarlyDiscount, Sections
from domain.processing.collecting import collect as collect_one
from domain.saved_methods.keeping import remove
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.mail import MailUnavailable
from tests.support.builders import money
from tests.support.collecting import (
    DECLINES,
    Days,
    Payer,
    autopay_of,
    collection_of,
    keep_a_bank_account,
    keep_a_card,
    owes,
    path_of,
    payment_of,
    standing,
    turn_on,
)
from tests.support.outside import MemoryMail
from tests.support.paying import open_minor
from tests.support.policies import a_policy

S = CollectionState
DUE = date(2026, 4, 15)
PAID = "Receipt for £120.00 from Your business"


def test_a_missed_day_is_caught_up_once_and_a_clock_that_jumps_takes_nothing_unannounced(
    days: Days, payer: Payer, simulator: Simulator
) -> None:
    soon, later = owes(days.wired, payer, "120.00", DUE), owes(days.wired, payer, "80.00", date(2026, 5, 31))
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 13))

    days.jump(datetime(2026, 4, 19, 9, 0, tzinfo=UTC))
    caught_up = standing(days.wired, soon)
    days.jump(datetime(2026, 8, 1, 9, 0, tzinfo=UTC))
    jumped = standing(days.wired, later)
    days.until(date(2026, 8, 6))

    assert caught_up == [(S.DONE, None)]
    assert jumped == [(S.ANNOUNCED, None)]
    assert payment_of(days.wired, later).effective_on == date(2026, 8, 4)
    assert sorted(simulator.charges_by_metadata("payment").values()) == [1, 1]


def test_what_was_announced_too_long_ago_is_announced_again(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 13))

    days.jump(datetime(2026, 5, 1, 9, 0, tzinfo=UTC))
    days.until(date(2026, 5, 5))

    assert standing(days.wired, invoice) == [(S.CANCELLED, EndReason.TOO_LATE), (S.DONE, None)]
    assert payment_of(days.wired, invoice).effective_on == date(2026, 5, 4)


def test_nothing_is_taken_before_the_mail_was_handed_over_long_enough(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 11))
    assert isinstance(days.wired.mailer, MemoryMail)
    days.wired.mailer.trouble = [MailUnavailable("down")] * 3

    days.until(DUE)
    on_the_day = standing(days.wired, invoice)
    days.until(date(2026, 4, 19))

    told = collection_of(days.wired, invoice).told_at
    assert told is not None
    assert on_the_day == [(S.ANNOUNCED, None)]
    assert standing(days.wired, invoice) == [(S.DONE, None)]
    assert (payment_of(days.wired, invoice).effective_on or DUE) >= date(told.year, told.month, told.day + 3)


@pytest.mark.parametrize(
    "due_on",
    [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 30), date(2027, 2, 28), date(2028, 2, 29)],
    ids=["spring forward", "fall back", "month end", "february", "leap day"],
)
def test_the_day_is_the_business_day_also_where_clocks_change(days: Days, payer: Payer, due_on: date) -> None:
    invoice = owes(days.wired, payer, "120.00", due_on)
    method = keep_a_card(days, payer)
    days.clock.move_to(datetime(due_on.year, due_on.month, 1, 12, tzinfo=UTC))
    turn_on(days, payer, method)

    days.until(date(due_on.year, due_on.month, due_on.day - 1))
    before = standing(days.wired, invoice)
    days.until(due_on)

    assert before == [(S.ANNOUNCED, None)]
    assert payment_of(days.wired, invoice).effective_on == due_on


def test_months_of_invoices_are_each_taken_once_on_their_day(days: Days, payer: Payer, simulator: Simulator) -> None:
    due = [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]
    invoices = [owes(days.wired, payer, "45.00", day) for day in due]
    turn_on(days, payer, keep_a_card(days, payer))

    days.until(date(2026, 7, 3), every=120)

    assert [payment_of(days.wired, invoice).effective_on for invoice in invoices] == due
    assert sorted(simulator.charges_by_metadata("payment").values()) == [1, 1, 1, 1]


@pytest.mark.parametrize("executes", [True, False])
def test_a_connection_cut_while_taking_it_ends_with_one_charge(
    days: Days, payer: Payer, simulator: Simulator, clock: MovableClock, executes: bool
) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))
    simulator.order_fault(Fault("cut", "POST", "/v1/payment_intents", executes=executes, times=3))

    days.until(DUE)
    clock.advance(minutes=2)
    days.settle()

    assert standing(days.wired, invoice) == [(S.DONE, None)]
    assert simulator.charges_by_metadata("payment") == {payment_of(days.wired, invoice).public_id: 1}


def test_killed_after_it_was_written_down_and_before_it_was_sent_it_is_sent_later_and_once(
    days: Days, payer: Payer, simulator: Simulator, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))

    def killed(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("domain.processing.collecting.sending.send", killed)
        clock.advance(days=1)
        did = collecting.do_due(days.wired)
    cut_off = standing(days.wired, invoice)
    clock.advance(minutes=2)
    days.settle()

    assert did == Did(failures=1, error=f"collect {collection_of(days.wired, invoice).id}: killed")
    assert cut_off == [(S.COLLECTING, None)]
    assert standing(days.wired, invoice) == [(S.DONE, None)]
    assert simulator.charges_by_metadata("payment") == {payment_of(days.wired, invoice).public_id: 1}


def test_a_method_that_its_owner_removes_turns_it_off(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    method = keep_a_card(days, payer)
    turn_on(days, payer, method)

    with days.wired.database.transaction() as session:
        remove(session, payer.account_id, method, login_id=payer.login_id, actor=Actor.login(payer.login_id))
    days.settle()

    assert autopay_of(days.wired, payer).stopped_why is StopReason.METHOD_GONE
    assert standing(days.wired, invoice) == [(S.CANCELLED, EndReason.STOPPED)]


def test_an_owner_who_may_no_longer_pay_is_not_charged(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))

    with days.wired.database.transaction() as session:
        account = accounts.lock(session, payer.account_id)
        logins.revoke(session, account, payer.login_id, actor=OPERATOR)
    days.until(DUE)

    assert autopay_of(days.wired, payer).stopped_why is StopReason.NOT_ALLOWED
    assert open_minor(days.wired.database, invoice) == 12000


def test_another_card_takes_over_and_is_announced_by_its_own_name(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer, DECLINES))
    days.until(date(2026, 4, 13))

    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 17))

    assert standing(days.wired, invoice) == [(S.CANCELLED, EndReason.REPLACED), (S.DONE, None)]
    assert payment_of(days.wired, invoice).means == "Visa •••• 4242"


def test_the_states_of_a_collection_are_written_down_in_order(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))

    days.until(DUE)

    assert path_of(days.wired, collection_of(days.wired, invoice)) == [S.PLANNED, S.ANNOUNCED, S.COLLECTING, S.DONE]


def test_a_bank_debit_is_announced_two_weeks_before_and_on_its_way_for_days(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_bank_account(days, payer, "00012345"))

    days.until(date(2026, 3, 31))
    planned = standing(days.wired, invoice)
    days.until(date(2026, 4, 1))
    told = standing(days.wired, invoice)
    days.until(DUE)
    on_its_way = (standing(days.wired, invoice), payment_of(days.wired, invoice).status)
    days.until(date(2026, 4, 22), every=7)

    assert (planned, told) == ([(S.PLANNED, None)], [(S.ANNOUNCED, None)])
    assert on_its_way == ([(S.COLLECTING, None)], PaymentStatus.PROCESSING)
    assert standing(days.wired, invoice) == [(S.DONE, None)]


def test_a_bank_debit_that_fails_days_later_is_tried_again(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_bank_account(days, payer, "22222227"))
    days.until(date(2026, 4, 1))
    days.until(DUE)

    days.until(date(2026, 4, 24), every=9)

    collection = collection_of(days.wired, invoice)
    assert collection.tries >= 2
    assert path_of(days.wired, collection)[:5] == [S.PLANNED, S.ANNOUNCED, S.COLLECTING, S.RETRYING, S.COLLECTING]
    assert open_minor(days.wired.database, invoice) == 12000
    with days.wired.database.reading() as session:
        assert not waits_for_bank(session, payment_of(days.wired, invoice))


def test_workers_and_people_who_pay_at_the_same_moment_charge_once(
    days: Days, payer: Payer, simulator: Simulator, clock: MovableClock
) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))
    clock.advance(days=1)
    collection_id = collection_of(days.wired, invoice).id
    barrier = Barrier(6)

    def collect() -> str:
        barrier.wait()
        return str(collect_one(days.wired.database, days.wired.processor, collection_id))

    def pay() -> str:
        barrier.wait()
        try:
            with days.wired.database.transaction() as session:
                starting.start_saved(
                    session,
                    days.wired.processor,
                    payer.account_id,
                    {invoice: money("120.00")},
                    saved_method_id=autopay_of(days.wired, payer).saved_method_id,
                    login_id=payer.login_id,
                    return_url="http://127.0.0.1:1/payments/{payment}/returned",
                    actor=Actor.login(payer.login_id),
                )
        except AlreadyClaimed:
            return "told"
        return "started"

    with ThreadPoolExecutor(6) as pool:
        said = [future.result() for future in [pool.submit(act) for act in (collect, pay) * 3]]
    clock.advance(minutes=2)
    days.settle()

    assert said
    assert sum(simulator.charges_by_metadata("payment").values()) == 1
    assert open_minor(days.wired.database, invoice) == 0


def test_within_its_early_discount_no_more_is_taken_than_is_asked_for(days: Days, payer: Payer) -> None:
    with days.wired.database.transaction() as session:
        a_policy(session, Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=60)))
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))

    days.until(DUE)

    assert payment_of(days.wired, invoice).amount == money("117.60")
    assert open_minor(days.wired.database, invoice) == 0
