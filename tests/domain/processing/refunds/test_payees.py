"""To whom refunds from our bank go: by the line that brought the money, or as staff write it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.payments.model import Payment
from domain.processing.bank import booking
from domain.processing.bank.booking import Part
from domain.processing.refunds import asking, banking
from domain.processing.refunds.drawing import Wish
from domain.processing.refunds.payees import payee_of, write_payee
from domain.refunds.model import Refund, RefundSource
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from domain.staff.model import Role
from tests.support.audited import acts
from tests.support.banking import CLERK, lines_of, paying
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque

IBAN = "DE89370400440532013000"
OTHER = "GB29 NWBK 6016 1331 9268 19"


def a_refund(session: Session, payment: Payment) -> Refund:
    """Ten pounds of the payment are to go back from our bank."""
    wish = Wish(payment.id, money("10"), RefundSource.CREDIT, "Overpaid")
    return asking.request(session, payment.account_id, wish, role=Role.MANAGER, actor=CLERK)


def by_line(db: Database) -> int:
    """A refund of a payment that a bank line brought."""
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "50")
    (line,) = lines_of(db, paying("60", account=IBAN))
    with db.transaction() as session:
        (payment,) = booking.book_payments(session, line, [Part(account.id, money("60"))], actor=CLERK)
        return a_refund(session, payment).id


def by_cheque(db: Database) -> int:
    """A refund of a cheque, of which no line tells anything."""
    with db.transaction() as session:
        account = an_account(session)
        return a_refund(session, a_cheque(session, session.get_one(Account, account.id), "60")).id


def test_the_line_that_brought_the_money_says_where_it_goes(db: Database) -> None:
    number = by_line(db)

    with db.reading() as session:
        payee = payee_of(session, session.get_one(Refund, number))

    assert payee is not None
    assert (payee.bank_account, payee.from_line) == (IBAN, True)
    assert payee.printed == "DE89 3704 0044 0532 0130 00"


def test_what_staff_write_comes_first_and_the_latest_counts(db: Database) -> None:
    number = by_line(db)

    with db.transaction() as session:
        refund = session.get_one(Refund, number)
        write_payee(session, refund, "Old  Mill", IBAN, actor=CLERK)
        write_payee(session, refund, "Harbour Café", OTHER, actor=CLERK)

        payee = payee_of(session, refund)
        assert payee is not None
        assert (payee.name, payee.bank_account, payee.from_line) == ("Harbour Café", OTHER.replace(" ", ""), False)
        assert acts(session).count("refund.payee_written") == 2


def test_of_a_cheque_nobody_knows_until_it_is_written(db: Database) -> None:
    number = by_cheque(db)

    with db.transaction() as session:
        refund = session.get_one(Refund, number)
        assert payee_of(session, refund) is None
        write_payee(session, refund, "Harbour Café", "12-34-56 12345678", actor=CLERK)

        payee = payee_of(session, refund)
        assert payee is not None
        assert payee.bank_account == "12-34-5612345678"


@pytest.mark.parametrize(
    ("name", "bank_account", "field"),
    [
        (" ", IBAN, "payee"),
        ("Harbour", " ", "bank_account"),
        ("Harbour", "DE89370400440532013001", "bank_account"),
        ("Harbour", "DE89<script>", "bank_account"),
        ("Harbour", "1" * 41, "bank_account"),
    ],
)
def test_what_cannot_be_a_payee_is_refused_beside_its_field(
    db: Database, name: str, bank_account: str, field: str
) -> None:
    number = by_cheque(db)

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        write_payee(session, session.get_one(Refund, number), name, bank_account, actor=CLERK)

    assert refused.value.field == field


def test_once_it_is_paid_nobody_writes_where_it_goes(db: Database) -> None:
    number = by_cheque(db)
    with db.transaction() as session:
        banking.refund_banked(session, session.get_one(Refund, number), today(session), actor=CLERK)

    with pytest.raises(Conflict), db.transaction() as session:
        write_payee(session, session.get_one(Refund, number), "Harbour", IBAN, actor=CLERK)
