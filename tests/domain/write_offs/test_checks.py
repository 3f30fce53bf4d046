"""The checks of write-offs find what was edited behind the books' back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from domain.processing.checks import check_books
from domain.processing.write_offs import deciding
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from tests.support.builders import an_account, an_invoice
from tests.support.credit import a_cheque
from tests.support.tampering import drop_guards
from tests.support.writing_off import released, written_off

STANDS = "UPDATE write_off SET {} WHERE status = 'standing'"
EDITS = {
    "write_off_bad_debt_allowance": (STANDS.format("left_minor = 1"), STANDS.format("status = 'taken_back'")),
    "write_off_left": (
        STANDS.format("left_minor = 1"),
        STANDS.format("left_minor = 0"),
    ),
    "write_off_stop": (
        STANDS.format("status = 'recovered'"),
        "DELETE FROM stop",
    ),
    "write_off_receivable": ("UPDATE write_off SET left_minor = 1 WHERE status = 'released'",),
    "write_off_item": ("UPDATE write_off SET left_minor = 1 WHERE status = 'released'",),
    "write_off_recoveries": ("UPDATE write_off_recovery SET amount_minor = 1", "DELETE FROM write_off_recovery"),
    "write_off_tax_payable": ("UPDATE tax_relief SET amount_minor = 1", "DELETE FROM tax_relief"),
    "write_off_lost": ("UPDATE stop SET source = 'write_off:987654'",),
    "write_off_entry": ("UPDATE journal_entry SET source = 'nothing:1' WHERE kind = 'write_off'",),
}


@pytest.mark.tampers
@pytest.mark.parametrize(("code", "edit"), [(code, edit) for code, edits in EDITS.items() for edit in edits])
def test_an_edit_is_found_and_named(db: Database, code: str, edit: str) -> None:
    with db.transaction() as session:
        account = an_account(session)
        due_on = today(session).replace(year=2025)
        invoice = an_invoice(session, account, "120", tax="20", issued_on=due_on, due_on=due_on)
        stands = written_off(session, account, invoice)
        deciding.claim_tax(session, account.id, stands.id, actor=OPERATOR)
        a_cheque(session, account, "30")
        released(session, account, an_invoice(session, account, "60"))
    with db.reading() as session:
        before = check_books(session)

    with db.transaction() as session:
        drop_guards(session.connection())
        session.execute(text(edit))

    with db.reading() as session:
        found = {finding.code for finding in check_books(session)}
    assert before == []
    assert code in found
