"""Mail about receipts: sent to whoever paid, and taken back where the receipt was booked by mistake."""

from __future__ import annotations

import pytest

from app.handlers import outbox
from app.wired import Wired
from domain.processing.bank import booking
from domain.processing.bank.booking import Part
from domain.processing.bank.undoing import undo
from tests.support.banking import CLERK, lines_of, paying
from tests.support.builders import an_account, an_invoice, money
from tests.support.outside import MemoryMail


@pytest.mark.parametrize(
    ("sent_before", "subjects"),
    [
        (True, ["Receipt for £50.00 from ", "Receipt RCT-000001 from "]),
        (False, []),
    ],
)
def test_only_who_was_sent_the_receipt_hears_that_it_does_not_count(
    wired: Wired, sent_before: bool, subjects: list[str]
) -> None:
    with wired.database.transaction() as session:
        account = an_account(session, email="ana@harbour.example")
        an_invoice(session, account, "50")
    (line,) = lines_of(wired.database, paying("50"))
    with wired.database.transaction() as session:
        booking.book_payments(session, line, [Part(account.id, money("50"))], actor=CLERK)
    if sent_before:
        outbox.handle_due(wired)

    with wired.database.transaction() as session:
        undo(session, line, reason="Theirs", actor=CLERK)
    while outbox.handle_due(wired):
        pass

    assert isinstance(wired.mailer, MemoryMail)
    sent = [mail.subject for mail in wired.mailer.sent]
    assert [subject[: len(start)] for subject, start in zip(sent, subjects, strict=True)] == subjects
