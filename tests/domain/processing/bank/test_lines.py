"""One line of a bank statement: decided once, and only where it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.banking.model import LineState
from domain.ledger.closing import close_books
from domain.processing.bank import booking, linking, setting_aside
from domain.processing.bank.booking import Part
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from tests.support.bank_files import DAY
from tests.support.banking import CLERK, a_line_of, at_bank, owing, state_of
from tests.support.builders import money

NOBODY = 999_999


def test_a_line_is_booked_once(db: Database) -> None:
    account_id, _ = owing(db, "100")
    line = a_line_of(db, "100")
    with db.transaction() as session:
        booking.book_payments(session, line, [Part(account_id, money("100"))], actor=CLERK)

    for again in (
        lambda session: booking.book_payments(session, line, [Part(account_id, money("100"))], actor=CLERK),
        lambda session: setting_aside.park(session, line, actor=CLERK),
        lambda session: setting_aside.ignore(session, line, why="rent", actor=CLERK),
        lambda session: setting_aside.reopen(session, line, actor=CLERK),
    ):
        with pytest.raises(Conflict), db.transaction() as session:
            again(session)

    assert at_bank(db)[0] == "100.00"


def test_a_line_or_a_thing_that_is_not_there_is_not_found(db: Database) -> None:
    line = a_line_of(db, "10")

    tried: tuple[Callable[[Session], object], ...] = (
        lambda session: setting_aside.park(session, NOBODY, actor=CLERK),
        lambda session: linking.book_payout(session, line, NOBODY, actor=CLERK),
        lambda session: linking.book_refund(session, line, NOBODY, actor=CLERK),
        lambda session: booking.book_return(session, line, NOBODY, actor=CLERK),
    )
    for missing in tried:
        with pytest.raises(NotFound), db.transaction() as session:
            missing(session)

    assert state_of(db, line) is LineState.OPEN


def test_a_line_in_closed_books_goes_into_the_open_period(db: Database) -> None:
    account_id, _ = owing(db, "10")
    line = a_line_of(db, "10", on=DAY - timedelta(days=30))
    with db.transaction() as session:
        close_books(session, DAY)

    with db.transaction() as session:
        (payment,) = booking.book_payments(session, line, [Part(account_id, money("10"))], actor=CLERK)

        assert payment.effective_on == DAY + timedelta(days=1)
