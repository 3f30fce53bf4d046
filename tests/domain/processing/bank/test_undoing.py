"""Bank lines booked by mistake: taken back in one act, and booked anew as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.advices.queries import open_advices
from domain.advices.telling import tell
from domain.banking import queries
from domain.banking.model import PAYER_BANK_ACCOUNTS, LineState
from domain.ledger.balances import receivable
from domain.outbox.model import OutboxMessage
from domain.payments import slips
from domain.payments.model import Payment
from domain.processing.applying import use_credit
from domain.processing.bank import booking, setting_aside
from domain.processing.bank.booking import Part
from domain.processing.bank.suggesting import suggestions
from domain.processing.bank.undoing import TakenBack, may_be_undone, undo, would_undo
from domain.processing.checks import check_books
from domain.processing.moving import move_credit
from domain.processing.receipts.returning import return_receipt
from domain.processing.refunds.asking import request
from domain.processing.refunds.drawing import Wish
from domain.receivables.model import Invoice
from domain.refunds.model import RefundSource, RefundWay
from domain.reporting.act_words import Topic
from domain.reporting.timeline import timeline
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role
from domain.tasks.model import Task, TaskKind
from tests.support.bank_files import DAY
from tests.support.bank_files import a_line as bank_line
from tests.support.banking import CLERK, at_bank, lines_of, paying, state_of
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import open_of, stands

WHY = "It was the other café's"
NUMBERS = count(1)


def owing(db: Database, *amounts: str) -> tuple[int, list[int]]:
    """An account that owes an invoice of each amount."""
    with db.transaction() as session:
        account = an_account(session)
        return account.id, [an_invoice(session, account, amount).id for amount in amounts]


def a_line(db: Database, amount: str) -> int:
    """A line of so many pounds, which names nothing and is like no other."""
    (line_id,) = lines_of(db, bank_line(amount, f"thanks {next(NUMBERS)}", currency="GBP"))
    return line_id


def book(db: Database, line: int, account_id: int, amount: str, wanted: Mapping[int, Money] | None = None) -> str:
    """The whole line is the account's: the public id of its payment."""
    with db.transaction() as session:
        (payment,) = booking.book_payments(session, line, [Part(account_id, money(amount), wanted)], actor=CLERK)
        return payment.public_id


def take_back(db: Database, line: int) -> list[TakenBack]:
    """It was a mistake."""
    with db.transaction() as session:
        return [each for each in undo(session, line, reason=WHY, actor=CLERK) if isinstance(each, TakenBack)]


def test_a_line_booked_to_the_wrong_account_waits_again_and_what_it_settled_is_open(db: Database) -> None:
    wrong, (theirs,) = owing(db, "50")
    right, (ours,) = owing(db, "60")
    line = a_line(db, "60")
    book(db, line, wrong, "60")

    with db.transaction() as session:
        assert may_be_undone(session, line)
        (foreseen,) = would_undo(session, line)
        (taken,) = undo(session, line, reason=WHY, actor=CLERK)
        assert isinstance(foreseen, TakenBack)
        assert isinstance(taken, TakenBack)

        assert (
            [part.amount for part in foreseen.uncovered] == [part.amount for part in taken.uncovered] == [money("50")]
        )
        assert (taken.payment.voided_at is not None, slips.return_of(session, taken.payment.id)) == (True, None)
        assert (receivable(session, wrong), receivable(session, right)) == (money("50"), money("60"))
        assert not may_be_undone(session, line)
        assert TaskKind.SURPLUS not in session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all()
    assert state_of(db, line) is LineState.OPEN
    assert at_bank(db) == ("0.00", "0.00", "0.00")
    book(db, line, right, "60", {ours: money("60")})
    with db.reading() as session:
        assert open_of(session, _invoice(session, theirs), _invoice(session, ours)) == [money("50"), money("0")]
        assert check_books(session) == []


