"""Everybody whom new terms concern is asked once, reminded as the terms say, and left alone after their yes."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.accounts.logins import grant
from domain.accounts.model import Right
from domain.policies import assigning
from domain.policies.assigning import Whom
from domain.policies.messages import SendTerms
from domain.policies.model import AskedHow, TermsRequest
from domain.policies.sections import Acceptance, Allocation, Grades, Sections
from domain.policies.telling import ask_again, remind_due, tell_due
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from tests.support.builders import an_account
from tests.support.outside import MemoryStore
from tests.support.policies import a_policy
from tests.support.terms import NET_14, a_binder, asking, left_in_the_outbox, next_version, say_yes

TODAY = date(2026, 3, 16)


def told(db: Database) -> list[tuple[int, int, AskedHow]]:
    """Who was asked for what, in order."""
    with db.reading() as session:
        rows = session.execute(
            select(TermsRequest.account_id, TermsRequest.version_id, TermsRequest.how).order_by(TermsRequest.id)
        )
        return [(row.account_id, row.version_id, row.how) for row in rows]


def tell(db: Database) -> int:
    with db.transaction() as session:
        return tell_due(session)


def remind(db: Database) -> int:
    with db.transaction() as session:
        return remind_due(session)


def test_an_account_is_asked_once_and_everybody_who_may_accept_is_written_to(db: Database) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session, email="office@harbour.example")
        olivia = a_binder(session, account)
        paul = a_binder(session, account, "paul@harbour.example", "Paul")
        grant(session, account, email="eve@harbour.example", name="Eve", rights={Right.VIEW}, actor=OPERATOR)

    asked = [tell(db), tell(db)]

    with db.reading() as session:
        mails = left_in_the_outbox(session, SendTerms.kind)
    assert asked == [1, 0]
    assert told(db) == [(account.id, version.id, AskedHow.MAIL)]
    assert [mail["login_id"] for mail in mails] == [olivia, paul]


def test_without_anybody_who_may_accept_the_account_itself_is_written_to(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, asking())
        an_account(session, email="office@harbour.example")
        an_account(session)

    assert tell(db) == 1
    with db.reading() as session:
        assert [mail["login_id"] for mail in left_in_the_outbox(session, SendTerms.kind)] == [None]


@pytest.mark.parametrize(
    "sections",
    [
        Sections(terms=NET_14),
        asking(acceptance=Acceptance(asked=False)),
        Sections(grades=Grades(), acceptance=Acceptance()),
    ],
    ids=["nothing of acceptance", "not asked for", "nothing that customers are told"],
)
def test_what_nobody_has_to_accept_is_asked_of_nobody(db: Database, sections: Sections) -> None:
    with db.transaction() as session:
        a_policy(session, sections)
        an_account(session, email="office@harbour.example")

    assert tell(db) == 0


def test_a_new_version_is_asked_again_also_before_its_day(db: Database) -> None:
    with db.transaction() as session:
        first = a_policy(session, asking())
        account = an_account(session, email="office@harbour.example")
    tell(db)
    with db.transaction() as session:
        second = next_version(session, first.policy_id, asking(NET_14), TODAY + timedelta(days=30))

    asked = tell(db)

    assert asked == 1
    assert [version_id for _, version_id, _ in told(db)] == [first.id, second.id]
    assert {account_id for account_id, _, _ in told(db)} == {account.id}


def test_a_version_that_says_the_same_to_customers_asks_nobody_again(db: Database) -> None:
    with db.transaction() as session:
        first = a_policy(session, asking())
        an_account(session, email="office@harbour.example")
    tell(db)
    with db.transaction() as session:
        says = asking()
        same = Sections(terms=says.terms, acceptance=says.acceptance, grades=Grades(best=3))
        next_version(session, first.policy_id, same, TODAY)

    assert tell(db) == 0

    with db.transaction() as session:
        other = Sections(terms=says.terms, acceptance=says.acceptance, allocation=Allocation())
        next_version(session, first.policy_id, other, TODAY)
    assert tell(db) == 1


def test_whoever_gets_another_policy_is_asked_for_that_one_before_it_rules(db: Database) -> None:
    with db.transaction() as session:
        common = a_policy(session, asking())
        account = an_account(session, email="office@harbour.example")
        other = an_account(session, email="shop@corner.example")
        own = a_policy(session, asking(NET_14), account_id=other.id, valid_from=TODAY + timedelta(days=10))

    tell(db)

    assert Counter((who, what) for who, what, _ in told(db)) == {
        (account.id, common.id): 1,
        (other.id, common.id): 1,
        (other.id, own.id): 1,
    }


def test_at_most_a_batch_is_asked_at_once(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, asking())
        for place in range(5):
            an_account(session, email=f"office@{place}.example")

    with db.transaction() as session:
        batches = [tell_due(session, limit=2) for _ in range(4)]

    assert batches == [2, 2, 1, 0]


def test_reminders_come_on_the_days_that_the_terms_name_and_end(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_policy(session, asking(acceptance=Acceptance(remind_after_days=(7, 21))))
        an_account(session, email="office@harbour.example")
    tell(db)

    reminded = []
    for day in range(40):
        if remind(db) or remind(db):
            reminded.append(day)
        clock.advance(days=1)

    assert reminded == [7, 21]


def test_a_worker_that_slept_through_two_reminders_sends_one(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_policy(session, asking())
        an_account(session, email="office@harbour.example")
    tell(db)

    clock.advance(days=30)

    assert [remind(db), remind(db)] == [1, 0]


def test_whoever_has_accepted_is_neither_asked_nor_reminded(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session)
        olivia = a_binder(session, account)
    tell(db)
    with db.transaction() as session:
        say_yes(session, MemoryStore(), account.id, version.id, login_id=olivia)

    clock.advance(days=30)

    assert [tell(db), remind(db)] == [0, 0]


def test_whom_the_policy_rules_no_longer_is_not_reminded(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session, email="office@harbour.example")
        a_policy(session, asking(), account_id=account.id)
    tell(db)
    with db.transaction() as session:
        assigning.assign(session, None, Whom(account_id=account.id), TODAY, actor=OPERATOR)

    clock.advance(days=30)

    assert remind(db) == 0


def test_staff_ask_again_at_most_once_a_day(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session, email="office@harbour.example")
    tell(db)
    with pytest.raises(Conflict, match="today already"), db.transaction() as session:
        ask_again(session, account.id, version.id, actor=OPERATOR)

    clock.advance(days=1)
    with db.transaction() as session:
        ask_again(session, account.id, version.id, actor=OPERATOR)

    assert [how for _, _, how in told(db)] == [AskedHow.MAIL, AskedHow.STAFF]


def test_staff_cannot_ask_for_what_is_not_asked_or_where_nobody_can_be_written_to(db: Database) -> None:
    with db.transaction() as session:
        mute = an_account(session)
        version = a_policy(session, asking(), account_id=mute.id)
        other = an_account(session, email="office@harbour.example")

    with pytest.raises(Conflict, match="add an address"), db.transaction() as session:
        ask_again(session, mute.id, version.id, actor=OPERATOR)
    with pytest.raises(NotFound), db.transaction() as session:
        ask_again(session, other.id, version.id, actor=OPERATOR)


def test_two_workers_at_once_ask_each_account_once(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        a_policy(session, asking())
        for place in range(20):
            an_account(session, email=f"office@{place}.example")
    both_ready = threading.Barrier(2)

    def work() -> int:
        both_ready.wait(timeout=60)
        return tell(committed_db)

    with ThreadPoolExecutor(2) as workers:
        asked = [future.result() for future in [workers.submit(work) for _ in range(2)]]

    assert sorted(asked) == [0, 20]
    assert len(told(committed_db)) == 20
