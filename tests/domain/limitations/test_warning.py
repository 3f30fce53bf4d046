"""Warning: who looks at a debt that ends soon, how often, and what the lists of those that end and have ended hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers import limitation_turns
from domain.accounts.model import LegalForm
from domain.limitations import barring, queries, recording
from domain.limitations.clock import add_years
from domain.limitations.model import LimitationAct, LimitationWarning
from domain.limitations.recording import Noted
from domain.limitations.warning import accounts_to_warn_of, warn
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.stops import queries as stops
from domain.stops.model import StopKind
from domain.tasks.model import Task, TaskKind
from tests.domain.limitations.test_facts import an_old_debt
from tests.support.builders import a_receipt
from tests.support.counting import counted


def ends_in(session: Session, days: int, country: str = "GB", years: int = 6) -> tuple[int, Invoice]:
    """A debt that can be enforced for so many days more, today not counted; its account's id."""
    due_on = add_years(today(session) + timedelta(days=days), -years)
    account, invoice = an_old_debt(session, due_on=due_on, country=country)
    return account.id, invoice


def open_tasks(session: Session) -> list[Task]:
    """The warnings that wait."""
    wanted = select(Task).where(Task.kind == TaskKind.LIMITATION_NEAR, Task.done_at.is_(None)).order_by(Task.id)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def test_what_ends_soon_is_listed_first_first_and_nothing_else(db: Database) -> None:
    with db.transaction() as session:
        _, later = ends_in(session, 100)
        _, today_still = ends_in(session, 0)
        ends_in(session, 181)
        _, gone = ends_in(session, -1)
        _, french = ends_in(session, 30, country="FR", years=5)
        ends_in(session, 30, country="JP")

        assert [one.invoice_id for one in queries.ending(session, within_days=180)] == [
            today_still.id,
            french.id,
            later.id,
        ]
        assert [one.invoice_id for one in queries.over(session)] == [gone.id]
        assert queries.over(session, accounts=[]) == []


@pytest.mark.parametrize("form", [LegalForm.COMPANY, LegalForm.NATURAL_PERSON])
def test_the_end_of_a_german_year_is_found_wherever_in_the_year_it_was_due(db: Database, form: LegalForm) -> None:
    with db.transaction() as session:
        year = today(session).year
        due = [date(year - 3, 1, 1), date(year - 3, 12, 31)]
        ids = [an_old_debt(session, due_on=day, country="DE", form=form)[1].id for day in due]
        an_old_debt(session, due_on=date(year - 2, 1, 1), country="DE", form=form)

        assert {one.invoice_id for one in queries.ending(session, within_days=366)} == set(ids)


def test_what_was_paid_in_part_or_judged_ends_when_that_says(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = an_old_debt(session, due_on=add_years(today(session), -8))
        paid_on = add_years(today(session), -6) + timedelta(days=20)
        a_receipt(session, account, "1", paid_on, invoice)
        other, judged = an_old_debt(session, due_on=add_years(today(session), -9))
        noted = Noted(LimitationAct.JUDGMENT, paid_on + timedelta(days=1), "", invoice_id=judged.id)
        recording.note_of_case(session, other.id, noted, source="legal_case:1", actor=OPERATOR)

        found = queries.ending(session, within_days=180)

        assert [(one.invoice_id, one.last_on) for one in found] == [
            (invoice.id, add_years(paid_on, 6)),
            (judged.id, add_years(paid_on, 6) + timedelta(days=1)),
        ]


def test_one_task_for_an_account_at_each_distance_and_none_twice(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account_id, invoice = ends_in(session, 179)
        warned = [warn(session, account_id), warn(session, account_id)]
        [task] = open_tasks(session)

        assert warned == [1, 0]
        assert (task.account_id, task.worth_minor, task.detail["invoices"]) == (account_id, 100_00, [invoice.number])
    clock.advance(days=150)
    with db.transaction() as session:
        [task] = open_tasks(session)
        task.done_at = task.opened_at
        assert accounts_to_warn_of(session) == [account_id]
        assert warn(session, account_id) == 1
        assert accounts_to_warn_of(session) == []
        assert len(open_tasks(session)) == 1
        told = session.scalars(select(LimitationWarning.ahead_days).order_by(LimitationWarning.id))
        assert list(told) == [180, 30]


def test_a_task_is_settled_once_nothing_ends_soon(db: Database) -> None:
    with db.transaction() as session:
        account_id, invoice = ends_in(session, 20)
        warn(session, account_id)
        stood = Noted(LimitationAct.SUSPENDED, today(session), "Talks.", invoice_id=invoice.id)
        recording.note_by_staff(session, account_id, stood, actor=OPERATOR)
        due = accounts_to_warn_of(session)
        warn(session, account_id)

        assert (due, accounts_to_warn_of(session)) == ([account_id], [])
        assert open_tasks(session) == []


def test_the_worker_holds_reminders_of_what_is_over_and_lets_them_go(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account_id, invoice = ends_in(session, 0)

    assert limitation_turns.take_due(db).done == 1
    assert limitation_turns.take_due(db).done == 0
    clock.advance(days=1)
    with db.reading() as session:
        assert barring.accounts_to_follow(session) == [account_id]
    assert limitation_turns.take_due(db).done == 1
    assert limitation_turns.take_due(db).done == 0
    with db.transaction() as session:
        assert [(row.kind, row.invoice_id) for row in stops.live(session, account_id)] == [
            (StopKind.BARRED, invoice.id)
        ]


def test_a_hundred_debts_are_looked_at_in_as_many_queries_as_one(db: Database) -> None:
    with db.transaction() as session:
        ends_in(session, 5)
        with counted(session.connection()) as one:
            queries.ending(session, within_days=180)
        for days in range(5):
            ends_in(session, days)
        with counted(session.connection()) as six:
            queries.ending(session, within_days=180)

        assert len(one) == len(six)