def test_both_timelines_say_so_and_the_wrong_one_names_no_return(db: Database, clock: MovableClock) -> None:
    wrong, _ = owing(db, "50")
    right, _ = owing(db, "50")
    line = a_line(db, "50")
    book(db, line, wrong, "50")
    clock.advance(minutes=3)
    take_back(db, line)
    book(db, line, right, "50")

    with db.reading() as session:
        of_wrong, of_right = (
            [one.words for one in timeline(session, each, Topic.MONEY).happenings] for each in (wrong, right)
        )

    assert [words.text for words in of_wrong[:2]] == [
        "Booked by mistake: bank transfer, {reference}",
        "The line of a bank statement is booked differently: {why}",
    ]
    assert of_wrong[1].params == {"why": WHY}
    assert "Identified on bank statement, after it had been booked by mistake" in [words.text for words in of_right]


def test_a_split_line_is_taken_back_from_all_its_accounts_and_what_they_taught_is_forgotten(db: Database) -> None:
    first, second = (owing(db, "40")[0] for _ in range(2))
    before, line = a_line(db, "10"), a_line(db, "80")
    book(db, before, first, "10")
    with db.transaction() as session:
        parts = [Part(first, money("40")), Part(second, money("40"))]
        booking.book_payments(session, line, parts, actor=CLERK)

    taken = take_back(db, line)

    assert [each.payment.account_id for each in taken] == [first, second]
    with db.reading() as session:
        assert session.scalars(select(PAYER_BANK_ACCOUNTS.c.account_id)).all() == [first]
        assert [receivable(session, each) for each in (first, second)] == [money("30"), money("40")]


def test_what_was_parked_before_is_parked_again_with_its_task(db: Database) -> None:
    wrong, _ = owing(db, "70")
    line = a_line(db, "70")
    with db.transaction() as session:
        setting_aside.park(session, line, actor=CLERK)
    book(db, line, wrong, "70")

    take_back(db, line)

    assert state_of(db, line) is LineState.PARKED
    assert at_bank(db) == ("70.00", "0.00", "-70.00")
    with db.reading() as session:
        assert session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all() == [TaskKind.UNIDENTIFIED_RECEIPT]
        assert check_books(session) == []


def test_what_was_announced_is_waited_for_again_and_suggested_again(db: Database) -> None:
    account_id, (first, second) = owing(db, "30", "20")
    with db.transaction() as session:
        wanted = {first: money("30"), second: money("20")}
        tell(session, account_id, wanted, expected_on=DAY, actor=CLERK)
    line = lines_of(db, paying("50", first, second))[0]
    book(db, line, account_id, "50", wanted)

    take_back(db, line)

    with db.reading() as session:
        assert [one.total for one in open_advices(session, account_id)] == [money("50")]
        row = queries.line(session, line)
        assert suggestions(session, [row])[line][0].account_id == account_id


def test_whoever_was_sent_the_receipt_is_told_once(db: Database) -> None:
    wrong, _ = owing(db, "70")
    line = a_line(db, "70")
    book(db, line, wrong, "70")

    take_back(db, line)

    with db.reading() as session:
        kinds = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds == ["send_receipt", "send_receipt_void"]


def refunded(session: Session, payment: Payment, other: int) -> None:
    """All of it is to go back."""
    wish = Wish(payment.id, payment.amount, RefundSource.REVERSAL, "Overpaid", way=RefundWay.BANK)
    request(session, payment.account_id, wish, role=Role.MANAGER, actor=CLERK)


def moved(session: Session, payment: Payment, other: int) -> None:
    """Its credit is another account's."""
    move_credit(session, payment.account_id, other, money("20"), reason="Theirs", actor=CLERK)


def returned(session: Session, payment: Payment, other: int) -> None:
    """Its bank took it back."""
    return_receipt(session, payment, DAY, reason="recalled", actor=CLERK)


