"""Automatic payment against the simulator: announced, taken on the day, tried again, confirmed, stopped by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest

from adapters.stripe.simulator import Fault, Simulator
from app.handlers import collecting
from app.wired import Wired
from domain.accounts import logins
from domain.accounts import queries as accounts
from domain.collecting import turning
from domain.collecting.model import CollectionState, EndReason, StopReason
from domain.payments import sending, starting
from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.payments.queries import by_public_id, waits_for_bank
from domain.payments.sending import Outcome
from domain.payments.starting import AlreadyClaimed
from domain.processing.collecting import collect as collect_one
from domain.processing.receipts import Slip, record_receipt
from domain.saved_methods.keeping import remove
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.mail import MailUnavailable
from domain.stops.model import StopKind
from domain.stops.writing import lift, write
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.support.builders import money
from tests.support.collecting import (
    ASKS,
    DECLINES,
    Days,
    Deliver,
    Payer,
    a_payer,
    autopay_of,
    collection_of,
    keep_a_bank_account,
    keep_a_card,
    owes,
    path_of,
    standing,
    subjects,
    turn_on,
)
from tests.support.outside import MemoryMail
from tests.support.paying import open_minor

S = CollectionState
DUE = date(2026, 4, 15)
PAID = "Receipt for £120.00 from Your business"


@pytest.fixture
def days(wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Deliver) -> Days:
    return Days(wired, simulator, clock, deliver)


@pytest.fixture
def payer(wired: Wired) -> Payer:
    return a_payer(wired)


def payment_of(wired: Wired, invoice_id: int) -> Payment:
    """The payment of an invoice's latest collection."""
    with wired.database.reading() as session:
        return session.get_one(Payment, collection_of(wired, invoice_id).payment_id)


def open_tasks(wired: Wired) -> list[TaskKind]:
    with wired.database.reading() as session:
        return [task.kind for task in tasks.tasks(session, tasks.View.OPEN)]


def test_an_invoice_is_announced_three_days_before_and_taken_on_its_due_day(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))

    days.until(date(2026, 4, 11))
    planned = standing(days.wired, invoice)
    days.until(date(2026, 4, 14))
    told = standing(days.wired, invoice)
    days.until(DUE)

    assert (planned, told) == ([(S.PLANNED, None)], [(S.ANNOUNCED, None)])
    assert standing(days.wired, invoice) == [(S.DONE, None)]
    assert open_minor(days.wired.database, invoice) == 0
    assert subjects(days.wired, payer.email) == [
        "Automatic payment to Your business is on",
        "Your business will take £120.00 automatically",
        PAID,
    ]
    assert payment_of(days.wired, invoice).effective_on == DUE


def test_a_card_that_declines_is_tried_again_and_after_three_days_of_it_autopay_stops_and_says_so(
    days: Days, payer: Payer
) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer, DECLINES))

    days.until(DUE)
    days.until(date(2026, 4, 17))
    twice = (collection_of(days.wired, invoice).tries, collection_of(days.wired, invoice).next_try_on)
    days.until(date(2026, 4, 25))

    assert twice == (2, date(2026, 4, 18))
    assert collection_of(days.wired, invoice).tries == 3
    assert standing(days.wired, invoice) == [(S.CANCELLED, EndReason.STOPPED)]
    assert autopay_of(days.wired, payer).stopped_why is StopReason.FAILURES
    assert payment_of(days.wired, invoice).status is PaymentStatus.CANCELED
    assert open_minor(days.wired.database, invoice) == 12000
    assert open_tasks(days.wired) == [TaskKind.AUTOPAY_STOPPED]
    assert subjects(days.wired, payer.email)[2:] == [
        "Your business could not take £120.00",
        "Your business could not take £120.00",
        "Automatic payment to Your business is off",
    ]


def test_several_invoices_that_fail_on_one_day_count_as_one_failure(days: Days, payer: Payer) -> None:
    invoices = [owes(days.wired, payer, amount, DUE) for amount in ("10.00", "20.00", "30.00", "40.00")]
    turn_on(days, payer, keep_a_card(days, payer, DECLINES))

    days.until(DUE)

    assert autopay_of(days.wired, payer).failures == 1
    assert [standing(days.wired, invoice) for invoice in invoices] == [[(S.RETRYING, None)]] * 4
    assert subjects(days.wired, payer.email)[1] == "Your business will take £100.00 automatically"


def test_a_bank_that_wants_the_payer_there_is_answered_on_the_same_payment(
    days: Days, payer: Payer, simulator: Simulator
) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer, ASKS))
    days.until(DUE)
    asked = standing(days.wired, invoice)
    payment = payment_of(days.wired, invoice)

    with days.wired.database.transaction() as session:
        waits = waits_for_bank(session, by_public_id(session, payment.public_id))
        attempt = starting.retry_saved(
            session,
            payment.id,
            saved_method_id=collection_of(days.wired, invoice).saved_method_id,
            login_id=None,
            return_url="http://127.0.0.1:1/returned",
            actor=Actor.login(payer.login_id),
        )
    outcome = sending.send(days.wired.database, days.wired.processor, attempt, actor=Actor.login(payer.login_id))
    simulator.answer_bank(payment.intent_id or "", passed=True)
    days.settle()

    assert (asked, waits, outcome) == ([(S.ACTION_REQUIRED, None)], True, Outcome.OPENED)
    assert standing(days.wired, invoice) == [(S.DONE, None)]
    assert simulator.charges_by_metadata("payment") == {payment.public_id: 1}
    assert "Please confirm your payment of £120.00 to Your business" in subjects(days.wired, payer.email)


