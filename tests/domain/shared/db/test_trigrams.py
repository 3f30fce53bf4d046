"""The index of threes: it holds what its tables hold, on either engine, and finds what Python would find."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update

from domain.accounts.model import ACCOUNTS
from domain.shared.db import trigrams
from domain.shared.db.engine import WRITES
from domain.shared.db.migrating import migrate
from domain.shared.db.session import Database
from domain.shared.spelling import inner_threes, plain, threes
from tests.support.builders import an_account

NAMES = (
    "Müller & Söhne",
    "Mueller Ltd",
    "Harbour Café",
    'O\'Neill "Quay"',
    "100% * pure",
    "a-b",
    "日本 商事 株式会社",
    "xx",
)


def may_hold(db: Database, *words: str) -> set[str]:
    with db.reading() as session:
        held = trigrams.may_hold(session, ACCOUNTS, words)
        assert held is not None
        return set(session.scalars(select(ACCOUNTS.c.name).where(held)))


@pytest.mark.parametrize("word", ["mul", "ller", "cafe", '"qu', "% *", "o'n", "a-b", "商事 株", "nobody", "xx ", "and"])
def test_a_word_is_held_by_those_texts_that_have_its_threes(db: Database, word: str) -> None:
    with db.transaction() as session:
        for name in NAMES:
            an_account(session, name=name, number=f"#{NAMES.index(name)}")

    expected = {name for name in NAMES if set(inner_threes(word)) <= set(threes(plain(f"{name} #{NAMES.index(name)}")))}
    assert may_hold(db, word) == expected


def test_the_rows_that_share_most_come_first(db: Database) -> None:
    with db.transaction() as session:
        near, nearer, far = (an_account(session, name=name).id for name in ("Mull", "Muller", "Harbour"))

        found = trigrams.sharing(session, ACCOUNTS, threes("muller"), limit=5)

    assert found == [nearer, near]
    assert far not in found


def test_no_more_are_given_than_wanted_and_none_for_nothing(db: Database) -> None:
    with db.transaction() as session:
        for _ in range(3):
            an_account(session, name="Muller")

        assert len(trigrams.sharing(session, ACCOUNTS, threes("muller"), limit=2)) == 2
        assert trigrams.sharing(session, ACCOUNTS, [], limit=2) == []
        assert trigrams.may_hold(session, ACCOUNTS, ["ab", "x"]) is None


def test_what_changed_is_found_by_what_it_is_now(db: Database) -> None:
    with db.transaction() as session:
        for name in ("Before", "Gone"):
            an_account(session, name=name)
        session.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == "Before").values(name="After", search_text="after"))
        session.execute(delete(ACCOUNTS).where(ACCOUNTS.c.name == "Gone"))

    assert may_hold(db, "after") == {"After"}
    assert may_hold(db, "before") == set()
    assert may_hold(db, "gone") == set()


def test_a_table_that_was_made_again_is_indexed_again(committed_db: Database) -> None:
    engine = committed_db.bind.engine
    with committed_db.transaction() as session:
        an_account(session, name="Harbour")
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for what in (
            ("TRIGGER trigrams_account_added",) if engine.dialect.name == "sqlite" else ("INDEX trigrams_account",)
        ):
            connection.execute(text(f"DROP {what}"))
    with committed_db.transaction() as session:
        an_account(session, name="Harbour Two")

    migrate(engine)

    assert may_hold(committed_db, "harbour") == {"Harbour", "Harbour Two"}
