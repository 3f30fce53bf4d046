"""Lived in: an account to which everything has happened once, so that every page has something to show."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from sqlalchemy import select

from adapters.bank_files.reader import BankFiles
from domain.accounts.model import Login
from domain.banking.model import BankLine
from domain.banking.taking_in import take_in
from domain.collecting import turning
from domain.documents.filing import file
from domain.documents.model import Category
from domain.payments import sending, setting_up
from domain.payments.model import Payment, PaymentMethod
from domain.processing.bank import setting_aside
from domain.processing.receipts.recording import Slip, record_receipt
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.refunds.model import RefundSource
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.model import MethodSetup
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import today
from domain.staff.model import Role, StaffMember
from tests.support.bank_files import a_camt053, a_line
from tests.support.builders import money
from tests.support.calling import Caller
from tests.support.house import Debt, House
from tests.support.saving import AGREED
from tests.support.waiting import until


@dataclass(frozen=True, slots=True)
class LivedIn:
    """The account, the card that it keeps, and the payment that was refunded in part and is contested for the rest."""

    debt: Debt
    method_id: int
    payment: str


def live_in(house: House, email: str, officer: StaffMember) -> LivedIn:
    """One invoice settled, one begun; a card that pays by itself; a refund, a chargeback, a cheque, credit."""
    debt = house.customer("864.00", "1140.00", "75.00", email=email)
    with Caller(house, debt, email) as maya:
        maya.check()
        page = maya.pay("864.00", "100.00", "75.00").headers["location"].rpartition("/")[2]
        house.simulator.pay_session(page)
        until(lambda: house.owed(debt.account_id) == money("1040"), "the payment")
    house.simulator.settle()
    payment = _refund_and_contest(house, debt, officer)
    _bring_cheque_and_lines(house, debt, officer)
    return LivedIn(debt, _keep_card_and_pay_by_itself(house, debt), payment)


def _refund_and_contest(house: House, debt: Debt, officer: StaffMember) -> str:
    database = house.wired.database
    with database.reading() as session:
        payment = session.scalars(select(Payment).where(Payment.account_id == debt.account_id)).one()
    with database.transaction() as session:
        wish = Wish(payment.id, money("20"), RefundSource.REVERSAL, "One box never came")
        asking.request(session, debt.account_id, wish, role=Role.MANAGER, actor=Actor.staff(officer.id))
    house.wired.nudge()
    house.letter(debt.email, "refund")
    house.simulator.dispute(house.simulator.charge_of(payment.intent_id or ""), 5_000)
    until(lambda: house.owed(debt.account_id) == money("1110"), "the chargeback")
    return payment.public_id


def _bring_cheque_and_lines(house: House, debt: Debt, officer: StaffMember) -> None:
    database, actor = house.wired.database, Actor.staff(officer.id)
    with database.transaction() as session:
        on = today(session)
        cheque = Slip(PaymentMethod.CHEQUE, money("40"), on, reference="100317", wanted={debt.invoices[1]: money("10")})
        record_receipt(session, debt.account_id, cheque, actor=OPERATOR)
        names = (f"Maya {debt.email}", f"Stranger {debt.email}")
        content = a_camt053(*(a_line("33.33", name, on=on, name=name, account="", currency="GBP") for name in names))
        document = file(
            session,
            house.wired.store,
            content,
            media_type="application/octet-stream",
            category=Category.BANK_FILE,
            filename="march.xml",
            account_id=None,
            subject=("staff", officer.id),
            actor=actor,
        )
        take_in(session, document.id, BankFiles().read(BytesIO(content), "march.xml"), actor=actor)
        line_id = session.scalars(select(BankLine.id).where(BankLine.counterparty_name == names[1])).one()
        setting_aside.park(session, line_id, actor=actor)


def _keep_card_and_pay_by_itself(house: House, debt: Debt) -> int:
    database, processor = house.wired.database, house.wired.processor
    with database.reading() as session:
        login_id = session.scalars(select(Login.id).where(Login.email == debt.email)).one()
    sending.know_customer(database, processor, debt.account_id)
    with database.transaction() as session:
        setup_id = setting_up.start_setup(
            session,
            processor,
            debt.account_id,
            login_id=login_id,
            agreement=AGREED,
            return_url=f"{house.portal}/ways/{{setup}}",
            cancel_url=house.portal,
        ).id
    setting_up.send_setup(database, processor, setup_id)
    with database.reading() as session:
        page = session.get_one(MethodSetup, setup_id).checkout_id or ""
    house.simulator.pay_session(page)

    def kept() -> int | None:
        with database.reading() as session:
            rows = saved_methods.of_login(session, debt.account_id, login_id)
        return int(rows[0].id) if rows else None

    method_id = until(kept, "the card to be kept")
    with database.transaction() as session:
        turning.turn_on(session, debt.account_id, method_id, AGREED, login_id=login_id, actor=Actor.login(login_id))
    house.later(minutes=2)
    house.letter(debt.email, "Automatic payment")
    return method_id
