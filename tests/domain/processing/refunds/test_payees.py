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
from domain.refunds.model import Refund, RefundSource, RefundStatus
from domain.shared.actor import Actor
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotAllowed
from domain.staff.model import Role
from tests.support.audited import acts
from tests.support.banking import CLERK, lines_of, paying
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque

IBAN = "DE89370400440532013000"
OTHER = "GB29 NWBK 6016 1331 9268 19"
BOSS, THIRD = Actor.staff(8), Actor.staff(9)


def a_refund(session: Session, payment: Payment) -> Refund:
    """Ten pounds of the payment are to go back from our bank."""
    wish = Wish(payment.id, money("10"), RefundSource.CREDIT, "Overpaid")
    return asking.request(session, payment.account_id, wish, role=Role.MANAGER, actor=CLERK)


def received(db: Database, amount: str) -> int:
    """A payment that a bank line brought; the account's debt is ten pounds less."""
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, str(int(amount) - 10))
    (line,) = lines_of(db, paying(amount, account=IBAN))
    with db.transaction() as session:
        (payment,) = booking.book_payments(session, line, [Part(account.id, money(amount))], actor=CLERK)
        return payment.id


def by_line(db: Database) -> int:
    """A refund of a payment that a bank line brought."""
    payment_id = received(db, "60")
    with db.transaction() as session:
        return a_refund(session, session.get_one(Payment, payment_id)).id


def waiting(db: Database) -> int:
    """A refund that a collector has asked for, of a payment by a bank line, and that somebody has to approve."""
    payment_id = received(db, "900")
    with db.transaction() as session:
        payment = session.get_one(Payment, payment_id)
        wish = Wish(payment.id, money("900"), RefundSource.REVERSAL, "Not theirs")
        return asking.request(session, payment.account_id, wish, role=Role.COLLECTOR, actor=CLERK).id


def approve(db: Database, refund_id: int, seen: str | None, actor: Actor = BOSS) -> Refund:
    """A manager lets it go, having seen this bank account."""
    with db.transaction() as session:
        refund = session.get_one(Refund, refund_id)
        asking.approve(session, refund, role=Role.MANAGER, actor=actor, payee_seen=seen)
        return refund


def write(db: Database, refund_id: int, number: str, *, role: Role = Role.MANAGER, actor: Actor = CLERK) -> None:
    """Somebody writes down to which bank account it goes."""
    with db.transaction() as session:
        write_payee(session, session.get_one(Refund, refund_id), "Harbour Café", number, role=role, actor=actor)


def number_of(db: Database, refund_id: int) -> str | None:
    """Where it goes."""
    with db.reading() as session:
        payee = payee_of(session, session.get_one(Refund, refund_id))
        return payee.bank_account if payee else None


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
        write_payee(session, refund, "Old  Mill", IBAN, role=Role.MANAGER, actor=CLERK)
        write_payee(session, refund, "Harbour Café", OTHER, role=Role.MANAGER, actor=CLERK)

        payee = payee_of(session, refund)
        assert payee is not None
        assert (payee.name, payee.bank_account, payee.from_line) == ("Harbour Café", OTHER.replace(" ", ""), False)
        assert acts(session).count("refund.payee_written") == 2


def test_of_a_cheque_nobody_knows_until_it_is_written(db: Database) -> None:
    number = by_cheque(db)

    with db.transaction() as session:
        refund = session.get_one(Refund, number)
        assert payee_of(session, refund) is None
        write_payee(session, refund, "Harbour Café", "12-34-56 12345678", role=Role.MANAGER, actor=CLERK)

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
        write_payee(session, session.get_one(Refund, number), name, bank_account, role=Role.MANAGER, actor=CLERK)

    assert refused.value.field == field


def test_once_it_is_paid_nobody_writes_where_it_goes(db: Database) -> None:
    number = by_cheque(db)
    with db.transaction() as session:
        banking.refund_banked(session, session.get_one(Refund, number), today(session), actor=CLERK)

    with pytest.raises(Conflict), db.transaction() as session:
        write_payee(session, session.get_one(Refund, number), "Harbour", IBAN, role=Role.MANAGER, actor=CLERK)


def test_what_was_approved_goes_to_the_bank_account_that_was_approved(db: Database) -> None:
    refund = waiting(db)

    approve(db, refund, IBAN)

    for actor in (CLERK, BOSS, THIRD):
        with pytest.raises(Conflict, match="approved with this bank account"):
            write(db, refund, OTHER, actor=actor)
    assert number_of(db, refund) == IBAN


def test_a_bank_account_that_changed_before_it_was_approved_is_looked_at_again(db: Database) -> None:
    refund = waiting(db)
    write(db, refund, OTHER)

    with pytest.raises(Conflict, match="changed meanwhile"):
        approve(db, refund, IBAN)
    with pytest.raises(Conflict, match="changed meanwhile"):
        approve(db, refund, None)

    assert approve(db, refund, OTHER.replace(" ", "")).status is RefundStatus.PENDING


def test_whoever_wrote_the_bank_account_does_not_approve_it(db: Database) -> None:
    refund = waiting(db)
    write(db, refund, OTHER, actor=BOSS)

    with pytest.raises(NotAllowed, match="bank account they wrote"):
        approve(db, refund, OTHER.replace(" ", ""))

    assert approve(db, refund, OTHER.replace(" ", ""), THIRD).status is RefundStatus.PENDING


def test_what_goes_nobody_knows_where_is_not_approved(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        payment = a_cheque(session, session.get_one(Account, account.id), "900")
        wish = Wish(payment.id, money("900"), RefundSource.CREDIT, "Overpaid")
        refund = asking.request(session, account.id, wish, role=Role.COLLECTOR, actor=CLERK).id

    with pytest.raises(Conflict, match="Write down to which bank account"):
        approve(db, refund, None)


def test_who_could_not_let_it_go_does_not_write_where_it_goes(db: Database) -> None:
    payment_id = received(db, "900")
    with db.transaction() as session:
        payment = session.get_one(Payment, payment_id)
        wish = Wish(payment.id, money("900"), RefundSource.REVERSAL, "Not theirs")
        refund = asking.request(session, payment.account_id, wish, role=Role.MANAGER, actor=BOSS).id

    with pytest.raises(NotAllowed):
        write(db, refund, OTHER, role=Role.COLLECTOR, actor=CLERK)
    write(db, refund, OTHER, role=Role.MANAGER, actor=THIRD)

    assert number_of(db, refund) == OTHER.replace(" ", "")
