"""One question over everything: the best comes first, and no search reads a whole table."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from domain.accounts import searching
from domain.finding.asking import BEGINS, EXACT, VOID_NUMBER, Group, Hit, Kind, Question, best
from domain.finding.everything import Answer, Sight, find
from domain.finding.owing import owing
from domain.invoicing import issuing
from domain.invoicing.credit_notes import issue_credit_note
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.money import Money
from tests.support.builders import an_account, an_invoice
from tests.support.explaining import executed, plan_of

ALL = Sight(tuple(Group))
LARGE = (
    "account",
    "invoice",
    "credit_note",
    "payment",
    "bank_line",
    "notice",
    "incoming_message",
    "contact",
    "document",
)
"""The tables that may have millions of rows, and of which a search may not read all."""


def ask(db: Database, text: str, *amounts: Money, limit: int = 8) -> Answer:
    with db.reading() as session:
        return find(session, Question(text, frozenset(amounts)), ALL, limit=limit)


def titles(answer: Answer, group: Group) -> list[str]:
    return [hit.title for each, hits in answer.groups if each is group for hit in hits]


def hits(answer: Answer, group: Group) -> list[Hit]:
    return [hit for each, found in answer.groups if each is group for hit in found]


def marked(answer: Answer) -> list[tuple[str, bool]]:
    """The invoices that were found, and of which the amount is marked."""
    return [(hit.title, hit.is_amount) for each, hits in answer.groups if each is Group.INVOICES for hit in hits]


def test_the_very_number_comes_before_what_only_has_it_in_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        for number in ("A-120", "120", "1200"):
            an_invoice(session, account, "5", number=number)

    assert titles(ask(db, "120"), Group.INVOICES) == ["120", "1200", "A-120"]


def test_what_is_open_over_that_amount_is_found_as_what_was_issued_over_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "70", number="P-1")
        an_invoice(session, account, "71", number="P-2")

    assert titles(ask(db, "70", Money(7000, "GBP")), Group.INVOICES) == ["P-1"]
    assert titles(ask(db, "70", Money(7000, "EUR")), Group.INVOICES) == []


def test_what_was_issued_is_marked_only_where_it_is_the_amount_that_was_asked_for(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "70", number="P-1")
        issue_credit_note(session, account, invoice, Money(1000, "GBP"), reason="x", actor=OPERATOR)

    issued, still_open = ask(db, "70", Money(7000, "GBP")), ask(db, "60", Money(6000, "GBP"))

    assert marked(issued) == [("P-1", True)]
    assert marked(still_open) == [("P-1", False)]


def test_an_account_is_found_by_what_is_open_or_late_on_it(db: Database) -> None:
    with db.transaction() as session:
        day = today(session)
        account, other = an_account(session, name="Harbour Ltd"), an_account(session, name="Euro Ltd", currency="EUR")
        an_invoice(session, account, "1000.40", issued_on=day - timedelta(days=60), due_on=day - timedelta(days=30))
        an_invoice(session, account, "577.50", issued_on=day - timedelta(days=60), due_on=day - timedelta(days=30))
        an_invoice(session, account, "20", issued_on=day, due_on=day + timedelta(days=30))
        an_invoice(session, other, "1577.90", number="E-1")

    still_open, late = ask(db, "1597.90", Money(159_790, "GBP")), ask(db, "1577.90", Money(157_790, "GBP"))

    assert [(hit.title, str(hit.said), hit.amount) for hit in hits(still_open, Group.ACCOUNTS)] == [
        ("Harbour Ltd", "open on the account", Money(159_790, "GBP"))
    ]
    assert [(hit.title, str(hit.said), hit.amount) for hit in hits(late, Group.ACCOUNTS)] == [
        ("Harbour Ltd", "late on the account", Money(157_790, "GBP"))
    ]
    in_euros = ask(db, "1577.90", Money(157_790, "EUR"))
    assert [group for group, _ in in_euros.groups] == [Group.INVOICES, Group.ACCOUNTS]
    assert titles(in_euros, Group.ACCOUNTS) == ["Euro Ltd"]


def test_what_is_void_stands_below_what_is_not_but_by_its_whole_number(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        void = an_invoice(session, account, "384", number="V-1")
        an_invoice(session, account, "5", number="INV-384")
        issuing.void(session, void, why="Twice", actor=OPERATOR)

    assert titles(ask(db, "384", Money(38_400, "GBP")), Group.INVOICES) == ["INV-384", "V-1"]
    assert [hit.degree for hit in hits(ask(db, "V-1"), Group.INVOICES)] == [VOID_NUMBER]


def test_what_accounts_owe_is_added_up_by_the_index_of_what_is_open(db: Database) -> None:
    with db.reading() as session, executed(db) as asked:
        owing(session, Question("12.50", frozenset({Money(1250, "GBP")})))

    statement, values = asked[-1]
    assert "GROUP BY" in statement
    assert "ix_invoice_open" in plan_of(db, statement, values)


def test_names_that_are_right_come_before_those_spelt_otherwise(db: Database) -> None:
    with db.transaction() as session:
        for name in ("Mueller Ltd", "Harbour", "The Muller House", "Müller Ltd"):
            an_account(session, name=name)

    found = titles(ask(db, "müller"), Group.ACCOUNTS)

    assert found == ["Müller Ltd", "The Muller House", "Mueller Ltd"]


def test_no_more_of_a_group_are_given_than_wanted(db: Database) -> None:
    with db.transaction() as session:
        for number in range(5):
            an_account(session, name=f"Harbour {number}")

    assert len(titles(ask(db, "harbour", limit=3), Group.ACCOUNTS)) == 3


def test_nothing_is_found_where_nothing_is_asked(db: Database) -> None:
    with db.reading() as session, executed(db) as asked:
        answer = find(session, Question("  "), ALL, limit=3)

    assert (answer.groups, asked) == ((), [])


def test_each_thing_is_given_once_as_well_as_it_fits() -> None:
    hits = [Hit(Kind.INVOICE, 1, "A", BEGINS), Hit(Kind.INVOICE, 2, "B", BEGINS), Hit(Kind.INVOICE, 1, "A", EXACT)]

    assert [(hit.key, hit.degree) for hit in best(hits, 5)] == [(1, EXACT), (2, BEGINS)]


@pytest.mark.parametrize("words", ["harbour lane", "mulller", "INV-2026-0001", "1234.50", "post@harbour.example"])
def test_no_search_goes_through_all_rows_of_a_large_table(db: Database, words: str) -> None:
    with db.transaction() as session:
        account = an_account(session, name="Harbour Lane")
        an_invoice(session, account, "1234.50", number="INV-2026-0001")
    with db.reading() as session, executed(db) as asked:
        find(session, Question(words, frozenset({Money(123_450, "GBP")})), ALL, limit=8)

    scans = {
        (table, line.strip())
        for statement, values in asked
        for line in plan_of(db, statement, values).split("\n")
        for table in LARGE
        if re.search(rf"(SCAN|Seq Scan on) {table}\b(?! USING)", line)
    }

    assert scans == set()


def test_accounts_are_searched_through_the_index(db: Database) -> None:
    with db.reading() as session, executed(db) as asked:
        searching.search(session, "harbour lane")

    [(statement, values)] = asked
    plan = plan_of(db, statement, values, through="bitmap")

    assert "trigrams_account" in plan
