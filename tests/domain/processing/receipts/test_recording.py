"""Receipts by hand: recorded, settling what they are for, and what each does to the books."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import close_books
from domain.outbox.model import OutboxMessage
from domain.payments import slips
from domain.payments.model import PaymentMethod, PaymentStatus
from domain.processing.receipts.recording import Slip, record_receipt
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from domain.tasks.model import Task
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, open_of, stands

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