@pytest.mark.parametrize(
    ("since", "why"), [(refunded, "refunded since"), (moved, "moved to another account"), (returned, "came back")]
)
def test_what_has_left_the_account_since_stays_booked(
    db: Database, since: Callable[[Session, Payment, int], None], why: str
) -> None:
    wrong, _ = owing(db, "50")
    other, _ = owing(db, "50")
    line = a_line(db, "70")
    public_id = book(db, line, wrong, "70")
    with db.transaction() as session:
        since(session, session.scalars(select(Payment).where(Payment.public_id == public_id)).one(), other)

    with pytest.raises(Conflict, match=why), db.reading() as session:
        would_undo(session, line)
    with pytest.raises(Conflict, match=why), db.transaction() as session:
        undo(session, line, reason=WHY, actor=CLERK)

    assert state_of(db, line) is LineState.BOOKED


def test_it_is_done_once_with_a_reason_and_only_to_payments(db: Database) -> None:
    wrong, _ = owing(db, "50")
    line, ignored = a_line(db, "50"), a_line(db, "51")
    book(db, line, wrong, "50")
    with db.transaction() as session:
        setting_aside.ignore(session, ignored, why="Rent", actor=CLERK)

    with pytest.raises(Invalid), db.transaction() as session:
        undo(session, line, reason=" ", actor=CLERK)
    with pytest.raises(Conflict), db.transaction() as session:
        undo(session, ignored, reason=WHY, actor=CLERK)
    take_back(db, line)
    with pytest.raises(Conflict), db.transaction() as session:
        undo(session, line, reason=WHY, actor=CLERK)
    with pytest.raises(Conflict), db.transaction() as session:
        setting_aside.reopen(session, line, actor=CLERK)

    assert state_of(db, line) is LineState.OPEN


def test_credit_used_since_is_taken_off_again_and_counts_from_the_day_of_the_receipt(
    db: Database, clock: MovableClock
) -> None:
    wrong, (old,) = owing(db, "50")
    line = a_line(db, "70")
    book(db, line, wrong, "70")
    clock.advance(days=3)
    with db.transaction() as session:
        later = an_invoice(session, session.get_one(Account, wrong), "20").id
        use_credit(session, wrong, {later: money("20")}, actor=CLERK)

    take_back(db, line)

    with db.reading() as session:
        assert open_of(session, _invoice(session, old), _invoice(session, later)) == [money("50"), money("20")]
        assert check_books(session) == []


PARTS = st.lists(st.integers(min_value=1, max_value=9_000), min_size=1, max_size=4)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mistaken=PARTS, owed=PARTS, amount=st.integers(min_value=1, max_value=20_000), named=st.booleans())
def test_booked_undone_and_booked_elsewhere_is_as_booked_right_at_once(
    db: Database, mistaken: list[int], owed: list[int], amount: int, named: bool
) -> None:
    wrong, _ = owing(db, *(str(Money(each, "GBP").decimal) for each in mistaken))
    ways = []
    for detour in (True, False):
        right, invoices = owing(db, *(str(Money(each, "GBP").decimal) for each in owed))
        told = str(Money(amount, "GBP").decimal)
        line = a_line(db, told)
        before = _standing(db, wrong)
        if detour:
            book(db, line, wrong, told)
            take_back(db, line)
        wanted = {invoices[-1]: min(money(told), Money(owed[-1], "GBP"))} if named else None
        book(db, line, right, told, wanted)
        assert _standing(db, wrong) == before
        ways.append((_standing(db, right), [_open(db, each) for each in invoices]))

    assert ways[0] == ways[1]
    with db.reading() as session:
        assert check_books(session) == []


def _standing(db: Database, account_id: int) -> tuple[Money, Money, Money]:
    with db.reading() as session:
        return receivable(session, account_id), *stands(session, session.get_one(Account, account_id))


def _open(db: Database, invoice_id: int) -> Money:
    with db.reading() as session:
        return _invoice(session, invoice_id).open


def _invoice(session: Session, invoice_id: int) -> Invoice:
    return session.get_one(Invoice, invoice_id)
