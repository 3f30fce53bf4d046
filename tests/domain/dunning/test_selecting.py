"""Selecting: one statement over all invoices says of each what the sequence says of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning import rules
from domain.dunning.model import DunningStage
from domain.dunning.selecting import due_accounts, due_invoices
from domain.dunning.sequence import due_step
from domain.dunning.stepping import step
from domain.invoicing.issuing import void
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Dunning, DunningStep, Sections
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.policies import a_policy

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)
AT_MOST = 6
STEPS = some.lists(
    some.tuples(some.integers(-10, 30), some.integers(0, 8)), min_size=1, max_size=6, unique_by=lambda each: each[0]
)
REACHED = some.none() | some.tuples(some.integers(-12, 35), some.integers(0, 12))
STATES = some.lists(
    some.tuples(some.integers(-45, 14), REACHED, some.none() | some.integers(0, 2)), min_size=1, max_size=AT_MOST
)
"""When each invoice is due, from today; the step that it has reached and how long ago; when it was looked at last."""


def steps_of(drawn: list[tuple[int, int]]) -> tuple[DunningStep, ...]:
    """The steps of these days and gaps, in their order."""
    return tuple(
        DunningStep(day=day, gap_days=gap, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER)
        for day, gap in sorted(drawn)
    )


def owed(session: Session, account: Account, due_on: date = TODAY) -> Invoice:
    """An invoice of 100 that is due that day."""
    return an_invoice(session, account, "100", issued_on=date(2026, 1, 5), due_on=due_on)


def ruled_by(session: Session, *steps: tuple[int, int]) -> rules.Book:
    """The book of rules, with a sequence of these days and gaps for everybody."""
    a_policy(session, Sections(dunning=Dunning(steps=steps_of(list(steps)))))
    return rules.sequences(session, TODAY)


@given(drawn=STEPS, states=STATES)
def test_the_statement_and_the_sequence_agree(
    db: Database, drawn: list[tuple[int, int]], states: list[tuple[int, tuple[int, int] | None, int | None]]
) -> None:
    with db.transaction() as session:
        account, steps = an_account(session), steps_of(drawn)
        a_policy(session, Sections(dunning=Dunning(steps=steps)), account_id=account.id)
        expected = {}
        for due, reached, looked in states:
            invoice = owed(session, account)
            due_on = TODAY + timedelta(days=due)
            session.execute(update(Invoice).where(Invoice.id == invoice.id).values(due_on=due_on))
            stage, reached_on = (reached[0], TODAY - timedelta(days=reached[1])) if reached else (None, None)
            looked_on = None if looked is None else TODAY - timedelta(days=looked)
            if reached or looked is not None:
                session.add(
                    DunningStage(
                        invoice_id=invoice.id,
                        account_id=account.id,
                        day=stage,
                        reached_on=reached_on,
                        looked_on=looked_on,
                    )
                )
            found = due_step(steps, due_on=due_on, on=TODAY, stage=stage, reached_on=reached_on)
            if found is not None and looked_on != TODAY:
                expected[invoice.id] = found
        session.flush()
        book = rules.sequences(session, TODAY)

        selected = due_invoices(session, book, TODAY, [account.id]).get(account.id, [])
        of_account = [each for each in due_accounts(session, book, TODAY) if each.account_id == account.id]

        assert {each.invoice_id: each.step for each in selected} == expected
        assert [(each.due_on, each.invoice_id) for each in selected] == sorted(
            (each.due_on, each.invoice_id) for each in selected
        )
        assert bool(of_account) == bool(expected)
        session.rollback()


def test_what_is_paid_void_or_ruled_by_no_sequence_is_left_alone(db: Database) -> None:
    with db.transaction() as session:
        account, alone = an_account(session), an_account(session)
        book = ruled_by(session, (0, 0))
        a_policy(session, Sections(), account_id=alone.id)
        paid, gone, open_ = owed(session, account), owed(session, account), owed(session, account)
        a_receipt(session, account, "100", TODAY, paid)
        void(session, gone, why="A slip", actor=OPERATOR)
        owed(session, alone)

        found = due_invoices(session, book, TODAY, [account.id, alone.id])

        assert {account_id: [each.invoice_id for each in due] for account_id, due in found.items()} == {
            account.id: [open_.id]
        }
        assert [each.account_id for each in due_accounts(session, book, TODAY)] == [account.id]


def test_an_account_was_told_today_and_hears_no_more_until_tomorrow(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email="ap@example.com")
        book = ruled_by(session, (0, 0), (1, 0))
        owed(session, account)
        step(session, account.id, book, actor=OPERATOR)
        owed(session, account, TODAY - DAY)

        assert due_invoices(session, book, TODAY, [account.id]) == {}
        assert [each.step.day for each in due_invoices(session, book, TODAY + DAY, [account.id])[account.id]] == [1, 1]


def test_the_highest_step_of_an_account_says_how_it_is_reached(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        steps = (
            DunningStep(day=0, channel=Channel.EMAIL, wording=Wording.DUE_TODAY),
            DunningStep(day=5, channel=Channel.LETTER, wording=Wording.DEMAND),
        )
        a_policy(session, Sections(dunning=Dunning(steps=steps)))
        owed(session, account)
        owed(session, account, TODAY - 5 * DAY)

        (found,) = due_accounts(session, rules.sequences(session, TODAY), TODAY)

        assert (found.account_id, found.channel) == (account.id, Channel.LETTER)


@pytest.mark.parametrize(("before", "after", "due"), [([(3, 0)], [(3, 0), (9, 0)], [9]), ([(3, 0)], [(2, 0)], [])])
def test_a_change_of_sequence_keeps_the_stage(
    db: Database, before: list[tuple[int, int]], after: list[tuple[int, int]], due: list[int]
) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = owed(session, account, TODAY - 10 * DAY)
        ruled_by(session, *before)
        session.add(
            DunningStage(invoice_id=invoice.id, account_id=account.id, day=before[-1][0], reached_on=TODAY - 7 * DAY)
        )
        session.flush()

        book = ruled_by(session, *after)

        found = due_invoices(session, book, TODAY, [account.id]).get(account.id, [])
        assert [each.step.day for each in found] == due
