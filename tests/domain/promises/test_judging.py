"""Judging promises: by the money that came in time, in the customer's own zone, again when more is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.issuing import void
from domain.payments.model import Payment
from domain.processing.receipts.returning import return_receipt
from domain.promises import queries
from domain.promises.judging import waiting
from domain.promises.model import PromiseStatus, PromiseToPay
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.stops.queries import live
from domain.tasks.model import Task, TaskKind
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.disputing import contest
from tests.support.promising import a_promise, judged, promised


def again(session: Session, promise: PromiseToPay) -> PromiseToPay:
    """The promise in another session."""
    return session.get_one(PromiseToPay, promise.id)


def invoice_of(session: Session, promise: PromiseToPay) -> Invoice:
    """The first invoice that it is about."""
    return session.get_one(Invoice, queries.parts(session, promise.id)[0].invoice_id)


def waiting_tasks(session: Session) -> list[tuple[TaskKind, int | None]]:
    """What waits for staff, and its worth."""
    rows = session.execute(select(Task.kind, Task.worth_minor).where(Task.done_at.is_(None)))
    return [(row.kind, row.worth_minor) for row in rows]


def test_kept_as_soon_as_all_of_it_has_come(db: Database) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session, "120", "80", days=7)
        first, second = (part.invoice_id for part in queries.parts(session, promise.id))
        a_cheque(session, account, "120", wanted={first: money("120")})
        before = judged(session, promise)
        a_cheque(session, account, "80", reference="000124", wanted={second: money("80")})

        assert before is PromiseStatus.OPEN
        assert judged(session, promise) is PromiseStatus.KEPT
        assert not live(session, account.id)
        assert not waiting(session, limit=5)


def test_broken_when_its_day_is_over_and_chasing_goes_on(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session, days=7)
        a_cheque(session, account, "20", wanted={invoice_of(session, promise).id: money("20")})
    clock.advance(days=7)
    with db.transaction() as session:
        assert judged(session, again(session, promise)) is PromiseStatus.OPEN
    clock.advance(days=1)
    with db.transaction() as session:
        assert judged(session, again(session, promise)) is PromiseStatus.BROKEN
        assert not live(session, account.id)
        assert waiting_tasks(session) == [(TaskKind.PROMISE_BROKEN, 10000)]
        assert judged(session, again(session, promise)) is PromiseStatus.BROKEN


@pytest.mark.parametrize(
    ("zone", "status"), [("Pacific/Auckland", PromiseStatus.BROKEN), ("America/Los_Angeles", PromiseStatus.OPEN)]
)
def test_the_day_ends_where_the_customer_is(
    db: Database, clock: MovableClock, zone: str, status: PromiseStatus
) -> None:
    with db.transaction() as session:
        account = an_account(session, time_zone=zone)
        promise = promised(session, account, an_invoice(session, account, "120"), days=2)
        day = promise.promised_on
    clock.move_to(datetime(day.year, day.month, day.day, 15, tzinfo=UTC))

    with db.transaction() as session:
        assert judged(session, again(session, promise)) is status


def test_money_entered_late_that_came_in_time_makes_it_kept(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session, days=3)
        invoice_id = invoice_of(session, promise).id
    clock.advance(days=4)
    with db.transaction() as session:
        assert judged(session, again(session, promise)) is PromiseStatus.BROKEN
    clock.advance(days=1)
    with db.transaction() as session:
        wanted = {invoice_id: money("120")}
        a_cheque(session, account, "120", on=today(session) - timedelta(days=2), wanted=wanted)

        assert judged(session, again(session, promise)) is PromiseStatus.KEPT
        assert waiting_tasks(session) == []


def test_money_that_came_late_leaves_it_broken(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session, days=3)
        invoice_id = invoice_of(session, promise).id
    clock.advance(days=4)
    with db.transaction() as session:
        a_cheque(session, account, "120", wanted={invoice_id: money("120")})

        assert judged(session, again(session, promise)) is PromiseStatus.BROKEN


def test_a_cheque_that_bounces_breaks_what_it_had_kept(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session, days=3)
        cheque = a_cheque(session, account, "120", wanted={invoice_of(session, promise).id: money("120")})
        assert judged(session, promise) is PromiseStatus.KEPT
    clock.advance(days=1)
    with db.transaction() as session:
        return_receipt(
            session, session.get_one(Payment, cheque.id), today(session), reason="Refer to drawer", actor=OPERATOR
        )
        assert judged(session, again(session, promise)) is PromiseStatus.KEPT
    clock.advance(days=3)

    with db.transaction() as session:
        assert judged(session, again(session, promise)) is PromiseStatus.BROKEN


def test_what_was_settled_before_does_not_count(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "200")
        a_cheque(session, account, "80", wanted={invoice.id: money("80")})
    clock.advance(minutes=1)
    with db.transaction() as session:
        promise = promised(session, account, invoice, days=1, of="80")
    clock.advance(days=2)

    with db.transaction() as session:
        assert judged(session, again(session, promise)) is PromiseStatus.BROKEN


def test_what_is_credited_contested_or_withdrawn_is_not_asked_for(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session, "120", "80", "50", days=2)
        credited, contested, gone = (
            session.get_one(Invoice, part.invoice_id) for part in queries.parts(session, promise.id)
        )
        issue_credit_note(session, account, credited, money("120"), reason="Goodwill", actor=OPERATOR)
        contest(session, account, contested)
        void(session, gone, why="Issued twice", actor=OPERATOR)
    clock.advance(days=3)

    with db.transaction() as session:
        assert judged(session, again(session, promise)) is PromiseStatus.KEPT
