"""Bank lines that nobody knows, that are sent back, or that are none of ours."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.banking.model import LineState
from domain.processing.bank import booking, setting_aside
from domain.processing.bank.booking import Part
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from domain.tasks.model import Task
from tests.support.bank_files import a_line
from tests.support.banking import CLERK, a_line_of, at_bank, lines_of, owing, state_of
from tests.support.builders import money
from tests.support.credit import open_of

NOBODY = 999_999


def test_parked_money_waits_with_a_task_until_it_is_identified(db: Database) -> None:
    account_id, (invoice,) = owing(db, "70")
    line = a_line_of(db, "70")

    with db.transaction() as session:
        setting_aside.park(session, line, actor=CLERK)
        task = session.scalars(select(Task)).one()
        waiting = (task.kind.value, task.worth_minor, task.done_at)
    parked = (state_of(db, line), at_bank(db))
    with db.transaction() as session:
        booking.book_payments(session, line, [Part(account_id, money("70"))], actor=CLERK)
        done = session.scalars(select(Task).execution_options(populate_existing=True)).one().done_at

        assert open_of(session, invoice) == [money("0")]

    assert waiting == ("unidentified_receipt", 7000, None)
    assert parked == (LineState.PARKED, ("70.00", "0.00", "-70.00"))
    assert done is not None
    assert (state_of(db, line), at_bank(db)) == (LineState.BOOKED, ("70.00", "0.00", "0.00"))


def test_parked_money_is_sent_back_whole_and_once(db: Database) -> None:
    came, back, again, less = lines_of(
        db,
        a_line("70", "who", currency="GBP"),
        a_line("-70", "back", currency="GBP"),
        a_line("-70", "back again", currency="GBP"),
        a_line("-69", "less", currency="GBP"),
    )
    with db.transaction() as session:
        setting_aside.park(session, came, actor=CLERK)

    with pytest.raises(Conflict), db.transaction() as session:
        setting_aside.book_sent_back(session, less, came, actor=CLERK)
    with db.transaction() as session:
        setting_aside.book_sent_back(session, back, came, actor=CLERK)
    with pytest.raises(Conflict), db.transaction() as session:
        setting_aside.book_sent_back(session, again, came, actor=CLERK)

    assert at_bank(db) == ("0.00", "0.00", "0.00")
    assert [state_of(db, each) for each in (came, back)] == [LineState.BOOKED, LineState.BOOKED]
    with db.reading() as session:
        assert session.scalars(select(Task.done_at)).one() is not None


def test_what_is_none_of_ours_is_ignored_with_a_reason_and_looked_at_again(db: Database) -> None:
    line = a_line_of(db, "-950", "RENT")

    with pytest.raises(Invalid), db.transaction() as session:
        setting_aside.ignore(session, line, why=" ", actor=CLERK)
    with db.transaction() as session:
        setting_aside.ignore(session, line, why="Rent", actor=CLERK)
    ignored = state_of(db, line)
    with db.transaction() as session:
        setting_aside.reopen(session, line, actor=CLERK)

    assert (ignored, state_of(db, line)) == (LineState.IGNORED, LineState.OPEN)
    assert at_bank(db)[0] == "0.00"
