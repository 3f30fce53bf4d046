"""The checks of refunds find what was edited behind the books' back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from domain.processing.checks import check_books
from domain.refunds.model import RefundSource
from domain.shared.db.session import Database
from tests.support.refunding import ask, paid_twice, report

EDITS = {
    "refund_taken": (
        "UPDATE refund SET status = 'refused'",
        "UPDATE refund SET source = 'unexplained', outside = true",
    ),
    "refunds_passing": ("UPDATE refund SET moved_at = NULL", "UPDATE refund SET moved_back_at = moved_at"),
}


@pytest.mark.tampers
@pytest.mark.parametrize(("code", "edit"), [(code, edit) for code, edits in EDITS.items() for edit in edits])
def test_an_edit_is_found_and_named(db: Database, code: str, edit: str) -> None:
    given = paid_twice(db, "120")
    refund = ask(db, given, "120", RefundSource.CREDIT)
    report(db, refund, "120")
    with db.reading() as session:
        before = check_books(session)

    with db.transaction() as session:
        session.execute(text(edit))

    with db.reading() as session:
        found = {finding.code for finding in check_books(session)}
    assert before == []
    assert code in found
