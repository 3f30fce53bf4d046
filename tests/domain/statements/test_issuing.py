"""Issued statements are kept as they were; what becomes known later is an adjustment on the next one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.storage.disk import DiskStore
from domain.documents.model import Category, Document
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from domain.statements.issuing import issue
from domain.statements.model import Statement
from domain.statements.queries import issued_statements, statement
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.renderers import MemoryRenderer

FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    """A store of the test's own."""
    return DiskStore(tmp_path)


def test_an_issued_statement_has_a_number_and_its_paper_is_filed(db: Database, store: DiskStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "100.00", issued_on=date(2026, 2, 10))

        issued = issue(session, store, MemoryRenderer(), account.id, *FEBRUARY, actor=OPERATOR)
        document = session.get_one(Document, issued.document_id)

    assert (issued.number, issued.opening_minor, issued.closing_minor) == ("ST-000001", 0, 10000)
    assert (document.category, document.filename) == (Category.STATEMENT, "ST-000001.pdf")
    with store.open(document.sha256) as content:
        assert b"ST-000001" in content.read()


def test_what_becomes_known_later_leaves_the_issued_one_alone_and_adjusts_the_next(
    db: Database, store: DiskStore, clock: MovableClock
) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100.00", issued_on=date(2026, 2, 10))
        february = issue(session, store, MemoryRenderer(), account.id, *FEBRUARY, actor=OPERATOR)
    clock.advance(days=1)

    with db.transaction() as session:
        a_receipt(session, account, "30.00", date(2026, 2, 20), invoice)
        an_invoice(session, account, "50.00", issued_on=date(2026, 3, 2))
        march = statement(session, account.id, *MARCH)
        kept = session.scalars(select(Statement)).one()

    assert march.earlier is not None
    assert march.earlier.number == february.number
    assert [(str(part.words), part.amount, part.balance) for part in march.earlier.adjustments] == [
        ("Payment", money("-30.00"), None)
    ]
    assert march.earlier.closing + march.earlier.adjusted == march.opening == money("70.00")
    assert [movement.amount for movement in march.movements] == [money("50.00")]
    assert (kept.closing_minor, kept.document_id) == (10000, february.document_id)


def test_what_was_known_in_time_is_no_adjustment(db: Database, store: DiskStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "100.00", issued_on=date(2026, 2, 10))
        issue(session, store, MemoryRenderer(), account.id, *FEBRUARY, actor=OPERATOR)
        an_invoice(session, account, "50.00", issued_on=date(2026, 3, 2))

        march = statement(session, account.id, *MARCH)

    assert march.earlier is not None
    assert march.earlier.adjustments == ()
    assert march.earlier.adjusted == money("0")


def test_adjustments_stand_on_the_paper(db: Database, store: DiskStore) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account = an_account(session)
        issue(session, store, renderer, account.id, *FEBRUARY, actor=OPERATOR)
        an_invoice(session, account, "50.00", issued_on=date(2026, 2, 12))
        issue(session, store, renderer, account.id, *MARCH, actor=OPERATOR)

    assert renderer.last["earlier"] == "ST-000001"
    assert renderer.last["adjusted"] == money("50.00")


def test_statements_are_listed_newest_first_with_their_documents(db: Database, store: DiskStore) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        for period in (FEBRUARY, MARCH):
            issue(session, store, MemoryRenderer(), account.id, *period, actor=OPERATOR)
        issue(session, store, MemoryRenderer(), other.id, *MARCH, actor=OPERATOR)

        rows = issued_statements(session, account.id)

    assert [row.number for row in rows] == ["ST-000002", "ST-000001"]


def test_a_statement_of_nobody_or_of_no_period_is_not_issued(db: Database, store: DiskStore) -> None:
    with db.transaction() as session:
        account = an_account(session)

        with pytest.raises(NotFound):
            issue(session, store, MemoryRenderer(), account.id + 1, *MARCH, actor=OPERATOR)
        with pytest.raises(Invalid):
            issue(session, store, MemoryRenderer(), account.id, MARCH[1], MARCH[0], actor=OPERATOR)

        assert session.scalars(select(Statement)).all() == []
