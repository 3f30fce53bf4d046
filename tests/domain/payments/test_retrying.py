"""Automatic payments from saved methods: they wait after a decline, and are confirmed again."""

from __future__ import annotations

import pytest

from domain.payments import queries, sending, starting
from domain.payments.model import AttemptState, PaymentAttempt, PaymentStatus
from domain.payments.processor import ProcessorConfused, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.snapshots import IntentState
from domain.payments.starting import Started
from domain.processing.reconciling.payments import reconcile_intent
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict
from tests.support.builders import money
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import Debt, a_debt
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
    start_automatic,
)


def retry(db: Database, started: Started, method_id: int, *, return_url: str | None = None) -> int:
    """One more try."""
    with db.transaction() as session:
        return starting.retry_saved(
            session, started.payment_id, saved_method_id=method_id, login_id=None, return_url=return_url, actor=WORKER
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


def test_an_automatic_payment_waits_after_a_decline_and_is_confirmed_again(
    db: Database, debt: Debt, method: int, processor: FakeProcessor
) -> None:
    started = start_automatic(db, processor, debt, {debt.invoices[0]: money("120")}, method)
    processor.answers[key(started)] = declined(started)
    first = sending.send(db, processor, started.attempt_id, actor=WORKER)
    waiting = (payment(db, started).status, claimed(db, debt))
    attempt_id = retry(db, started, method)
    with db.reading() as session:
        code = queries.decline_of(session, started.attempt_id)
        processor.answers[key(started, 2)] = a_success(started.public_id, money("120"), now(session))

    second = sending.send(db, processor, attempt_id, actor=WORKER)

    assert (first, second) == (Outcome.DECLINED, Outcome.TAKEN)
    assert waiting == (PaymentStatus.PENDING, 1)
    assert code == "insufficient_funds"
    assert processor.sent[key(started, 2)] == {"payment_method": "pm_1", "off_session": True}
    assert "end_intent" not in messages(db)


def test_a_retry_whose_outcome_is_unknown_is_the_same_retry(
    db: Database, debt: Debt, method: int, processor: FakeProcessor
) -> None:
    started = start_automatic(db, processor, debt, {debt.invoices[0]: money("120")}, method)
    processor.answers[key(started)] = declined(started)
    sending.send(db, processor, started.attempt_id, actor=WORKER)
    attempt_id = retry(db, started, method)
    processor.trouble = ProcessorUnreachable()
    sending.send(db, processor, attempt_id, actor=WORKER)

    again = retry(db, started, method)

    assert again == attempt_id
    with db.reading() as session:
        assert session.get_one(PaymentAttempt, attempt_id).state is AttemptState.UNKNOWN


def test_an_unknown_retry_is_not_taken_for_declined_before_it_can_be_over(
    db: Database, debt: Debt, method: int, processor: FakeProcessor, clock: MovableClock
) -> None:
    started = start_automatic(db, processor, debt, {debt.invoices[0]: money("120")}, method)
    processor.answers[key(started)] = declined(started)
    sending.send(db, processor, started.attempt_id, actor=WORKER)
    attempt_id = retry(db, started, method)
    processor.trouble = ProcessorConfused()

    soon = sending.send(db, processor, attempt_id, actor=WORKER)
    clock.advance(minutes=6)
    later = sending.send(db, processor, attempt_id, actor=WORKER)

    assert (soon, later) == (Outcome.UNKNOWN, Outcome.DECLINED)
    assert payment(db, started).status is PaymentStatus.PENDING


def test_a_bank_that_wants_the_payer_is_answered_by_confirming_the_same_one(
    db: Database, debt: Debt, method: int, processor: FakeProcessor
) -> None:
    started = start_automatic(db, processor, debt, {debt.invoices[0]: money("120")}, method)
    processor.answers[key(started)] = declined(started, "authentication_required")
    sending.send(db, processor, started.attempt_id, actor=WORKER)
    attempt_id = retry(db, started, method, return_url="https://portal.example/{payment}")
    processor.answers[key(started, 2)] = an_intent(
        started.public_id, IntentState.REQUIRES_ACTION, amount=money("120"), confirm_url=BANK
    )

    outcome = sending.send(db, processor, attempt_id, actor=WORKER)

    assert outcome is Outcome.OPENED
    assert payment(db, started).checkout_url == BANK
    assert processor.sent[key(started, 2)]["return_url"] == f"https://portal.example/{started.public_id}"


def test_a_bank_debit_that_fails_late_waits_for_a_further_try_when_it_was_automatic(
    db: Database, debt: Debt, method: int, processor: FakeProcessor
) -> None:
    started = start_automatic(db, processor, debt, {debt.invoices[0]: money("120")}, method)
    coming = an_intent(started.public_id, IntentState.PROCESSING, amount=money("120"))
    processor.answers[key(started)] = coming
    sending.send(db, processor, started.attempt_id, actor=WORKER)
    with db.transaction() as session:
        reconcile_intent(session, coming)
        on_its_way = queries.by_public_id(session, started.public_id).status

    with db.transaction() as session:
        reconcile_intent(
            session, an_intent(started.public_id, IntentState.WAITING, amount=money("120"), failure=NO_MONEY)
        )

    assert on_its_way is PaymentStatus.PROCESSING
    assert payment(db, started).status is PaymentStatus.REQUIRES_ACTION
    assert claimed(db, debt) == 1


def test_what_has_arrived_or_was_never_taken_on_cannot_be_tried_again(
    db: Database, debt: Debt, method: int, processor: FakeProcessor
) -> None:
    started = start_automatic(db, processor, debt, {debt.invoices[0]: money("120")}, method)
    with pytest.raises(Conflict):
        retry(db, started, method)
    with db.reading() as session:
        success = a_success(started.public_id, money("120"), now(session))
    with db.transaction() as session:
        reconcile_intent(session, success)

    with pytest.raises(Conflict):
        retry(db, started, method)
