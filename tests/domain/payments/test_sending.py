"""The conversation with the processor: what is known, what is not, and how that ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.payments import queries, sending
from domain.payments.janitor import hanging_attempts, take_silent
from domain.payments.model import AttemptState, PaymentAttempt, PaymentStatus
from domain.payments.processor import ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict
from tests.support.builders import money
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt, a_debt, open_page, start


def status(db: Database, public_id: str) -> PaymentStatus:
    """How the payment stands."""
    with db.reading() as session:
        return queries.by_public_id(session, public_id).status


def state(db: Database, attempt_id: int) -> AttemptState:
    """How the attempt stands."""
    with db.reading() as session:
        return session.get_one(PaymentAttempt, attempt_id).state


def claims(db: Database, debt: Debt) -> int:
    """How many of the debt's invoices are claimed."""
    with db.reading() as session:
        return len(queries.live_claims(session, debt.invoices))


def test_a_cut_connection_leaves_it_unknown_and_the_same_key_ends_it_with_one_page(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})
    processor.trouble, processor.executes_before_trouble = ProcessorUnreachable(), True

    first = sending.send(db, processor, started.attempt_id, actor=WORKER)
    second = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert (first, second) == (Outcome.UNKNOWN, Outcome.OPENED)
    assert len(processor.sessions) == 1
    assert state(db, started.attempt_id) is AttemptState.ANSWERED


def test_a_definite_refusal_ends_the_payment_and_frees_the_invoice(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})
    processor.trouble = ProcessorRefused("Amount too small")

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert outcome is Outcome.REFUSED
    assert status(db, started.public_id) is PaymentStatus.FAILED
    assert claims(db, debt) == 0


def test_a_saved_error_is_never_asked_again_but_looked_up(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})
    processor.trouble, processor.executes_before_trouble = ProcessorConfused(), True

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert outcome is Outcome.OPENED
    assert processor.calls["open_checkout"] == 1
    assert processor.calls["find_checkout"] == 1


def test_what_the_list_does_not_show_is_believed_absent_only_after_a_while(db: Database, clock: MovableClock) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})
    processor.trouble = ProcessorConfused()
    sending.send(db, processor, started.attempt_id, actor=WORKER)

    soon = sending.send(db, processor, started.attempt_id, actor=WORKER)
    claimed_meanwhile = claims(db, debt)
    clock.advance(minutes=6)
    later = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert (soon, later) == (Outcome.UNKNOWN, Outcome.REFUSED)
    assert processor.calls["open_checkout"] == 1
    assert claimed_meanwhile == 1
    assert claims(db, debt) == 0


def test_a_key_that_the_processor_may_have_forgotten_is_not_used_again(db: Database, clock: MovableClock) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})
    clock.advance(hours=21)

    outcome = sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert outcome is Outcome.REFUSED
    assert (processor.calls["open_checkout"], processor.calls["find_checkout"]) == (0, 1)


def test_a_page_that_turns_up_after_we_gave_it_up_is_closed(db: Database, clock: MovableClock) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})
    late = FakeProcessor()
    late.sessions, late.by_key, late.bodies = processor.sessions, processor.by_key, processor.bodies

    def give_up_meanwhile(body: Mapping[str, Any], *, key: str) -> CheckoutSnapshot:
        processor.hides_from_lists = True
        clock.advance(hours=21)
        assert sending.send(db, processor, started.attempt_id, actor=WORKER) is Outcome.REFUSED
        return FakeProcessor.open_checkout(late, body, key=key)

    late.open_checkout = give_up_meanwhile  # type: ignore[method-assign]
    outcome = sending.send(db, late, started.attempt_id, actor=WORKER)

    assert outcome is Outcome.REFUSED
    assert status(db, started.public_id) is PaymentStatus.FAILED
    assert late.sessions["cs_1"].state is CheckoutState.EXPIRED


def test_the_janitor_sees_what_hangs_and_not_what_is_just_being_sent(db: Database, clock: MovableClock) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})

    with db.reading() as session:
        at_once = hanging_attempts(session)
    clock.advance(minutes=2)
    with db.reading() as session:
        later = hanging_attempts(session)

    assert (at_once, later) == ([], [started.attempt_id])


def test_taking_over_closes_the_page_and_frees_the_invoice(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})

    outcome = sending.cancel(db, processor, started.public_id, actor=WORKER)

    assert outcome is True
    assert status(db, started.public_id) is PaymentStatus.CANCELED
    assert claims(db, debt) == 0


def test_a_page_that_was_paid_first_is_not_closed_and_nothing_is_freed(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    processor.finish("cs_1", CheckoutState.COMPLETE)

    outcome = sending.cancel(db, processor, started.public_id, actor=WORKER)

    assert outcome is False
    assert claims(db, debt) == 1


def test_while_the_outcome_is_unknown_nobody_takes_over(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})
    processor.trouble = ProcessorUnreachable()
    sending.send(db, processor, started.attempt_id, actor=WORKER)

    with pytest.raises(Conflict):
        sending.cancel(db, processor, started.public_id, actor=WORKER)


def test_a_payment_that_was_never_sent_is_given_up_without_the_processor(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})

    outcome = sending.cancel(db, processor, started.public_id, actor=WORKER)

    assert outcome is True
    assert processor.calls["expire_checkout"] == 0
    assert claims(db, debt) == 0


def test_a_silent_payment_gets_its_turn_and_then_a_rest(db: Database, clock: MovableClock) -> None:
    debts, processor = [a_debt(db, "120") for _ in range(3)], FakeProcessor()
    for debt in debts:
        open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    clock.advance(hours=1, minutes=2)

    turns = []
    for _ in range(4):
        with db.transaction() as session:
            turns.append(len(take_silent(session, limit=2)))
    clock.advance(minutes=11)
    with db.transaction() as session:
        again = len(take_silent(session))

    assert (turns, again) == ([2, 1, 0, 0], 3)


def test_a_payment_refused_before_it_had_a_page_needs_no_closing(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = start(db, processor, debt, {debt.invoices[0]: money("120")})
    processor.trouble = ProcessorRefused("Amount too small")
    sending.send(db, processor, started.attempt_id, actor=WORKER)

    assert sending.cancel(db, processor, started.public_id, actor=WORKER)
