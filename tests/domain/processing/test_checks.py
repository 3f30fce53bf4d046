"""The books' own checks find what was edited behind their back in receivables and payments."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from domain.processing.checks import check_books
from domain.shared.db.session import Database
from tests.support.builders import money
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_page, succeed

EDITS = {
    "invoice_open": "UPDATE invoice SET open_minor = 1",
    "invoice_void": "UPDATE invoice SET status = 'void'",
    "credit_unapplied": "UPDATE credit_item SET unapplied_minor = 1",
    "payment_entry": "UPDATE payment SET status = 'failed', recorded_at = NULL",
    "payment_credit": "UPDATE credit_item SET amount_minor = 11999",
    "receivable": "UPDATE ledger_stream SET balance = balance + 1 WHERE account_id IS NOT NULL",
    "claim": "UPDATE payment_claim SET released_at = NULL",
}


@pytest.mark.tampers
@pytest.mark.parametrize("code", EDITS)
def test_an_edit_is_found_and_named(db: Database, code: str) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    succeed(db, started.public_id, money("120"))
    with db.reading() as session:
        before = check_books(session)

    with db.transaction() as session:
        session.execute(text(EDITS[code]))

    with db.reading() as session:
        found = {finding.code for finding in check_books(session)}
    assert before == []
    assert code in found
