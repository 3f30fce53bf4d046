"""Bank links: refunds paid from our bank are seen there and come back; the checks find what no line explains."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from domain.banking.model import LineState
from domain.banking.suggestions import Confidence
from domain.processing.bank import linking
from domain.processing.bank.setting_aside import park
from domain.processing.bank.suggesting import accept
from domain.processing.checks import check_books
from domain.refunds.model import RefundStatus
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from tests.domain.processing.bank.test_suggesting import keys
from tests.domain.processing.refunds.test_banking import by_transfer
from tests.support.bank_files import a_line
from tests.support.banking import CLERK, at_bank, booked_as, lines_of, state_of
from tests.support.builders import money
from tests.support.refunding import again, ask

EDITS = {
    "bank_line": ("UPDATE bank_line SET state = 'booked' WHERE amount_minor = 9900",),
    "bank": (
        "UPDATE bank_line SET state = 'ignored' WHERE amount_minor = 7000",
        "UPDATE receipt_slip SET banked_on = '2026-03-16'",
    ),
}


def test_a_refund_from_the_bank_is_suggested_seen_once_and_comes_back(db: Database) -> None:
    refund = ask(db, by_transfer(db, "120"), "120")
    out, twice, back, other = lines_of(
        db,
        a_line("-120", "refund", name="", account="", currency="GBP"),
        a_line("-120", "refund again", name="", account="", currency="GBP"),
        a_line("120", "returned to sender", name="", account="", currency="GBP"),
        a_line("119", "other", name="", account="", currency="GBP"),
    )
    (key, confidence), *_ = keys(db, out)
    with db.transaction() as session:
        accept(session, out, key, actor=CLERK)

    with pytest.raises(Conflict), db.transaction() as session:
        linking.book_refund(session, twice, refund.id, actor=CLERK)
    with pytest.raises(Invalid), db.transaction() as session:
        linking.book_refund(session, other, refund.id, actor=CLERK)
    with db.reading() as session:
        offered = [each.id for each in linking.refunds_gone_out(session, money("120"))]
    with db.transaction() as session:
        linking.book_refund(session, back, refund.id, actor=CLERK)

    assert (key, confidence) == (f"refund:{refund.id}", Confidence.LIKELY)
    assert offered == [refund.id]
    assert again(db, refund).status is RefundStatus.FAILED
    assert (booked_as(db, out), booked_as(db, back)) == ([("refund", "-120.00")], [("refund", "120.00")])
    assert [state_of(db, each) for each in (twice, other)] == [LineState.OPEN, LineState.OPEN]
    assert at_bank(db)[0] == "0.00"


@pytest.mark.tampers
@pytest.mark.parametrize(("code", "edit"), [(code, edit) for code, edits in EDITS.items() for edit in edits])
def test_an_edit_behind_the_books_back_is_found_and_named(db: Database, code: str, edit: str) -> None:
    by_transfer(db, "120")
    parked, _ = lines_of(db, a_line("70", "who", currency="GBP"), a_line("99", "not yet", currency="GBP"))
    with db.transaction() as session:
        park(session, parked, actor=CLERK)
    with db.reading() as session:
        before = check_books(session)

    with db.transaction() as session:
        session.execute(text(edit))

    with db.reading() as session:
        found = {finding.code for finding in check_books(session)}
    assert before == []
    assert code in found
