"""Migrations with data: what stood in the books before an upgrade stands there after it, and after going back."""

from __future__ import annotations

from datetime import timedelta

from alembic import command
from sqlalchemy import Engine, text

from domain.accounts.model import Account
from domain.disputes.model import Dispute, DisputeHandling
from domain.disputes.resolving import reject
from domain.processing.checks import check_books
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.migrating import config, migrate
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt
from tests.support.disputing import a_dispute
from tests.support.paying import a_debt, open_minor

KEPT = ("account", "invoice", "payment", "credit_item", "allocation", "journal_entry", "posting")


Rows = dict[str, list[dict[str, object]]]


def rows(engine: Engine) -> Rows:
    """All that stands in the tables that both schemas have."""
    with engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).mappings()]
            for name in KEPT
        }


def as_of_old(newer: Rows, older: Rows) -> Rows:
    """The newer rows with the columns only that the older schema had too."""
    return {name: [{key: row[key] for key in older[name][0]} for row in newer[name]] for name in newer}


def test_the_books_of_the_first_schema_survive_going_back_and_forth(committed_db: Database) -> None:
    debt = a_debt(committed_db, "120.00", "30.00")
    with committed_db.transaction() as session:
        account = session.get_one(Account, debt.account_id)
        a_receipt(session, account, "100", today(session), session.get_one(Invoice, debt.invoices[0]))
    engine = committed_db.bind.engine
    before = rows(engine)

    command.downgrade(config(engine), "0001")
    between = rows(engine)
    migrate(engine)

    assert between == as_of_old(before, between)
    assert rows(engine) == before
    assert open_minor(committed_db, debt.invoices[0]) == 2000
    with committed_db.reading() as session:
        assert check_books(session) == []


def test_disputes_of_before_have_the_usual_time_and_those_that_ended_were_in_time(
    committed_db: Database, clock: MovableClock
) -> None:
    with committed_db.transaction() as session:
        open_id = a_dispute(session)[2].id
        account, _, ended = a_dispute(session)
        account_id, ended_id = account.id, ended.id
    clock.advance(days=30)
    with committed_db.transaction() as session:
        reject(session, account_id, ended_id, answer="Signed for.", actor=OPERATOR)
    engine = committed_db.bind.engine

    command.downgrade(config(engine), "0005")
    migrate(engine)

    with committed_db.reading() as session:
        first, second = (session.get_one(Dispute, one) for one in (open_id, ended_id))
        usual = first.raised_at + timedelta(days=14)
        kept = [session.get_one(DisputeHandling, one.id) for one in (first, second)]
        assert [(one.answer_by, one.resolve_by, one.answered_at) for one in kept] == [
            (usual, usual, None),
            (second.ended_at, second.ended_at, second.ended_at),
        ]
