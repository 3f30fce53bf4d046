"""Receipts by hand: recorded, taken to the bank, returned, and what each of it does to the books."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.ledger.balances import balance_of, receivable
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import close_books
from domain.ledger.posting import EntryKind, credit, debit, post
from domain.outbox.model import OutboxMessage
from domain.payments import slips
from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.processing.receipts import (
    ReturnReason,
    Slip,
    bank_receipt,
    bank_receipts,
    bank_return,
    record_receipt,
    return_receipt,
)
from domain.receivables.ageing import ageing_of
from domain.receivables.model import Invoice, InvoiceKind, WithdrawalKind
from domain.receivables.withdrawing import withdraw
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.tasks.model import Task
from tests.support.audited import acts
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, item_of, open_of, stands

TODAY = date(2026, 3, 16)


def at(session: Session) -> tuple[str, str]:
    """What stands on *receipts to bank* and on *bank*."""
    places = (LedgerAccount.RECEIPTS_TO_BANK, LedgerAccount.BANK)
    waiting, bank = (str(balance_of(session, place, "GBP").decimal) for place in places)
    return waiting, bank


def test_a_cheque_settles_the_oldest_first_and_waits_to_be_banked(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        later, first = (an_invoice(session, account, "80", due_on=day) for day in (date(2026, 5, 1), date(2026, 4, 1)))

        payment = a_cheque(session, account, "100")

        assert (payment.status, payment.receipt_number) == (PaymentStatus.SUCCEEDED, "RCT-000001")
        assert open_of(session, first, later) == [money("0"), money("60")]
        assert at(session) == ("100.00", "0.00")
        assert [awaited.payment_id for awaited in slips.to_bank(session)] == [payment.id]


def test_the_payers_word_comes_before_the_order_and_what_is_left_is_credit_with_a_task(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        first, second = an_invoice(session, account, "80"), an_invoice(session, account, "80")

        payment = a_cheque(session, account, "100", wanted={second.id: money("90")})

        assert open_of(session, first, second) == [money("80"), money("0")]
        assert stands(session, account) == (money("80"), money("20"))
        assert session.scalars(select(Task.subject_id)).all() == [payment.public_id]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"on": date(2026, 3, 17)}, "received_on"),
        ({"wanted": "100.01"}, "amount"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(db: Database, change: dict[str, object], field: str) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "500")
        wanted = {invoice.id: money(str(change["wanted"]))} if "wanted" in change else None
        amount, on = str(change.get("amount", "100")), change.get("on", TODAY)

        with pytest.raises(Invalid) as refused:
            a_cheque(session, account, amount, on=on, wanted=wanted)  # type: ignore[arg-type]

        assert refused.value.field == field


def test_another_currency_and_another_accounts_invoice_are_refused(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        invoice = an_invoice(session, theirs, "50")

        with pytest.raises(Invalid, match="GBP"):
            record_receipt(session, ours.id, Slip(PaymentMethod.CASH, money("50", "EUR"), TODAY), actor=OPERATOR)
        with pytest.raises(NotFound):
            a_cheque(session, ours, "50", wanted={invoice.id: money("50")})


def test_the_receipt_is_mailed_only_where_that_is_wanted(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        slip = Slip(PaymentMethod.CASH, money("5"), TODAY)

        record_receipt(session, account.id, slip, actor=OPERATOR, mail_receipt=False)
        unmailed = session.scalars(select(OutboxMessage.kind)).all()
        record_receipt(session, account.id, slip, actor=OPERATOR)

        assert unmailed == []
        assert session.scalars(select(OutboxMessage.kind)).all() == ["send_receipt"]


def test_a_cheque_of_a_closed_month_counts_from_the_first_open_day(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "100")
        close_books(session, date(2026, 2, 28))

        payment = a_cheque(session, account, "100", on=date(2026, 2, 10))

        assert payment.effective_on == date(2026, 3, 1)


def test_several_are_banked_together_or_not_at_all(db: Database) -> None:
    with db.transaction() as session:
        payments = [a_cheque(session, an_account(session), amount) for amount in ("10", "20", "30")]
        bank_receipt(session, payments[2], TODAY, actor=OPERATOR)

    with pytest.raises(Conflict), db.transaction() as session:
        bank_receipts(session, [payment.id for payment in payments], TODAY, actor=OPERATOR)
    with db.transaction() as session:
        before = at(session)
        bank_receipts(session, [payment.id for payment in payments[:2]], TODAY, actor=OPERATOR)

        assert (before, at(session)) == (("30.00", "30.00"), ("0.00", "60.00"))
        assert slips.to_bank(session) == []
        assert acts(session).count("receipt.banked") == 3
        with pytest.raises(NotFound):
            bank_receipts(session, [999_999], TODAY, actor=OPERATOR)
        with pytest.raises(Invalid):
            bank_receipts(session, [payments[0].id], date(2026, 3, 17), actor=OPERATOR)


def test_a_bounced_cheque_opens_what_it_had_settled(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "80")
        payment = a_cheque(session, account, "100")
        bank_receipt(session, payment, TODAY, actor=OPERATOR)
    clock.advance(days=3)
    with db.transaction() as session:
        payment = session.get_one(Payment, payment.id)

        uncovered = return_receipt(session, payment, today(session), reason=ReturnReason.BOUNCED, actor=OPERATOR)

        assert [(part.number, part.amount) for part in uncovered] == [(invoice.number, money("80"))]
        assert (receivable(session, account.id), stands(session, account)) == (money("80"), (money("80"), money("0")))
        assert at(session) == ("-100.00", "100.00")
        assert ageing_of(session, account.id, date(2026, 3, 18)).total == money("-20")
        bank_return(session, payment, today(session), actor=OPERATOR)
        assert at(session) == ("0.00", "0.00")
        with pytest.raises(Conflict):
            bank_return(session, payment, today(session), actor=OPERATOR)
        with pytest.raises(Conflict):
            return_receipt(session, payment, today(session), reason=ReturnReason.BOUNCED, actor=OPERATOR)


def test_a_return_that_the_bank_shows_needs_no_second_line(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")
        bank_receipt(session, payment, TODAY, actor=OPERATOR)

        return_receipt(session, payment, TODAY, reason="refer to drawer", actor=OPERATOR, at_bank=True)

        assert at(session) == ("0.00", "0.00")
        assert slips.returns_to_bank(session) == []


def test_what_came_back_before_it_was_banked_waits_for_no_line(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")

        return_receipt(session, payment, TODAY, reason=ReturnReason.MISTAKE, actor=OPERATOR)

        assert at(session) == ("0.00", "0.00")
        assert (slips.to_bank(session), slips.returns_to_bank(session)) == ([], [])
        with pytest.raises(Conflict):
            bank_return(session, payment, TODAY, actor=OPERATOR)


def test_nobodys_word_takes_to_the_bank_what_came_back_before(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "50")
        return_receipt(session, payment, TODAY, reason=ReturnReason.MISTAKE, actor=OPERATOR)

    with pytest.raises(Conflict), db.transaction() as session:
        bank_receipts(session, [payment.id], TODAY, actor=OPERATOR)

    with db.reading() as session:
        assert balance_of(session, LedgerAccount.BANK, "GBP") == money("0")


def test_lines_that_come_after_the_return_was_recorded_still_fit_both(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")
        return_receipt(session, payment, TODAY, reason=ReturnReason.BOUNCED, actor=OPERATOR)

        bank_receipt(session, payment, TODAY, actor=OPERATOR)
        between = (at(session), len(slips.returns_to_bank(session)))
        bank_return(session, payment, TODAY, actor=OPERATOR)

        assert between == (("-100.00", "100.00"), 1)
        assert at(session) == ("0.00", "0.00")


def test_what_the_bank_has_was_no_mistake(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")
        bank_receipt(session, payment, TODAY, actor=OPERATOR)

        with pytest.raises(Conflict, match="no mistake"):
            return_receipt(session, payment, TODAY, reason=ReturnReason.MISTAKE, actor=OPERATOR)


@pytest.mark.parametrize(("reason", "on", "field"), [(" ", TODAY, "reason"), ("bounced", date(2026, 3, 17), "on")])
def test_a_return_has_a_reason_and_a_day_that_has_come(db: Database, reason: str, on: date, field: str) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")

        with pytest.raises(Invalid) as refused:
            return_receipt(session, payment, on, reason=reason, actor=OPERATOR)

        assert refused.value.field == field


def test_a_return_takes_effect_no_earlier_than_what_it_returns(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        payment = a_cheque(session, account, "100")

        return_receipt(session, payment, date(2026, 3, 1), reason=ReturnReason.STOPPED, actor=OPERATOR)

        assert [ageing_of(session, account.id, date(2026, 3, day)).total for day in (10, 16)] == [money("0")] * 2


def test_what_had_been_refunded_before_the_cheque_bounced_is_owed_again(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "70")
        payment = a_cheque(session, account, "100")
    clock.advance(days=2)
    with db.transaction() as session:
        payment = session.get_one(Payment, payment.id)
        refunded(session, payment, "30")
    clock.advance(days=2)
    with db.transaction() as session:
        payment = session.get_one(Payment, payment.id)

        uncovered = return_receipt(session, payment, date(2026, 3, 19), reason=ReturnReason.BOUNCED, actor=OPERATOR)

        debt = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.OWED_AGAIN)).one()
        assert [part.amount for part in uncovered] == [money("70"), money("30")]
        assert (debt.open, debt.issued_on) == (money("30"), date(2026, 3, 19))
        assert open_of(session, invoice) == [money("70")]
        assert receivable(session, account.id) == money("100")
        assert ageing_of(session, account.id, date(2026, 3, 19)).total == money("100")


def test_only_what_came_by_hand_is_returned(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "10")
        payment.method = PaymentMethod.CHECKOUT

        with pytest.raises(Conflict):
            return_receipt(session, payment, TODAY, reason=ReturnReason.BOUNCED, actor=OPERATOR)

        session.rollback()


def refunded(session: Session, payment: Payment, amount: str) -> None:
    """Part of the payment's credit is paid back, as a refund does it."""
    withdraw(session, item_of(session, payment), money(amount), kind=WithdrawalKind.REFUND, source="refund:1")
    post(
        session,
        kind=EntryKind.REFUND,
        source="refund:1",
        effective_on=today(session),
        legs=[
            debit(LedgerAccount.RECEIVABLE, money(amount), account_id=payment.account_id),
            credit(LedgerAccount.PROCESSOR_SUSPENSE, money(amount)),
        ],
    )
