"""Payments from saved methods: one press, the bank's question, declines, tries again, and how they end."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.audit.model import AUDIT_ENTRIES
from domain.payments import janitor, sending
from domain.payments.model import PaymentStatus
from domain.payments.processor import ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.snapshots import IntentState
from domain.payments.starting import AlreadyClaimed, Started
from domain.processing.reconciling.payments import reconcile_intent
from domain.saved_methods.keeping import lose, remove
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict, NotFound
from tests.support.builders import money
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import Debt, a_debt, open_minor, start
from tests.support.saving import (
    BANK,
    NO_MONEY,
    a_method,
    an_intent,
    claimed,
    declined,
    key,
    messages,
    payment,
    start_saved,
)


@pytest.fixture
def debt(db: Database) -> Debt:
    return a_debt(db, "120")


@pytest.fixture
def method(db: Database, debt: Debt) -> int:
    return a_method(db, debt.account_id, debt.ana)


@pytest.fixture
def processor() -> FakeProcessor:
    return FakeProcessor()


@pytest.fixture
def started(db: Database, debt: Debt, method: int, processor: FakeProcessor) -> Started:
    return start_saved(db, processor, debt, {debt.invoices[0]: money("120")}, method)


def test_one_press_takes_the_money_and_only_the_reconciliation_posts_it(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    with db.reading() as session:
        success = a_success(started.public_id, money("120"), now(session))
    processor.answers[key(started)] = success

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)
    before = open_minor(db, debt.invoices[0])
    with db.transaction() as session:
        reconcile_intent(session, success)

    assert outcome is Outcome.TAKEN
    assert before == 12000
    assert open_minor(db, debt.invoices[0]) == 0
    assert "look_up" in messages(db)
    assert processor.sent[key(started)]["method"] == "pm_1"


def test_pressing_twice_is_one_payment(
    db: Database, debt: Debt, method: int, processor: FakeProcessor, started: Started
) -> None:
    again = start_saved(db, processor, debt, {debt.invoices[0]: money("120")}, method)

    assert (again.payment_id, again.attempt_id) == (started.payment_id, started.attempt_id)


def test_the_same_person_in_another_way_is_told_that_they_have_started(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    with pytest.raises(AlreadyClaimed) as refusal:
        start(db, processor, debt, {debt.invoices[0]: money("120")})

    assert refusal.value.mine
    assert refusal.value.payment_public_id == started.public_id


def test_the_banks_question_is_where_the_payer_goes_on(
    db: Database, debt: Debt, method: int, processor: FakeProcessor, started: Started
) -> None:
    processor.answers[key(started)] = an_intent(
        started.public_id, IntentState.REQUIRES_ACTION, amount=money("120"), confirm_url=BANK
    )

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)
    again = start_saved(db, processor, debt, {debt.invoices[0]: money("120")}, method)

    assert outcome is Outcome.OPENED
    assert payment(db, started).checkout_url == BANK
    assert again.url == BANK
    assert claimed(db, debt) == 1


def test_a_question_answered_wrongly_ends_the_payment(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    asked = an_intent(started.public_id, IntentState.REQUIRES_ACTION, amount=money("120"), confirm_url=BANK)
    processor.answers[key(started)] = asked
    sending.send(db, processor, started.attempt_id, actor=WORKER)

    with db.transaction() as session:
        reconcile_intent(
            session, an_intent(started.public_id, IntentState.WAITING, amount=money("120"), failure="Not confirmed.")
        )

    stands = payment(db, started)
    assert (stands.status, stands.failure, stands.checkout_url) == (PaymentStatus.FAILED, "Not confirmed.", None)
    assert claimed(db, debt) == 0
    assert "end_intent" in messages(db)
    assert "send_payment_failed" not in messages(db)


def test_a_decline_ends_the_payment_and_what_is_left_at_the_processor(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    processor.answers[key(started)] = declined(started)
    processor.answers["pi_1"] = declined(started, state=IntentState.CANCELED)

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)
    again = sending.send(db, processor, started.attempt_id, actor=WORKER)
    sending.end_intent(db, processor, started.payment_id)

    assert (outcome, again) == (Outcome.DECLINED, Outcome.DECLINED)
    assert (payment(db, started).status, payment(db, started).failure) == (PaymentStatus.FAILED, NO_MONEY)
    assert claimed(db, debt) == 0
    assert "end_intent" in messages(db)
    assert processor.calls["cancel_intent"] == 1


def test_what_cannot_be_ended_is_looked_at_again(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    processor.answers[key(started)] = declined(started)
    sending.send(db, processor, started.attempt_id, actor=WORKER)
    with db.reading() as session:
        processor.answers["pi_1"] = a_success(started.public_id, money("120"), now(session))

    sending.end_intent(db, processor, started.payment_id)

    assert messages(db)[-1] == "look_up"


def test_a_lost_answer_is_unknown_until_the_same_key_ends_it(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    processor.trouble = ProcessorUnreachable()
    first = sending.send(db, processor, started.attempt_id, actor=WORKER)
    with pytest.raises(Conflict):
        sending.cancel(db, processor, started.public_id, actor=WORKER)
    with db.reading() as session:
        processor.answers[key(started)] = a_success(started.public_id, money("120"), now(session))

    second = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert (first, second) == (Outcome.UNKNOWN, Outcome.TAKEN)
    assert claimed(db, debt) == 1


def test_a_saved_error_is_looked_up_in_the_list_and_believed_absent_only_after_a_while(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started, clock: MovableClock
) -> None:
    processor.trouble = ProcessorConfused()

    soon = sending.send(db, processor, started.attempt_id, actor=WORKER)
    clock.advance(minutes=6)
    later = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert (soon, later) == (Outcome.UNKNOWN, Outcome.REFUSED)
    assert processor.calls["pay_saved"] == 1
    assert claimed(db, debt) == 0


def test_a_saved_error_whose_intent_is_in_the_list_is_what_the_intent_says(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    with db.reading() as session:
        processor.intents["pi_1"] = a_success(started.public_id, money("120"), now(session))
    processor.trouble = ProcessorConfused()

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert outcome is Outcome.TAKEN


def test_a_refusal_ends_the_payment(db: Database, debt: Debt, processor: FakeProcessor, started: Started) -> None:
    processor.answers[key(started)] = ProcessorRefused("No such payment method.")

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert outcome is Outcome.REFUSED
    assert payment(db, started).status is PaymentStatus.FAILED
    assert claimed(db, debt) == 0


def test_taking_over_ends_the_intent_first(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    asked = an_intent(started.public_id, IntentState.REQUIRES_ACTION, amount=money("120"), confirm_url=BANK)
    processor.answers[key(started)] = asked
    sending.send(db, processor, started.attempt_id, actor=WORKER)
    processor.answers["pi_1"] = an_intent(started.public_id, IntentState.CANCELED, amount=money("120"))

    gone = sending.cancel(db, processor, started.public_id, actor=Actor.login(debt.ben))

    assert gone
    assert payment(db, started).status is PaymentStatus.CANCELED
    assert claimed(db, debt) == 0


def test_a_refused_ending_means_that_it_was_paid_and_frees_nothing(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    asked = an_intent(started.public_id, IntentState.REQUIRES_ACTION, amount=money("120"), confirm_url=BANK)
    processor.answers[key(started)] = asked
    sending.send(db, processor, started.attempt_id, actor=WORKER)
    with db.reading() as session:
        processor.answers["pi_1"] = a_success(started.public_id, money("120"), now(session))

    gone = sending.cancel(db, processor, started.public_id, actor=Actor.login(debt.ben))

    assert not gone
    assert claimed(db, debt) == 1
    assert messages(db)[-1] == "look_up"


def test_a_question_that_nobody_answers_is_abandoned_after_an_hour(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started, clock: MovableClock
) -> None:
    asked = an_intent(started.public_id, IntentState.REQUIRES_ACTION, amount=money("120"), confirm_url=BANK)
    processor.answers[key(started)] = asked
    sending.send(db, processor, started.attempt_id, actor=WORKER)

    with db.transaction() as session:
        at_once = (janitor.take_silent(session), janitor.abandoned(session, started.payment_id))
    clock.advance(hours=1, minutes=2)
    with db.transaction() as session:
        later = (janitor.take_silent(session), janitor.abandoned(session, started.payment_id))

    assert at_once == ([], None)
    assert later == ([started.payment_id], started.public_id)


def test_a_method_of_somebody_else_is_not_found_until_they_share_it(
    db: Database, debt: Debt, processor: FakeProcessor
) -> None:
    wanted = {debt.invoices[0]: money("120")}
    method = a_method(db, debt.account_id, debt.ana)
    with pytest.raises(NotFound):
        start_saved(db, processor, debt, wanted, method, login_id=debt.ben)
    with db.transaction() as session:
        session.get_one(SavedMethod, method).shared = True

    shared = start_saved(db, processor, debt, wanted, method, login_id=debt.ben)

    assert claimed(db, debt) == 1
    assert payment(db, shared).login_id == debt.ben


def test_a_method_that_was_removed_or_lost_pays_nothing(
    db: Database, debt: Debt, method: int, processor: FakeProcessor
) -> None:
    wanted = {debt.invoices[0]: money("120")}
    with db.transaction() as session:
        lose(session, session.get_one(SavedMethod, method), actor=WORKER)
    with pytest.raises(Conflict):
        start_saved(db, processor, debt, wanted, method)
    with db.transaction() as session:
        remove(session, debt.account_id, method, login_id=debt.ana, actor=Actor.login(debt.ana))

    with pytest.raises(NotFound):
        start_saved(db, processor, debt, wanted, method)


def test_a_bank_debit_on_its_way_is_looked_at_twice_a_day(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started, clock: MovableClock
) -> None:
    coming = an_intent(started.public_id, IntentState.PROCESSING, amount=money("120"))
    processor.answers[key(started)] = coming
    sending.send(db, processor, started.attempt_id, actor=WORKER)
    with db.transaction() as session:
        reconcile_intent(session, coming)

    turns = []
    for _ in range(6):
        clock.advance(hours=5)
        with db.transaction() as session:
            turns.append(len(janitor.take_silent(session)))

    assert turns == [0, 0, 1, 0, 0, 1]


def test_a_decline_that_was_told_before_it_was_answered_is_one_decline(
    db: Database, debt: Debt, processor: FakeProcessor, started: Started
) -> None:
    no = an_intent(started.public_id, IntentState.WAITING, amount=money("120"), failure=NO_MONEY)
    with db.transaction() as session:
        reconcile_intent(session, no)
    processor.answers[key(started)] = no

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert outcome is Outcome.DECLINED
    assert payment(db, started).status is PaymentStatus.FAILED
    with db.reading() as session:
        told = session.scalars(select(AUDIT_ENTRIES.c.act).where(AUDIT_ENTRIES.c.act == "payment.declined")).all()
    assert len(told) == 1