def test_a_question_that_nobody_answers_in_a_week_ends_the_collection_and_frees_the_invoice(
    days: Days, payer: Payer
) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer, ASKS))

    days.until(DUE)
    days.until(date(2026, 4, 24))

    assert standing(days.wired, invoice) == [(S.EXHAUSTED, EndReason.UNANSWERED)]
    assert payment_of(days.wired, invoice).status is PaymentStatus.CANCELED
    assert autopay_of(days.wired, payer).failures == 1


def test_what_was_paid_in_part_meanwhile_is_taken_only_for_the_rest(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 13))
    with days.wired.database.transaction() as session:
        slip = Slip(
            method=PaymentMethod.CHEQUE,
            amount=money("50.00"),
            received_on=date(2026, 4, 13),
            reference=None,
            note=None,
            wanted={invoice: money("50.00")},
        )
        record_receipt(session, payer.account_id, slip, actor=OPERATOR)

    days.until(DUE)

    assert payment_of(days.wired, invoice).amount == money("70.00")
    assert standing(days.wired, invoice) == [(S.DONE, None)]


def test_turning_it_off_cancels_what_is_ahead_and_nothing_is_taken(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))

    with days.wired.database.transaction() as session:
        turning.turn_off(session, payer.account_id, StopReason.PAYER, actor=Actor.login(payer.login_id))
    days.until(date(2026, 4, 20))

    assert standing(days.wired, invoice) == [(S.CANCELLED, EndReason.STOPPED)]
    assert open_minor(days.wired.database, invoice) == 12000
    assert subjects(days.wired, payer.email)[-1] == "Automatic payment to Your business is off"


def test_turning_it_off_between_tries_ends_the_payment_at_the_processor(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer, DECLINES))
    days.until(DUE)

    with days.wired.database.transaction() as session:
        turning.turn_off(session, payer.account_id, StopReason.STAFF, actor=OPERATOR, note="they asked by phone")
    ending = standing(days.wired, invoice)
    days.settle()

    assert ending == [(S.RETRYING, EndReason.STOPPED)]
    assert standing(days.wired, invoice) == [(S.CANCELLED, EndReason.STOPPED)]
    assert payment_of(days.wired, invoice).status is PaymentStatus.CANCELED


def test_who_pays_in_another_way_between_tries_ends_the_collection_first(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer, DECLINES))
    days.until(DUE)
    in_the_way = payment_of(days.wired, invoice).public_id

    def start() -> str:
        with days.wired.database.transaction() as session:
            return starting.start(
                session,
                days.wired.processor,
                payer.account_id,
                {invoice: money("120.00")},
                login_id=payer.login_id,
                return_url="http://127.0.0.1:1/payments/{payment}/returned",
                cancel_url="http://127.0.0.1:1/payments/{payment}",
                language="en",
                actor=Actor.login(payer.login_id),
            ).public_id

    with pytest.raises(AlreadyClaimed) as claimed:
        start()
    gone = sending.cancel(days.wired.database, days.wired.processor, in_the_way, actor=Actor.login(payer.login_id))
    start()
    days.until(date(2026, 4, 16))

    assert (claimed.value.payment_public_id, gone) == (in_the_way, True)
    assert standing(days.wired, invoice)[0] == (S.CANCELLED, EndReason.GIVEN_UP)


def test_an_invoice_that_somebody_is_paying_on_the_day_is_left_to_them(
    days: Days, payer: Payer, simulator: Simulator
) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))
    days.clock.move_to(datetime(2026, 4, 14, 22, 50, tzinfo=UTC))
    with days.wired.database.transaction() as session:
        started = starting.start(
            session,
            days.wired.processor,
            payer.account_id,
            {invoice: money("120.00")},
            login_id=payer.login_id,
            return_url="http://127.0.0.1:1/payments/{payment}/returned",
            cancel_url="http://127.0.0.1:1/payments/{payment}",
            language="en",
            actor=Actor.login(payer.login_id),
        )
    sending.send(days.wired.database, days.wired.processor, started.attempt_id, actor=WORKER)

    days.clock.move_to(datetime(2026, 4, 14, 23, 10, tzinfo=UTC))
    collecting.do_due(days.wired)
    with days.wired.database.reading() as session:
        page = by_public_id(session, started.public_id).checkout_id or ""
    simulator.pay_session(page)
    days.until(date(2026, 4, 25))

    assert standing(days.wired, invoice)[0] == (S.CANCELLED, EndReason.BEING_PAID)
    assert all(state is S.CANCELLED for state, _ in standing(days.wired, invoice))
    assert simulator.charges_by_metadata("payment") == {started.public_id: 1}


def test_what_is_held_is_not_taken_and_is_announced_anew_once_it_is_free(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))
    with days.wired.database.transaction() as session:
        write(session, payer.account_id, StopKind.MANUAL, "test", actor=OPERATOR, invoice_id=invoice)
    days.until(date(2026, 4, 20))
    held = standing(days.wired, invoice)

    with days.wired.database.transaction() as session:
        lift(session, StopKind.MANUAL, "test", actor=OPERATOR)
    days.settle()
    days.until(date(2026, 4, 24))

    assert held == [(S.CANCELLED, EndReason.HELD), (S.PLANNED, None)]
    assert standing(days.wired, invoice)[1] == (S.DONE, None)
    assert payment_of(days.wired, invoice).effective_on == date(2026, 4, 23)


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
        collecting.do_due(days.wired)
    cut_off = standing(days.wired, invoice)
    clock.advance(minutes=2)
    days.settle()

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
