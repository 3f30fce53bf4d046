"""Bank lines linked to the wrong receipt or payout: the link is taken back, and each waits for its own line again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.banking.model import LineState
from domain.clearing.model import Payout
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment
from domain.payments.snapshots import PayoutState
from domain.processing.bank import booking, linking
from domain.processing.bank.undoing import may_be_undone, undo, would_undo
from domain.processing.bank.unlinking import Unlinked
from domain.processing.checks import check_books
from domain.processing.receipts.banking import bank_receipts
from domain.processing.receipts.returning import return_receipt
from domain.processing.reconciling.payouts import reconcile_payout
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict
from tests.domain.processing.bank.test_booking import cheque
from tests.domain.processing.bank.test_suggesting import keys
from tests.support.bank_files import DAY, a_line
from tests.support.banking import CLERK, at_bank, lines_of, state_of
from tests.support.builders import money
from tests.support.clearing import a_payout


def two_lines(db: Database, amount: str) -> list[int]:
    """Two lines of so much, which say nothing."""
    return lines_of(db, *(a_line(amount, text, currency="GBP") for text in ("one", "two")))


def link(db: Database, line: int, *payments: int) -> None:
    """The line is of these recorded receipts."""
    with db.transaction() as session:
        booking.book_recorded(session, line, payments, actor=CLERK)


def take_back(db: Database, line: int) -> list[bool]:
    """It was a mistake; whether what the line was taken for is waited for again."""
    with db.transaction() as session:
        foreseen = would_undo(session, line)
        done = undo(session, line, reason="It is the other one's", actor=CLERK)
        assert [each.awaited for each in foreseen if isinstance(each, Unlinked)] == [
            each.awaited for each in done if isinstance(each, Unlinked)
        ]
        return [each.awaited for each in done if isinstance(each, Unlinked)]


def sent(db: Database, ref: str, state: PayoutState = PayoutState.IN_TRANSIT) -> int:
    """The processor says this of a payout of 90; its id."""
    with db.transaction() as session:
        return reconcile_payout(session, a_payout(money("90"), now(session), state, ref=ref, arrives_on=DAY)).id


def in_transit(db: Database) -> str:
    """What of our payouts has not arrived."""
    with db.reading() as session:
        return str(balances.balance_of(session, LedgerAccount.PAYOUTS_IN_TRANSIT, "GBP").decimal)


def sound(db: Database) -> bool:
    """Whether the books add up."""
    with db.reading() as session:
        return check_books(session) == []


def test_a_line_of_the_wrong_cheques_waits_again_and_so_do_they_until_their_own_line(db: Database) -> None:
    (first, _), (second, _), (third, _) = cheque(db, "60"), cheque(db, "40"), cheque(db, "100")
    wrong, right = two_lines(db, "100")
    link(db, wrong, first, second)

    awaited = take_back(db, wrong)
    between = (state_of(db, wrong), at_bank(db), sound(db))
    link(db, wrong, third)
    link(db, right, first, second)

    assert awaited == [True, True]
    assert between == (LineState.OPEN, ("0.00", "200.00", "0.00"), True)
    assert at_bank(db) == ("200.00", "0.00", "0.00")
    assert sound(db)


def test_the_same_link_can_be_taken_back_and_made_again(db: Database) -> None:
    payment, _ = cheque(db, "60")
    line, _ = two_lines(db, "60")
    for _ in range(2):
        link(db, line, payment)
        assert take_back(db, line) == [True]

    link(db, line, payment)

    assert at_bank(db) == ("60.00", "0.00", "0.00")
    assert sound(db)


def test_what_staff_had_banked_on_their_word_stays_at_the_bank(db: Database) -> None:
    payment, _ = cheque(db, "60")
    line, _ = two_lines(db, "60")
    with db.transaction() as session:
        bank_receipts(session, [payment], DAY, actor=CLERK)
    link(db, line, payment)

    awaited = take_back(db, line)

    assert awaited == [False]
    assert (state_of(db, line), at_bank(db)) == (LineState.OPEN, ("60.00", "0.00", "0.00"))
    assert sound(db)


def test_a_cheque_that_came_back_since_stays_linked(db: Database) -> None:
    payment, _ = cheque(db, "60")
    line, _ = two_lines(db, "60")
    link(db, line, payment)
    with db.transaction() as session:
        return_receipt(session, session.get_one(Payment, payment), DAY, reason="No funds", actor=CLERK)

    with pytest.raises(Conflict), db.transaction() as session:
        undo(session, line, reason="It is the other one's", actor=CLERK)

    assert state_of(db, line) is LineState.BOOKED


def test_a_line_of_the_wrong_payout_waits_again_and_so_does_the_payout(db: Database) -> None:
    first, second = sent(db, "po_1"), sent(db, "po_2")
    line, other = two_lines(db, "90")
    with db.transaction() as session:
        linking.book_payout(session, line, first, actor=CLERK)
        assert may_be_undone(session, line)

    awaited = take_back(db, line)
    between = (in_transit(db), at_bank(db)[0], sound(db))
    suggested = [key for key, _ in keys(db, line)]
    with db.transaction() as session:
        linking.book_payout(session, line, second, actor=CLERK)
        linking.book_payout(session, other, first, actor=CLERK)

    assert awaited == [True]
    assert between == ("180.00", "0.00", True)
    assert f"payout:{first}" in suggested
    assert (in_transit(db), at_bank(db)[0]) == ("0.00", "180.00")
    assert sound(db)


def test_a_payout_of_which_the_processor_says_that_it_arrived_stays_at_the_bank(db: Database) -> None:
    payout = sent(db, "po_1")
    line, _ = two_lines(db, "90")
    with db.transaction() as session:
        linking.book_payout(session, line, payout, actor=CLERK)
    sent(db, "po_1", PayoutState.PAID)

    awaited = take_back(db, line)

    with db.reading() as session:
        arrived_on = session.scalars(select(Payout.arrived_on)).one()
    assert (awaited, arrived_on) == ([False], DAY)
    assert (in_transit(db), at_bank(db)[0]) == ("0.00", "90.00")
    assert sound(db)


def test_a_payout_that_is_unlinked_arrives_by_the_processors_word_too(db: Database) -> None:
    payout = sent(db, "po_1")
    line, _ = two_lines(db, "90")
    with db.transaction() as session:
        linking.book_payout(session, line, payout, actor=CLERK)
    take_back(db, line)

    sent(db, "po_1", PayoutState.PAID)

    assert (in_transit(db), at_bank(db)[0]) == ("0.00", "90.00")
    assert sound(db)
