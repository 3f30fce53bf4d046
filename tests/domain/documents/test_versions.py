"""A newer version stands in the place of an older one, which stays as it was."""

from __future__ import annotations

import pytest

from domain.documents import filing, listing, queries
from domain.documents.model import Category
from domain.documents.versions import supersede, versions
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from tests.support.builders import an_account
from tests.support.files import taken_in
from tests.support.outside import MemoryStore


def test_the_newest_is_shown_and_every_one_is_kept(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        account_id = an_account(session).id
        first = filing.enter(
            session,
            taken_in(store, b"first"),
            category=Category.CONTRACT,
            account_id=account_id,
            subject=("account", account_id),
            actor=OPERATOR,
            for_staff=True,
        ).id
        second = supersede(session, first, taken_in(store, b"second"), actor=OPERATOR).id
        third = supersede(session, second, taken_in(store, b"third"), actor=OPERATOR)

    with db.reading() as session:
        assert [row.id for row in versions(session, second)] == [third.id, second, first]
        assert [row.id for row in listing.about(session, ("account", account_id))] == [third.id]
        assert [row.id for row in listing.listed(session, listing.Wanted(account_id)).rows] == [third.id]
        assert queries.is_for_staff(session, third.id)
    assert (third.category, third.account_id) == (Category.CONTRACT, account_id)
    assert sorted(store.contents.values()) == [b"first", b"second", b"third"]


def test_what_was_replaced_or_is_the_same_is_not_replaced(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        account_id = an_account(session).id
        first = filing.enter(
            session,
            taken_in(store, b"first"),
            category=Category.CONTRACT,
            account_id=account_id,
            subject=("account", account_id),
            actor=OPERATOR,
        ).id
        supersede(session, first, taken_in(store, b"second"), actor=OPERATOR)

    with pytest.raises(Conflict, match="replaced already"), db.transaction() as session:
        supersede(session, first, taken_in(store, b"third"), actor=OPERATOR)
    with db.reading() as session:
        newest = versions(session, first)[0].id
    with pytest.raises(Conflict, match="same file"), db.transaction() as session:
        supersede(session, newest, taken_in(store, b"second"), actor=OPERATOR)
    with pytest.raises(NotFound), db.transaction() as session:
        supersede(session, 999_999, taken_in(store, b"third"), actor=OPERATOR)
