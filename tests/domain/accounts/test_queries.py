"""Queries about accounts: the lock, the rights, and nothing for whoever has none."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import update

from domain.accounts import logins, queries
from domain.accounts.model import ACCOUNTS, Account, Right
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.builders import an_account


def test_an_account_that_is_not_there_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        with pytest.raises(NotFound):
            queries.lock(session, 4711)
        with pytest.raises(NotFound):
            queries.account(session, 4711)


def test_the_lock_reads_afresh_what_the_session_has_already_seen(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        session.execute(
            update(ACCOUNTS).where(ACCOUNTS.c.id == account.id).values(name="Changed"),
            execution_options={"synchronize_session": False},
        )

        assert queries.lock(session, account.id).name == "Changed"


def test_two_who_lock_one_account_take_turns(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        account_id = an_account(session).id
    at_once = threading.Barrier(4)

    def lengthen_terms() -> None:
        at_once.wait()
        for _ in range(10):
            with committed_db.transaction() as session:
                account = queries.lock(session, account_id)
                account.terms_days += 1

    threads = [threading.Thread(target=lengthen_terms) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with committed_db.reading() as session:
        assert session.get_one(Account, account_id).terms_days == 30 + 40


def test_a_login_may_what_it_was_granted_where_it_was_granted(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session, name="B"), an_account(session, name="A")
        login = logins.grant(session, ours, email="ana@example.com", name="Ana", rights={Right.PAY}, actor=OPERATOR)

    with db.reading() as session:
        assert queries.access(session, login.id, ours.id) == {Right.VIEW, Right.PAY}
        assert queries.access(session, login.id, theirs.id) == frozenset()
        assert queries.access(session, login.id + 1, ours.id) == frozenset()
        assert [own.id for own in queries.accounts_of(session, login.id)] == [ours.id]
        assert [row.email for row in queries.logins_on(session, ours.id)] == ["ana@example.com"]
        assert queries.logins_on(session, theirs.id) == []


def test_a_closed_login_may_nothing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        login = logins.grant(session, account, email="a@example.com", name="A", rights={Right.PAY}, actor=OPERATOR)
        logins.disable(session, login.id, actor=OPERATOR)

    with db.reading() as session:
        assert queries.access(session, login.id, account.id) == frozenset()
        assert queries.accounts_of(session, login.id) == []
        assert queries.login(session, login.id) is None


def test_names_come_for_the_ids_that_are_asked_for(db: Database) -> None:
    with db.transaction() as session:
        first, second = an_account(session, name="One"), an_account(session, name="Two")

        assert {key: row.name for key, row in queries.labels(session, [first.id, second.id]).items()} == {
            first.id: "One",
            second.id: "Two",
        }
        assert queries.labels(session, []) == {}
        assert queries.login_names(session, []) == {}
