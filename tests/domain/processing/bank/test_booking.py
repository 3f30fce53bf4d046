"""Bank lines: booked as what they are, whoever decides it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.banking import queries
from domain.banking.model import PAYER_BANK_ACCOUNTS, LineState
from domain.banking.suggestions import Kind
from domain.ledger.balances import receivable
from domain.outbox.model import OutboxMessage
from domain.payments import slips
from domain.payments.model import Payment
from domain.processing.bank import booking, setting_aside
from domain.processing.bank.booking import Part
from domain.processing.bank.suggesting import suggestions
from domain.processing.receipts.banking import bank_receipts
from domain.processing.receipts.returning import ReturnReason, return_receipt
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.audited import acts
from tests.support.bank_files import DAY, a_line
from tests.support.banking import CLERK, a_line_of, at_bank, booked_as, lines_of, owing, state_of
from tests.support.builders import an_account, money
from tests.support.credit import a_cheque, open_of, stands

NOBODY = 999_999


def cheque(db: Database, amount: str) -> tuple[int, int]:
    """A cheque that staff recorded on an account that owed it: its payment and its account."""
    account_id, _ = owing(db, amount)
    with db.transaction() as session:
        return a_cheque(session, _account(session, account_id), amount, on=DAY).id, account_id


def test_money_for_one_invoice_settles_it_on_its_value_date_and_mails_a_receipt(db: Database) -> None:
    account_id, (old, meant) = owing(db, "80", "50")
    line = a_line_of(db, "50")

    with db.transaction() as session:
        (payment,) = booking.book_payments(
            session, line, [Part(account_id, money("50"), {meant.id: money("50")})], actor=CLERK
        )

        assert open_of(session, old, meant) == [money("80"), money("0")]
        assert payment.effective_on == DAY
        assert session.scalars(select(OutboxMessage.kind)).all() == ["send_receipt"]
        assert "bank_line.booked" in acts(session)
    assert at_bank(db) == ("50.00", "0.00", "0.00")
    assert (state_of(db, line), booked_as(db, line)) == (LineState.BOOKED, [("payment", "50.00")])


def test_a_line_is_split_over_accounts_and_each_learns_the_payers_bank_account(db: Database) -> None:
    (one, _), (other, _) = owing(db, "80"), owing(db, "50")
    line = a_line_of(db, "130", account="DE89370400440532013000")

    with db.transaction() as session:
        parts = [Part(other, money("50")), Part(one, money("80"))]
        booking.book_payments(session, line, parts, actor=CLERK)

        assert [receivable(session, each) for each in (one, other)] == [money("0"), money("0")]
        learned = session.execute(select(PAYER_BANK_ACCOUNTS.c.account_id, PAYER_BANK_ACCOUNTS.c.bank_account))
        assert {tuple(row) for row in learned} == {(one, "DE89370400440532013000"), (other, "DE89370400440532013000")}
    assert booked_as(db, line) == [("payment", "50.00"), ("payment", "80.00")]


@pytest.mark.parametrize("parts", [(), ("99.99",), ("60", "40.01"), ("100", "0")])
def test_parts_that_are_not_the_line_book_nothing(db: Database, parts: tuple[str, ...]) -> None:
    account_id, _ = owing(db, "100")
    line = a_line_of(db, "100")

    with pytest.raises(Invalid), db.transaction() as session:
        booking.book_payments(session, line, [Part(account_id, money(part)) for part in parts], actor=CLERK)

    assert (state_of(db, line), at_bank(db)) == (LineState.OPEN, ("0.00", "0.00", "0.00"))


def test_another_currency_is_refused(db: Database) -> None:
    with db.transaction() as session:
        euros = an_account(session, currency="EUR").id
    line = a_line_of(db, "100")

    for part in (Part(euros, money("100")), Part(euros, money("100", "EUR"))):
        with pytest.raises(Invalid), db.transaction() as session:
            booking.book_payments(session, line, [part], actor=CLERK)

    assert state_of(db, line) is LineState.OPEN


def test_a_value_date_ahead_counts_as_today(db: Database) -> None:
    account_id, _ = owing(db, "100")
    line = a_line_of(db, "100", on=date(2026, 3, 19))

    with db.transaction() as session:
        (payment,) = booking.book_payments(session, line, [Part(account_id, money("100"))], actor=CLERK)

        assert payment.effective_on == date(2026, 3, 16)


def test_money_that_went_out_is_nobodys_payment(db: Database) -> None:
    account_id, _ = owing(db, "100")
    line = a_line_of(db, "-100")

    for wrong in (
        lambda session: booking.book_payments(session, line, [Part(account_id, money("-100"))], actor=CLERK),
        lambda session: setting_aside.park(session, line, actor=CLERK),
    ):
        with pytest.raises(Conflict), db.transaction() as session:
            wrong(session)

    assert state_of(db, line) is LineState.OPEN


def test_a_paying_in_slip_of_recorded_cheques_pays_nothing_twice(db: Database) -> None:
    (first, one), (second, _) = cheque(db, "60"), cheque(db, "40")
    line = a_line_of(db, "100", "CHEQUES PAID IN")
    before = at_bank(db)

    with db.transaction() as session:
        booking.book_recorded(session, line, [second, first], actor=CLERK)

        assert slips.to_bank(session) == []
        assert stands(session, _account(session, one)) == (money("0"), money("0"))
        assert session.scalar(select(func.count()).select_from(Payment)) == 2
    assert (before, at_bank(db)) == (("0.00", "100.00", "0.00"), ("100.00", "0.00", "0.00"))
    assert booked_as(db, line) == [("recorded_receipt", "60.00"), ("recorded_receipt", "40.00")]


def test_the_line_of_a_receipt_that_was_banked_on_word_is_linked_to_it_and_posts_nothing(db: Database) -> None:
    payment_id, account_id = cheque(db, "60")
    with db.transaction() as session:
        bank_receipts(session, [payment_id], DAY, actor=CLERK)
    line, again = a_line_of(db, "60", "CHEQUE"), a_line_of(db, "60", "ANOTHER")
    before = at_bank(db)
    with db.reading() as session:
        (row,) = [each for each in queries.open_lines(session) if each.id == line]
        (offered,) = [each for each in suggestions(session, [row])[line] if each.kind is Kind.RECORDED_RECEIPT]

    with db.transaction() as session:
        booking.book_recorded(session, line, offered.targets, actor=CLERK)
    with pytest.raises(Conflict), db.transaction() as session:
        booking.book_recorded(session, again, [payment_id], actor=CLERK)

    assert before == at_bank(db) == ("60.00", "0.00", "0.00")
    assert booked_as(db, line) == [("recorded_receipt", "60.00")]
    with db.reading() as session:
        assert receivable(session, account_id) == money("0")


def test_receipts_that_are_not_the_line_or_were_banked_are_refused(db: Database) -> None:
    first, _ = cheque(db, "60")
    small, exact, again = (a_line_of(db, amount, text) for amount, text in (("59", "a"), ("60", "b"), ("60", "c")))

    with pytest.raises(Invalid), db.transaction() as session:
        booking.book_recorded(session, small, [first], actor=CLERK)
    with pytest.raises(NotFound), db.transaction() as session:
        booking.book_recorded(session, small, [NOBODY], actor=CLERK)
    with db.transaction() as session:
        booking.book_recorded(session, exact, [first], actor=CLERK)
    with pytest.raises(Conflict), db.transaction() as session:
        booking.book_recorded(session, again, [first], actor=CLERK)

    assert [state_of(db, each) for each in (small, exact, again)] == [LineState.OPEN, LineState.BOOKED, LineState.OPEN]


def test_what_came_in_and_bounces_opens_its_invoice_again(db: Database) -> None:
    account_id, (invoice,) = owing(db, "60")
    came, bounced = lines_of(
        db, a_line("60", "for you", currency="GBP"), a_line("-60", "for you", returned=True, currency="GBP")
    )
    with db.transaction() as session:
        (payment,) = booking.book_payments(session, came, [Part(account_id, money("60"))], actor=CLERK)

    with db.transaction() as session:
        booking.book_return(session, bounced, payment.id, actor=CLERK)

        assert open_of(session, invoice) == [money("60")]
    assert at_bank(db) == ("0.00", "0.00", "0.00")
    assert booked_as(db, bounced) == [("return", "-60.00")]


def test_a_return_that_staff_recorded_is_only_seen_at_the_bank(db: Database) -> None:
    payment_id, account_id = cheque(db, "60")
    came, bounced = lines_of(db, a_line("60", "cheque", currency="GBP"), a_line("-60", "cheque", currency="GBP"))
    with db.transaction() as session:
        booking.book_recorded(session, came, [payment_id], actor=CLERK)
        payment = session.get_one(Payment, payment_id)
        return_receipt(session, payment, date(2026, 3, 15), reason=ReturnReason.BOUNCED, actor=CLERK)

    with db.transaction() as session:
        booking.book_return(session, bounced, payment_id, actor=CLERK)

        assert receivable(session, account_id) == money("60")
        assert slips.returns_to_bank(session) == []
    assert at_bank(db) == ("0.00", "0.00", "0.00")


def test_a_return_of_another_amount_is_refused(db: Database) -> None:
    payment_id, _ = cheque(db, "60")
    line = a_line_of(db, "-59")

    with pytest.raises(Invalid), db.transaction() as session:
        booking.book_return(session, line, payment_id, actor=CLERK)

    assert state_of(db, line) is LineState.OPEN


def _account(session: Session, account_id: int) -> Account:
    return session.get_one(Account, account_id)
