"""Automatic payment against the simulator: announced, taken on the day, tried again, confirmed, stopped by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adapters.stripe.simulator import Simulator
from app.handlers import collecting
from domain.collecting import queries, turning
from domain.collecting.model import CollectionState, EndReason, StopReason
from domain.collecting.queries import to_follow
from domain.payments import sending, starting
from domain.payments.model import PaymentMethod, PaymentStatus
from domain.payments.queries import by_public_id, waits_for_bank
from domain.payments.sending import Outcome
from domain.payments.starting import AlreadyClaimed
from domain.processing.extending import extend
from domain.processing.receipts.recording import Slip, record_receipt
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.staff.model import Role
from domain.stops.model import StopKind
from domain.stops.writing import lift, write
from domain.tasks.model import TaskKind
from tests.support.builders import money
from tests.support.collecting import (
    ASKS,
    DECLINES,
    Days,
    Payer,
    autopay_of,
    collection_of,
    keep_a_card,
    open_tasks,
    owes,
    payment_of,
    standing,
    subjects,
    turn_on,
)
from tests.support.paying import open_minor

S = CollectionState
DUE = date(2026, 4, 15)
PAID = "Receipt for £120.00 from Your business"


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
        has_a_turn = to_follow(session)
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
    assert has_a_turn == []
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
        shown = queries.coming(session, payer.account_id)
    days.until(date(2026, 4, 20))
    held = standing(days.wired, invoice)

    with days.wired.database.transaction() as session:
        lift(session, StopKind.MANUAL, "test", actor=OPERATOR)
    days.settle()
    days.until(date(2026, 4, 24))

    assert shown == []
    assert held == [(S.CANCELLED, EndReason.HELD), (S.PLANNED, None)]
    assert standing(days.wired, invoice)[1] == (S.DONE, None)
    assert payment_of(days.wired, invoice).effective_on == date(2026, 4, 23)


def test_a_later_due_day_moves_the_planned_payment_and_it_is_announced_anew(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 13))
    with days.wired.database.transaction() as session:
        later = date(2026, 4, 25)
        extend(session, payer.account_id, invoice, later, reason="Flooded", role=Role.MANAGER, actor=OPERATOR)

    days.until(date(2026, 4, 24))
    before = open_minor(days.wired.database, invoice)
    days.until(later)

    assert before == 12000
    assert open_minor(days.wired.database, invoice) == 0
    assert standing(days.wired, invoice) == [(S.CANCELLED, EndReason.EXTENDED), (S.DONE, None)]
    assert payment_of(days.wired, invoice).effective_on == later
    announced = "Your business will take £120.00 automatically"
    assert subjects(days.wired, payer.email).count(announced) == 2
