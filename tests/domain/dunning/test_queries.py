"""What comes next for an account's invoices: the step, its day, and why it would be held back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning import rules
from domain.dunning.pausing import pause
from domain.dunning.queries import next_steps
from domain.dunning.stepping import step
from domain.notices.model import HeldBack
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Dunning, DunningStep, Sections
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.stops.model import StopKind
from domain.stops.writing import write
from tests.support.builders import an_account, an_invoice, money
from tests.support.policies import a_policy

TODAY = date(2026, 3, 16)
STEPS = (
    DunningStep(day=-3, channel=Channel.EMAIL, wording=Wording.COURTESY),
    DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
    DunningStep(day=14, channel=Channel.EMAIL, wording=Wording.SECOND_REMINDER, gap_days=5),
)
SEQUENCE = Sections(dunning=Dunning(steps=STEPS))


def owed(session: Session, account: Account, amount: str, due_on: date) -> Invoice:
    """An invoice that is due that day, issued long before."""
    return an_invoice(session, account, amount, issued_on=date(2026, 1, 5), due_on=due_on)


def test_each_open_invoice_has_its_next_step_and_its_day(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email="ap@example.com")
        a_policy(session, SEQUENCE)
        late = owed(session, account, "120", TODAY - timedelta(days=9))
        coming = owed(session, account, "50", TODAY + timedelta(days=20))

        found = next_steps(session, account.id)

        assert [(one.invoice_id, one.on, one.coming, one.held) for one in found.values()] == [
            (late.id, TODAY, STEPS[1], None),
            (coming.id, TODAY + timedelta(days=17), STEPS[0], None),
        ]


def test_after_a_step_the_next_one_keeps_its_gap_and_the_text_of_the_last_is_named(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        account = an_account(session, email="ap@example.com")
        a_policy(session, SEQUENCE)
        invoice = owed(session, account, "120", TODAY - timedelta(days=12))
        step(session, account.id, rules.sequences(session, today(session)), actor=OPERATOR)

        found = next_steps(session, account.id)[invoice.id]

        assert (found.stage, found.reached_on, found.last) == (7, TODAY, Wording.FIRST_REMINDER)
        assert (found.on, found.coming) == (TODAY + timedelta(days=5), STEPS[2])

    clock.move_to(datetime(2026, 4, 15, 12, tzinfo=UTC))
    with db.transaction() as session:
        step(session, account.id, rules.sequences(session, today(session)), actor=OPERATOR)

        found = next_steps(session, account.id)[invoice.id]

        assert (found.stage, found.last, found.coming, found.on) == (14, Wording.SECOND_REMINDER, None, None)


def test_one_notice_a_day_leaves_the_rest_to_tomorrow(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email="ap@example.com")
        a_policy(session, SEQUENCE)
        owed(session, account, "120", TODAY - timedelta(days=12))
        step(session, account.id, rules.sequences(session, today(session)), actor=OPERATOR)
        later = owed(session, account, "80", TODAY - timedelta(days=8))

        found = next_steps(session, account.id)[later.id]

        assert (found.on, found.coming) == (TODAY + timedelta(days=1), STEPS[1])


@pytest.mark.parametrize(("amount", "why"), [("120", HeldBack.DISPUTED), ("70", None)])
def test_what_is_held_today_says_why_but_not_where_only_a_part_is(
    db: Database, amount: str, why: HeldBack | None
) -> None:
    with db.transaction() as session:
        account = an_account(session, email="ap@example.com")
        a_policy(session, SEQUENCE)
        invoice = owed(session, account, "120", TODAY - timedelta(days=1))
        write(session, account.id, StopKind.DISPUTE, "x:1", actor=OPERATOR, invoice_id=invoice.id, amount=money(amount))

        found = next_steps(session, account.id)[invoice.id]

        assert (found.held, found.coming) == (why, STEPS[1])


def test_while_everything_is_paused_every_step_is_held(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email="ap@example.com")
        a_policy(session, SEQUENCE)
        invoice = owed(session, account, "120", TODAY - timedelta(days=9))
        pause(session, why="The mail server moves", until_on=None, actor=Actor.staff(1))

        found = next_steps(session, account.id)[invoice.id]

        assert (found.held, found.coming) == (HeldBack.PAUSED, STEPS[1])


def test_an_account_without_an_address_says_so_until_somebody_finds_one(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        a_policy(session, SEQUENCE)
        invoice = owed(session, account, "120", TODAY - timedelta(days=9))
        step(session, account.id, rules.sequences(session, today(session)), actor=OPERATOR)

        found = next_steps(session, account.id)[invoice.id]

        assert (found.held, found.stage, found.on) == (HeldBack.NO_ADDRESS, None, TODAY + timedelta(days=1))


def test_nothing_comes_where_no_sequence_rules_and_nothing_is_said_of_what_is_paid(db: Database) -> None:
    with db.transaction() as session:
        account, ruled_by_none = an_account(session), an_account(session)
        a_policy(session, SEQUENCE, account_id=account.id)
        invoice = owed(session, ruled_by_none, "120", TODAY)

        assert next_steps(session, account.id) == {}
        assert next_steps(session, ruled_by_none.id)[invoice.id].coming is None
