"""Documents are found by the words in them and in their names, and no search goes through all that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from domain.documents import filing
from domain.documents.listing import Wanted, categories_of, listed
from domain.documents.model import Category
from domain.documents.reading import Reader
from domain.shared.actor import WORKER
from domain.shared.db.session import Database
from tests.support.builders import an_account
from tests.support.filed import erased
from tests.support.files import taken_in
from tests.support.outside import MemoryStore

NAMES = ("receipt RCT-000659.txt", "IMG20260301_quay.txt", "ProofOfDelivery.txt", "Été.txt")


@contextmanager
def executed(db: Database) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database meanwhile, and with which values."""
    found: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        found.append((statement, values))

    event.listen(db.bind, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.bind, "before_cursor_execute", note)


def filed(db: Database, store: MemoryStore, *names: str, category: Category = Category.RECEIPT) -> list[int]:
    with db.transaction() as session:
        account_id = an_account(session).id
        return [
            filing.enter(
                session,
                taken_in(store, b"Forty pallets", name),
                category=category,
                account_id=account_id,
                subject=("account", account_id),
                actor=WORKER,
            ).id
            for name in names
        ]


def found(db: Database, words: str) -> set[str]:
    with db.reading() as session:
        return {row.filename for row in listed(session, Wanted(words=words)).rows}


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("rct-000659", NAMES[0]),
        ("659", NAMES[0]),
        ("receipt 6", NAMES[0]),
        ("2026", NAMES[1]),
        ("img20260301", NAMES[1]),
        ("quay", NAMES[1]),
        ("delivery", NAMES[2]),
        ("proof of delivery", NAMES[2]),
        ("ete", NAMES[3]),
    ],
)
def test_a_paper_that_nobody_reads_is_found_by_the_parts_of_its_name(db: Database, asked: str, name: str) -> None:
    store = MemoryStore()
    filed(db, store, *NAMES)
    store.contents.clear()

    Reader(db, store).read_due()

    assert found(db, asked) == {name}


def test_a_name_is_found_at_once_and_that_of_an_erased_paper_still(db: Database) -> None:
    [first, _] = filed(db, MemoryStore(), "slip-7.txt", "slip-8.txt", category=Category.PROOF_OF_DELIVERY)
    at_once = found(db, "slip-")

    with db.transaction() as session:
        erased(session, first)
    Reader(db, MemoryStore()).read_due()

    assert at_once == {"slip-7.txt", "slip-8.txt"}
    assert found(db, "slip-7") == {"slip-7.txt"}


def test_signs_alone_find_nothing_once_names_are_in_the_index(db: Database) -> None:
    store = MemoryStore()
    filed(db, store, "a-b.txt")
    Reader(db, store).read_due()

    assert found(db, "-") == set()


def test_the_categories_that_there_are_are_told_for_one_account_and_for_all(db: Database) -> None:
    store = MemoryStore()
    filed(db, store, "a.txt")
    filed(db, store, "b.txt", category=Category.CONTRACT)

    with db.reading() as session:
        of_all = categories_of(session, Wanted())
        account_id = listed(session, Wanted(words="a.txt")).rows[0].account_id
        of_one = categories_of(session, Wanted(account_id))

    assert (of_all, of_one) == ([Category.RECEIPT, Category.CONTRACT], [Category.RECEIPT])


def test_a_search_uses_the_index_of_words_and_never_goes_through_all_documents(db: Database, engine_kind: str) -> None:
    with db.reading() as session, executed(db) as asked:
        listed(session, Wanted(words="forty pallets"))
        categories_of(session, Wanted())

    plans = [plan(db, engine_kind, statement, values) for statement, values in asked if "FROM document" in statement]

    assert len(plans) == 2
    assert "document_words" in plans[0]
    for each in plans:
        steps = {line.split("->")[-1].strip() for line in each.split("\n")}
        assert not steps & {"SCAN document", "Seq Scan on document"}
        assert "hashed SubPlan" not in each


def plan(db: Database, engine_kind: str, statement: str, values: Any) -> str:
    """How the engine goes about it: PostgreSQL as with so many rows that reading all of them is out of the question."""
    with db.reading() as session:
        connection = session.connection()
        if engine_kind == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            rows = connection.exec_driver_sql(f"EXPLAIN (COSTS off) {statement}", values).all()
            return "\n".join(re.sub(r" document_\d+$", "", row[0]) for row in rows)
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
