"""How accounts pay: graded by the policy, told by quarter, warned of, and the ones that get worse as a list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.policies.model import PolicyAssignment
from domain.policies.sections import Grades, Sections
from domain.promises.judging import judge, waiting
from domain.receivables.model import InvoiceKind
from domain.reporting.behaviour import behaviour_of, getting_worse, quarters_back
from domain.reporting.formulas import Grade
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import NotFound
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.counting import counted
from tests.support.disputing import a_dispute
from tests.support.policies import a_policy
from tests.support.promising import promised

TODAY = date(2026, 5, 20)


@pytest.fixture(autouse=True)
def in_may(clock: MovableClock) -> None:
    """It is noon on 20 May."""
    clock.move_to(datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=12))


def paid(session: Session, account: Account, due_on: date, late: int, amount: str = "100") -> None:
    """An invoice that was paid so many days late."""
    invoice = an_invoice(session, account, amount, issued_on=due_on - timedelta(days=30), due_on=due_on)
    a_receipt(session, account, amount, due_on + timedelta(days=late), invoice)


def worse(session: Session) -> Account:
    """An account that paid 3 days late in the first quarter and 15 in the second."""
    account = an_account(session)
    paid(session, account, date(2026, 2, 1), 3)
    paid(session, account, date(2026, 4, 1), 15)
    return account


def test_an_account_is_graded_by_the_past_year_and_told_by_quarter(db: Database) -> None:
    with db.transaction() as session:
        account = worse(session)
        paid(session, account, date(2025, 5, 1), 18)

        found = behaviour_of(session, account.id)

    assert (found.delay, found.grade) == (Decimal("9.00"), Grade.B)
    assert [(each.first, each.delay) for each in found.quarters] == [
        (date(2025, 4, 1), Decimal(18)),
        (date(2025, 7, 1), None),
        (date(2025, 10, 1), None),
        (date(2026, 1, 1), Decimal(3)),
        (date(2026, 4, 1), Decimal(15)),
    ]
    assert [str(each.words) for each in found.warnings] == ["Pays 12 days later than last quarter"]
    assert found.worst == 12


def test_the_policy_says_what_a_grade_and_a_warning_are(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(grades=Grades(best=1, good=2, fair=3, warn_days=13)))
        found = behaviour_of(session, worse(session).id)

    assert found.grade is Grade.D
    assert found.warnings == ()


def test_who_has_never_paid_is_graded_by_what_is_overdue_which_is_a_warning(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "70", issued_on=date(2026, 4, 1), due_on=date(2026, 5, 1))
        an_invoice(session, account, "30", issued_on=date(2026, 4, 1), due_on=TODAY)

        found = behaviour_of(session, account.id)

    assert (found.delay, found.grade, found.overdue, found.oldest_days) == (None, Grade.C, money("70"), 19)
    assert "has paid nothing" in str(found.warnings[0].words)


def test_disputes_and_broken_promises_of_the_past_year_count(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _, _ = a_dispute(session, "50")
        account_id = account.id
        promised(session, account, an_invoice(session, account, "80"), days=1)
    clock.advance(days=2)
    with db.transaction() as session:
        for _, promise_id in waiting(session, limit=5):
            judge(session, account_id, promise_id, actor=WORKER)
        this_year = behaviour_of(session, account_id)
    clock.advance(days=366)
    with db.reading() as session:
        later = behaviour_of(session, account_id)

    assert (this_year.disputes, this_year.broken_promises) == (1, 1)
    assert (later.disputes, later.broken_promises) == (0, 0)


def test_what_is_open_and_overdue_weighs_into_the_grade_and_not_into_the_delay(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        paid(session, account, date(2026, 4, 1), 0)
        an_invoice(session, account, "100", issued_on=date(2026, 2, 1), due_on=TODAY - timedelta(days=60))
        an_invoice(session, account, "900", issued_on=date(2026, 5, 1), due_on=TODAY)
        other = an_account(session)
        an_invoice(session, other, "100", issued_on=date(2026, 5, 1), due_on=TODAY)

        found, nothing_yet = (behaviour_of(session, each.id) for each in (account, other))

    assert (found.delay, found.weighed, found.grade) == (Decimal(0), Decimal(30), Grade.C)
    assert (nothing_yet.weighed, nothing_yet.grade) == (None, None)


def test_late_charges_are_overdue_as_on_the_account_and_make_nobody_late(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "100", issued_on=TODAY - timedelta(days=20), due_on=TODAY - timedelta(days=9))
        only_charges = an_account(session)
        for each in (account, only_charges):
            day = TODAY - timedelta(days=60)
            note = an_invoice(session, each, "40", issued_on=day, due_on=day)
            note.kind = InvoiceKind.DEBIT_NOTE
        session.flush()

        found, other = behaviour_of(session, account.id), behaviour_of(session, only_charges.id)

    assert (found.overdue, found.oldest_days) == (money("140"), 9)
    assert (other.overdue, other.oldest_days, other.warnings) == (money("40"), 0, ())


def test_the_list_has_those_with_a_warning_the_worst_first(db: Database) -> None:
    with db.transaction() as session:
        bad = worse(session)
        fine = an_account(session)
        paid(session, fine, date(2026, 4, 1), 4)
        worst = an_account(session)
        an_invoice(session, worst, "70", issued_on=date(2026, 1, 1), due_on=date(2026, 2, 1))

        found = getting_worse(session)

    assert [each.account_id for each in found] == [worst.id, bad.id]


def test_the_list_leaves_nobody_out_whom_a_look_at_each_account_finds(db: Database) -> None:
    with db.transaction() as session:
        strict = a_policy(session, Sections(grades=Grades(warn_days=4)), account_id=an_account(session).id)
        accounts = [an_account(session) for _ in range(8)]
        session.add(_own(strict.policy_id, accounts[3].id, now(session)))
        for account, late in zip(accounts, (9, 10, 11, 4, 4, 3, 30, 0), strict=True):
            paid(session, account, date(2026, 2, 1), 0)
            paid(session, account, date(2026, 4, 1), late)
        an_invoice(session, accounts[7], "70", issued_on=date(2026, 4, 1), due_on=TODAY - timedelta(days=10))
        an_invoice(session, accounts[5], "70", issued_on=date(2026, 4, 1), due_on=TODAY - timedelta(days=9))

        listed = {each.account_id for each in getting_worse(session)}

        assert listed == {each.id for each in accounts if behaviour_of(session, each.id).warnings}
        assert listed == {accounts[place].id for place in (1, 2, 3, 6, 7)}


def _own(policy_id: int, account_id: int, at: datetime) -> PolicyAssignment:
    """An account's own policy."""
    return PolicyAssignment(
        policy_id=policy_id,
        account_id=account_id,
        from_on=date(2020, 1, 1),
        assigned_at=at,
        actor_kind="operator",
    )


def test_the_list_asks_no_more_for_more_accounts(db: Database) -> None:
    with db.transaction() as session:
        worse(session)
    sent = []
    for _ in range(2):
        with counted(db.bind) as statements, db.reading() as session:
            getting_worse(session)
        sent.append(len(statements))
        with db.transaction() as session:
            for _ in range(4):
                worse(session)

    assert sent[0] == sent[1]


def test_no_account_has_no_behaviour(db: Database) -> None:
    with pytest.raises(NotFound), db.reading() as session:
        behaviour_of(session, 999)


def test_quarters_go_back_over_the_year() -> None:
    assert quarters_back(date(2026, 1, 1), 3) == [date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]
    assert quarters_back(date(2026, 12, 31), 1) == [date(2026, 10, 1)]
