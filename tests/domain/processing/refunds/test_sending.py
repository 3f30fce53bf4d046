"""The conversation with the processor about a refund: what is known, what is not, and how that ends."""

from __future__ import annotations

from sqlalchemy import select

from domain.payments.model import AttemptState
from domain.payments.processor import ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.processing.refunds import sending
from domain.processing.refunds.sending import Outcome
from domain.refunds import queries
from domain.refunds.model import Refund, RefundSource, RefundStatus, RefundWay
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from domain.tasks.model import Task, TaskKind
from tests.support.fakes import FakeProcessor
from tests.support.paying import open_minor
from tests.support.refunding import again, ask, paid, paid_twice, reported


def send(db: Database, processor: FakeProcessor, refund: Refund) -> Outcome:
    """Have it sent once."""
    return sending.send(db, processor, refund.id, actor=WORKER)


def will_take(db: Database, processor: FakeProcessor, refund: Refund, amount: str) -> None:
    """The processor will answer that it has made the refund."""
    processor.answers[refund.name] = reported(refund, amount, db.clock.now())


def state(db: Database, refund: Refund) -> AttemptState:
    """What is known of the request."""
    with db.reading() as session:
        attempt = queries.attempt_of(session, refund.id)
        assert attempt is not None
        return attempt.state


def hanging(db: Database) -> list[int]:
    """What the janitor would send."""
    with db.reading() as session:
        return sending.hanging(session)


def test_it_is_sent_once_and_taken(db: Database) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund = ask(db, given, "120")
    will_take(db, processor, refund, "120")

    first, second = send(db, processor, refund), send(db, processor, refund)

    assert (first, second) == (Outcome.TAKEN, Outcome.TAKEN)
    assert processor.calls["open_refund"] == 1
    assert processor.sent[refund.name]["refunded"] == "pi_1"
    assert (again(db, refund).status, state(db, refund)) == (RefundStatus.SUCCEEDED, AttemptState.ANSWERED)


def test_a_cut_connection_leaves_it_unknown_and_the_same_key_and_body_end_it(db: Database) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund = ask(db, given, "120")
    processor.answers[refund.name] = ProcessorUnreachable()
    first = send(db, processor, refund)
    unknown = state(db, refund)

    will_take(db, processor, refund, "120")
    second = send(db, processor, refund)

    assert (first, unknown, second) == (Outcome.UNKNOWN, AttemptState.UNKNOWN, Outcome.TAKEN)


def test_a_definite_refusal_ends_it_and_everything_is_as_it_was(db: Database) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund = ask(db, given, "120")
    processor.answers[refund.name] = ProcessorRefused("Charge has been charged back")

    outcomes = send(db, processor, refund), send(db, processor, refund)

    assert outcomes == (Outcome.ENDED, Outcome.ENDED)
    assert processor.calls["open_refund"] == 1
    assert (again(db, refund).status, again(db, refund).failure) == (
        RefundStatus.FAILED,
        "Charge has been charged back",
    )
    assert open_minor(db, given.debt.invoices[0]) == 0


def test_a_saved_error_is_never_asked_again_but_looked_up(db: Database) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund = ask(db, given, "120")
    processor.answers[refund.name] = ProcessorConfused()
    first = send(db, processor, refund)

    processor.refunds["re_1"] = reported(refund, "120", db.clock.now())
    second = send(db, processor, refund)

    assert (first, second) == (Outcome.UNKNOWN, Outcome.TAKEN)
    assert (processor.calls["open_refund"], processor.calls["find_refund"]) == (1, 2)


def test_what_the_list_does_not_show_is_believed_absent_only_after_a_while(db: Database, clock: MovableClock) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund = ask(db, given, "120")
    processor.answers[refund.name] = ProcessorConfused()
    send(db, processor, refund)

    soon = send(db, processor, refund)
    clock.advance(minutes=6)
    later = send(db, processor, refund)

    assert (soon, later) == (Outcome.UNKNOWN, Outcome.ENDED)
    assert again(db, refund).status is RefundStatus.FAILED


def test_a_key_that_the_processor_may_have_forgotten_is_not_used_again(db: Database, clock: MovableClock) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund = ask(db, given, "120")
    processor.answers[refund.name] = ProcessorUnreachable()
    send(db, processor, refund)
    clock.advance(hours=21)

    outcome = send(db, processor, refund)

    assert outcome is Outcome.ENDED
    assert (processor.calls["open_refund"], processor.calls["find_refund"]) == (1, 1)


def test_while_the_list_is_out_of_reach_nothing_is_decided(db: Database, clock: MovableClock) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund = ask(db, given, "120")
    processor.answers[refund.name] = ProcessorUnreachable()
    send(db, processor, refund)
    clock.advance(hours=21)
    processor.trouble = ProcessorUnreachable()

    assert send(db, processor, refund) is Outcome.UNKNOWN
    assert again(db, refund).status is RefundStatus.PENDING


def test_what_waits_for_approval_or_goes_from_the_bank_is_never_sent(db: Database) -> None:
    processor = FakeProcessor()
    waiting = ask(db, paid_twice(db, "900"), "900", RefundSource.CREDIT, role=Role.COLLECTOR)

    outcome = send(db, processor, waiting)

    assert outcome is Outcome.ENDED
    assert processor.calls["open_refund"] == 0


def test_the_janitor_sees_what_hangs_and_not_what_is_just_being_sent(db: Database, clock: MovableClock) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund, by_bank = ask(db, given, "50"), ask(db, given, "20", way=RefundWay.BANK)

    at_once = hanging(db)
    clock.advance(minutes=2)
    later = hanging(db)
    will_take(db, processor, refund, "50")
    send(db, processor, refund)

    assert (at_once, later, hanging(db)) == ([], [refund.id], [])
    assert again(db, by_bank).status is RefundStatus.PENDING


def test_after_an_hour_without_an_answer_somebody_is_asked_until_it_is_known(db: Database, clock: MovableClock) -> None:
    given, processor = paid(db, "120"), FakeProcessor()
    refund = ask(db, given, "120")
    processor.answers[refund.name] = ProcessorUnreachable()
    send(db, processor, refund)
    clock.advance(hours=1, minutes=1)

    with db.transaction() as session:
        sending.ask_about_unknown(session)
        asked = list(session.scalars(select(Task.kind)))
    will_take(db, processor, refund, "120")
    send(db, processor, refund)

    with db.reading() as session:
        still = list(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))
    assert (asked, still) == ([TaskKind.REFUND_UNKNOWN], [])
