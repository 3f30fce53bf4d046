"""Logins: one on many accounts, rights given and taken, and every change on the audit trail."""

from __future__ import annotations

import pytest

from domain.accounts import logins, queries
from domain.accounts.model import Right
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotAllowed, NotFound
from tests.support.audited import acts, last_payload
from tests.support.builders import an_account


def test_one_address_is_one_login_on_many_accounts(db: Database) -> None:
    with db.transaction() as session:
        first, second = an_account(session, name="One"), an_account(session, name="Two")
        one = logins.grant(session, first, email="Ana@Example.com", name="Ana", rights={Right.PAY}, actor=OPERATOR)
        other = logins.grant(
            session, second, email="ana@example.com ", name="A. T.", rights={Right.VIEW}, actor=OPERATOR
        )

    assert one.id == other.id
    assert other.name == "Ana"
    with db.reading() as session:
        assert [own.name for own in queries.accounts_of(session, one.id)] == ["One", "Two"]


def test_a_change_of_rights_says_what_they_were_and_are(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        login = logins.grant(session, account, email="a@example.com", name="A", rights={Right.PAY}, actor=OPERATOR)
        logins.change_rights(session, account, login.id, {Right.DISPUTE}, actor=OPERATOR)

    with db.reading() as session:
        assert queries.access(session, login.id, account.id) == {Right.VIEW, Right.DISPUTE}
        payload = last_payload(session, "access.granted")
        assert payload["before"] == {"rights": ["pay", "view"]}
        assert payload["after"] == {"rights": ["dispute", "view"]}


def test_the_same_rights_again_change_nothing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        login = logins.grant(session, account, email="a@example.com", name="A", rights={Right.PAY}, actor=OPERATOR)
        before = acts(session)
        logins.change_rights(session, account, login.id, {Right.PAY, Right.VIEW}, actor=OPERATOR)

        assert acts(session) == before


def test_rights_that_are_taken_away_are_gone_at_once(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        login = logins.grant(session, account, email="a@example.com", name="A", rights={Right.PAY}, actor=OPERATOR)
        logins.revoke(session, account, login.id, actor=OPERATOR)

    with db.reading() as session:
        assert queries.access(session, login.id, account.id) == frozenset()
        assert last_payload(session, "access.revoked")["before"] == {"rights": ["pay", "view"]}


def test_nobody_changes_their_own_rights(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        rights = {Right.MANAGE_PEOPLE}
        login = logins.grant(session, account, email="a@example.com", name="A", rights=rights, actor=OPERATOR)

        with pytest.raises(NotAllowed):
            logins.change_rights(session, account, login.id, {Right.BIND}, actor=Actor.login(login.id))
        with pytest.raises(NotAllowed):
            logins.revoke(session, account, login.id, actor=Actor.login(login.id))


def test_a_login_of_another_account_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        login = logins.grant(session, other, email="a@example.com", name="A", rights={Right.PAY}, actor=OPERATOR)

        with pytest.raises(NotFound):
            logins.change_rights(session, account, login.id, {Right.PAY}, actor=OPERATOR)
        with pytest.raises(NotFound):
            logins.revoke(session, account, login.id, actor=OPERATOR)


def test_no_rights_at_all_are_refused(db: Database) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        logins.grant(session, an_account(session), email="a@example.com", name="A", rights=(), actor=OPERATOR)


def test_a_login_is_closed_and_opened_once_each(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        login = logins.grant(session, account, email="a@example.com", name="A", rights={Right.PAY}, actor=OPERATOR)
        for _ in range(2):
            logins.disable(session, login.id, actor=OPERATOR)
        for _ in range(2):
            logins.enable(session, login.id, actor=OPERATOR)

        assert acts(session)[-2:] == ["login.disabled", "login.enabled"]
        assert queries.access(session, login.id, account.id) == {Right.VIEW, Right.PAY}


def test_a_login_keeps_the_language_that_it_chose(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        login = logins.grant(session, account, email="a@example.com", name="A", rights={Right.PAY}, actor=OPERATOR)
        logins.set_language(session, login.id, "es")

    with db.reading() as session:
        row = queries.login(session, login.id)
        assert row is not None
        assert row.language == "es"
