"""Searching accounts: whatever the case and the accents, page by page."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select, union_all

from domain.accounts import contacts, logins, searching
from domain.accounts.contacts import ContactDetails
from domain.accounts.model import ACCOUNTS, Right
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.builders import an_account


@pytest.mark.parametrize(
    "words",
    ["álvarez", "ALVAREZ", "alvarez ñandu", "B-100%_x", "pagos@", "644 11", "ángela", "angela@example.org", "eve"],
)
def test_an_account_is_found_by_what_people_know_of_it(db: Database, words: str) -> None:
    with db.transaction() as session:
        account = an_account(
            session, number="B-100%_X", name="Álvarez & Ñandú S.L.", email="pagos@alvarez.es", phone="+34 644 11 22 33"
        )
        details = ContactDetails("Ángela Ruiz", email="angela@example.org")
        contacts.add(session, account, details, actor=OPERATOR)
        logins.grant(session, account, email="eve@example.net", name="Eve", rights={Right.PAY}, actor=OPERATOR)
        an_account(session, number="B-100", name="Somebody else")

    with db.reading() as session:
        assert [found.id for found in searching.search(session, words)] == [account.id]


def test_every_word_must_occur(db: Database) -> None:
    with db.transaction() as session:
        an_account(session, name="Harbour Café")

        assert searching.search(session, "harbour lane") == []


def test_who_lost_access_no_longer_leads_to_the_account(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        login = logins.grant(session, account, email="eve@example.net", name="E", rights={Right.PAY}, actor=OPERATOR)
        logins.revoke(session, account, login.id, actor=OPERATOR)

        assert searching.search(session, "eve@example.net") == []


def test_pages_follow_each_other_without_gap_or_repeat(db: Database) -> None:
    with db.transaction() as session:
        for name in ("B", "A", "C", "B", "B"):
            an_account(session, name=name)

    with db.reading() as session:
        names, after = [], None
        while page := searching.search(session, after=after, limit=2):
            names += [found.name for found in page]
            after = page[-1].cursor

    assert names == ["A", "B", "B", "B", "C"]


def test_the_greatest_number_comes_first_where_accounts_are_listed_by_one(db: Database) -> None:
    with db.transaction() as session:
        ids = [an_account(session, name=name).id for name in "EDCBA"]
        by = union_all(
            *(select(literal(one), literal(number)) for one, number in zip(ids, (5, 20, 5, 7), strict=False))
        )
        numbered = select(*by.subquery().c)
        numbers = {**dict(zip(ids, (5, 20, 5, 7), strict=False)), ids[4]: 0}

        names, after = [], None
        while page := searching.search(session, by=numbered, others=select(ACCOUNTS.c.id), after=after, limit=2):
            names += [found.name for found in page]
            after = (numbers[page[-1].id], page[-1].id)

    assert names == ["D", "B", "E", "C", "A"]


def test_those_without_a_number_follow_only_where_they_are_asked_for(db: Database) -> None:
    with db.transaction() as session:
        one, _, third = (an_account(session, name=name).id for name in "ABC")
        numbered = select(literal(one).label("account_id"), literal(7).label("number"))

        alone = searching.search(session, by=numbered)
        followed = searching.search(session, by=numbered, others=select(ACCOUNTS.c.id).where(ACCOUNTS.c.name == "C"))

    assert [found.id for found in alone] == [one]
    assert [found.id for found in followed] == [one, third]


def test_what_was_found_elsewhere_is_listed_too(db: Database) -> None:
    with db.transaction() as session:
        by_invoice, by_name = an_account(session, name="Quay Ltd"), an_account(session, name="INV-7 Traders")
        an_account(session, name="Neither")

        found = searching.search(session, "INV-7", also=[by_invoice.id])

        assert [row.id for row in found] == [by_name.id, by_invoice.id]
