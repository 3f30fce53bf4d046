"""Tags: written one way, put on many accounts at once, and found again."""

from __future__ import annotations

import pytest

from domain.audit.queries import acts_on_account
from domain.notes import queries
from domain.notes.tags import normalised, tag, untag
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from domain.staff.adding import add
from domain.staff.model import Role
from tests.support.builders import an_account


@pytest.fixture
def ana(db: Database) -> Actor:
    """Somebody who tags."""
    with db.transaction() as session:
        made, _ = add(
            session,
            email="ana@office.example",
            name="Ana Ruiz",
            role=Role.COLLECTOR,
            password="correct horse battery staple",
            actor=OPERATOR,
        )
        return Actor.staff(made.id)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(" #Key  Account ", "key account"), ("VIP", "vip"), ("cash_only", "cash only"), ("Año 2026/27", "año 2026/27")],
)
def test_a_tag_is_written_one_way(given: str, kept: str) -> None:
    assert normalised(given) == kept
    assert normalised(kept) == kept


@pytest.mark.parametrize("given", ["", " # ", "a" * 41, "<b>", "one,two"])
def test_what_is_no_tag_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        normalised(given)


def test_a_tag_goes_on_once_and_says_where_it_is_new(db: Database, ana: Actor) -> None:
    with db.transaction() as session:
        one, two, three = (an_account(session).id for _ in range(3))
        assert tag(session, [one], "Key account", actor=ana) == [one]
    with db.transaction() as session:
        assert tag(session, [two, one, two], "key  ACCOUNT", actor=ana) == [two]
        tag(session, [one], "seasonal", actor=ana)

    with db.reading() as session:
        assert queries.tags_of(session, one) == ["key account", "seasonal"]
        assert queries.tags_of_each(session, [one, two, three]) == {
            one: ["key account", "seasonal"],
            two: ["key account"],
        }
        assert queries.tags_in_use(session) == [("key account", 2), ("seasonal", 1)]
        assert sorted(session.scalars(queries.accounts_tagged("key account"))) == [one, two]
        assert [act.act for act in acts_on_account(session, two)] == ["account.tagged", "account.opened"]


def test_a_tag_comes_off_and_only_that(db: Database, ana: Actor) -> None:
    with db.transaction() as session:
        one, two = (an_account(session).id for _ in range(2))
        tag(session, [one, two], "late", actor=ana)
        tag(session, [one], "vip", actor=ana)
    with db.transaction() as session:
        assert untag(session, [one], "LATE", actor=ana) == [one]
        assert untag(session, [one], "late", actor=ana) == []

    with db.reading() as session:
        assert (queries.tags_of(session, one), queries.tags_of(session, two)) == (["vip"], ["late"])


def test_nothing_is_tagged_where_one_account_is_none(db: Database, ana: Actor) -> None:
    with db.transaction() as session:
        one = an_account(session).id
    with pytest.raises(NotFound), db.transaction() as session:
        tag(session, [one, 999_999], "x", actor=ana)
    with db.reading() as session:
        assert queries.tags_in_use(session) == []
