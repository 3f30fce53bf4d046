"""Message queries: the lists that somebody works through, and all there is."""

from __future__ import annotations

import pytest

from domain.notices.incoming.queries import View, counts, message, messages
from domain.notices.incoming.taking_in import settle
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.builders import an_account
from tests.support.incoming import a_message

MAYA, TOM = "maya@harbour.example", "tom@elsewhere.example"


def test_what_waits_comes_the_longest_first_and_all_the_newest(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        one, two, three, four = (a_message(session, who) for who in (MAYA, TOM, MAYA, MAYA))
        settle(session, three.id, actor=Actor.staff(1))

        def listed(view: View, **more: int) -> list[int]:
            return [row.id for row in messages(session, view, **{"limit": 9, **more})]

        assert listed(View.OPEN) == [one.id, four.id]
        assert listed(View.OPEN, place=one.id) == [four.id]
        assert listed(View.UNMATCHED) == [two.id]
        assert listed(View.ALL) == [four.id, three.id, two.id, one.id]
        assert listed(View.ALL, place=three.id, limit=1) == [two.id]
        assert listed(View.ALL, account_id=account.id) == [four.id, three.id, one.id]
        assert counts(session) == {View.UNMATCHED: 1, View.OPEN: 2}
        assert counts(session, account_id=account.id) == {View.UNMATCHED: 0, View.OPEN: 2}


def test_one_with_whose_it_is(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        row = message(session, a_message(session, MAYA).id)

        assert (row.account_name, row.account_number, row.body) == (account.name, account.number, "Hi")
        with pytest.raises(NotFound):
            message(session, 999_999)
