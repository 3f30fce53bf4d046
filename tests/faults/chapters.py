"""Chapters: what the product does about money, each act to be cut short anywhere and then done again from the start."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app.handlers import inbox, outbox
from domain.banking.model import BankLine, LineState
from domain.chargebacks.model import AnswerState, Chargeback, ChargebackAnswer
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES
from domain.ledger.posting import EntryKind
from domain.payments import sending
from domain.payments.model import Payment, PaymentMethod
from domain.processing.bank import booking
from domain.processing.receipts import recording
from domain.processing.receipts.recording import Slip
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.refunds.model import Refund, RefundSource, RefundStatus
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.faults.contesting import draft_an_answer
from tests.faults.scene import Scene
from tests.support.bank_files import a_camt053, a_line
from tests.support.banking import CLERK, takes
from tests.support.builders import money
from tests.support.collecting import Days, a_payer, keep_a_card, owes
from tests.support.house import ledger_owes
from tests.support.outside import MemoryMail
from tests.support.paying import Debt, a_debt, open_minor
from tests.support.saving import start_saved
from tests.support.simulated import open_page, payment, start


class Chapter(ABC):
    """Made without danger; `act` may be cut short, and then does what is left; `assert_once` looks at the end."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.wired = scene.wired
        self.database = scene.wired.database

    @abstractmethod
    def act(self) -> None:
        """Do it, or what is left of it."""

    @abstractmethod
    def assert_once(self) -> None:
        """It has happened, once."""

    def hear(self) -> None:
        """Stripe's webhooks come in and are handled."""
        self.scene.simulator.settle()
        self.scene.simulator.flush(self.scene.deliver)
        while inbox.handle_due(self.wired) + outbox.handle_due(self.wired):
            pass

    def assert_paid_once(self, debt: Debt) -> None:
        """The account was charged once, has one entry for it, and owes nothing."""
        with self.database.reading() as session:
            started = session.scalars(select(Payment.public_id).where(Payment.account_id == debt.account_id)).all()
        charged = self.scene.simulator.charges_by_metadata("payment")
        assert sum(charged.get(public_id, 0) for public_id in started) == 1
        assert self.posted(EntryKind.CARD_PAYMENT, debt.account_id) == 1
        assert ledger_owes(self.database, debt.account_id) == money("0")

    def posted(self, kind: EntryKind, account_id: int) -> int:
        """How many entries of a kind an account has."""
        wanted = select(func.count()).where(ENTRIES.c.account_id == account_id, ENTRIES.c.kind == kind)
        with self.database.reading() as session:
            return session.scalar(wanted) or 0


class Paid(Chapter):
    """One that begins with a payment that has arrived."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.debt = a_debt(self.database, "120.00")
        opened = open_page(self.wired, self.debt, "120.00")
        scene.simulator.pay_session(opened.checkout_id or "")
        self.hear()
        self.payment = payment(self.wired, opened.public_id)
        self.charge = self.payment.charge_id or ""


class PayOnThePage(Chapter):
    """A new card, on Stripe's page."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.debt = a_debt(self.database, "120.00")
        self.public_id = ""

    def act(self) -> None:
        """Start, pay, and hear of it."""
        if open_minor(self.database, self.debt.invoices[0]):
            self.public_id, attempt_id = start(self.wired, self.debt, "120.00")
            sending.send(self.database, self.wired.processor, attempt_id, actor=Actor.login(self.debt.ana))
            page = payment(self.wired, self.public_id).checkout_id
            if page is not None and self.public_id not in self.scene.simulator.charges_by_metadata("payment"):
                self.scene.simulator.pay_session(page)
        self.hear()

    def assert_once(self) -> None:
        """One charge, one entry, nothing owed, and one receipt, though its mail may go out twice under one name."""
        self.assert_paid_once(self.debt)
        assert isinstance(self.wired.mailer, MemoryMail)
        recorded = (Payment.account_id == self.debt.account_id, Payment.receipt_number.is_not(None))
        with self.database.reading() as session:
            [paid] = session.scalars(select(Payment.public_id).where(*recorded))
        assert len({mail.message_id for mail in self.wired.mailer.sent if paid in mail.message_id}) == 1


class PressOnce(Chapter):
    """A saved card."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        days = Days(self.wired, scene.simulator, scene.clock, scene.deliver)
        payer = a_payer(self.wired, email=f"ana{scene.clock.now().timestamp():.0f}@example.com")
        scene.simulator.webhooks.resume()
        self.method = keep_a_card(days, payer)
        scene.simulator.webhooks.hold()
        with self.database.reading() as session:
            due = today(session)
        self.debt = Debt(payer.account_id, [owes(self.wired, payer, "120.00", due)], payer.login_id, payer.login_id)

    def act(self) -> None:
        """Press, and hear of it."""
        if open_minor(self.database, self.debt.invoices[0]):
            wanted = {self.debt.invoices[0]: money("120")}
            started = start_saved(self.database, self.wired.processor, self.debt, wanted, self.method)
            sending.send(self.database, self.wired.processor, started.attempt_id, actor=WORKER)
        self.hear()

    def assert_once(self) -> None:
        """One charge, one entry, nothing owed."""
        self.assert_paid_once(self.debt)


class RefundAPart(Paid):
    """Staff refund a part."""

    def act(self) -> None:
        """Ask for it, and hear of it."""
        with self.database.transaction() as session:
            asked = session.scalar(select(Refund.id).where(Refund.payment_id == self.payment.id))
            if asked is None:
                wish = Wish(self.payment.id, money("30"), RefundSource.REVERSAL, "Damaged")
                actor = Actor.staff(1)
                asking.request(session, self.debt.account_id, wish, role=Role.MANAGER, actor=actor)
        self.hear()

    def assert_once(self) -> None:
        """One refund, here and there."""
        with self.database.reading() as session:
            [refund] = session.scalars(select(Refund).where(Refund.payment_id == self.payment.id))
        assert refund.status is RefundStatus.SUCCEEDED
        assert self.scene.simulator.truth().refunded[self.charge] == 30_00
        assert self.posted(EntryKind.REFUND, self.debt.account_id) == 1
        assert ledger_owes(self.database, self.debt.account_id) == money("30")


class Contested(Paid):
    """A bank takes a part back, and brings it again."""

    def act(self) -> None:
        """Hear of the one and of the other."""
        store = self.scene.simulator.world.store
        found = [each for each in store.all("dispute") if each["charge"] == self.charge]
        contested = found[0] if found else self.scene.simulator.dispute(self.charge, 50_00)
        self.hear()
        if store.all("dispute") and self.scene.simulator.truth().disputes[contested["id"]] != "won":
            self.scene.simulator.decide_dispute(contested["id"], won=True)
        self.hear()

    def assert_once(self) -> None:
        """Taken once, brought once."""
        assert self.posted(EntryKind.CHARGEBACK, self.debt.account_id) == 1
        assert self.posted(EntryKind.CHARGEBACK_REINSTATED, self.debt.account_id) == 1
        assert ledger_owes(self.database, self.debt.account_id) == money("0")


class AnsweredBank(Paid):
    """A bank takes all of it back, is answered with a file, and is persuaded."""

    def act(self) -> None:
        """Answer it once it is heard of, and hear of the outcome."""
        found = self._disputes()
        contested = found[0] if found else self.scene.simulator.dispute(self.charge)
        self.hear()
        with self.database.reading() as session:
            begun = session.scalars(self._answer()).all()
        if not begun:
            draft_an_answer(self.wired, self.debt.account_id, contested["id"])
        self.hear()
        self.scene.later(minutes=2)
        self.hear()

    def assert_once(self) -> None:
        """Handed in once, won once."""
        [dispute] = self._disputes()
        assert dispute["evidence_details"]["submission_count"] == 1
        with self.database.reading() as session:
            assert session.scalars(self._answer()).all() == [AnswerState.SUBMITTED]
        assert self.posted(EntryKind.CHARGEBACK_REINSTATED, self.debt.account_id) == 1
        assert ledger_owes(self.database, self.debt.account_id) == money("0")

    def _disputes(self) -> list[dict[str, Any]]:
        return [each for each in self.scene.simulator.world.store.all("dispute") if each["charge"] == self.charge]

    def _answer(self) -> Select[AnswerState]:
        case = select(Chargeback.id).where(Chargeback.charge_id == self.charge)
        return select(ChargebackAnswer.state).where(ChargebackAnswer.chargeback_id.in_(case))


class PaidOut(Paid):
    """A payout arrives."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        scene.later(days=3)
        self.payout = ""
        self.before = self._at_bank()

    def act(self) -> None:
        """It is sent, and arrives."""
        if not self.payout:
            [sent] = self.scene.simulator.payout()
            self.payout, self.amount = sent["id"], sent["amount"]
        self.hear()
        self.scene.simulator.deliver_payout(self.payout)
        self.hear()

    def assert_once(self) -> None:
        """Nothing is on its way any more, and the bank has it once."""
        with self.database.reading() as session:
            assert not balances.balance_of(session, LedgerAccount.PAYOUTS_IN_TRANSIT, "GBP")
        assert self._at_bank() - self.before == self.amount

    def _at_bank(self) -> int:
        with self.database.reading() as session:
            return balances.balance_of(session, LedgerAccount.BANK, "GBP").minor


class ChequeAndItsLine(Chapter):
    """Staff record a cheque, take in the bank's file, and say that its line is the cheque."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.debt = a_debt(self.database, "120.00")
        self.name = f"cheque of account {self.debt.account_id}"
        self.file = a_camt053(a_line("120", self.name, currency="GBP"))

    def act(self) -> None:
        """Record, take in, accept."""
        mine = select(Payment).where(Payment.account_id == self.debt.account_id)
        line = select(BankLine).where(BankLine.text.contains(self.name))
        with self.database.transaction() as session:
            if session.scalars(mine).first() is None:
                wanted = {self.debt.invoices[0]: money("120")}
                day = today(session) - timedelta(days=30)
                slip = Slip(PaymentMethod.CHEQUE, money("120"), day, wanted=wanted)
                recording.record_receipt(session, self.debt.account_id, slip, actor=CLERK)
        with self.database.transaction() as session:
            if session.scalars(line).first() is None:
                takes(session, self.file)
        with self.database.transaction() as session:
            found = session.scalars(line).one()
            if found.state is LineState.OPEN:
                booking.book_recorded(session, found.id, [session.scalars(mine).one().id], actor=CLERK)
        self.hear()

    def assert_once(self) -> None:
        """Recorded once, banked once."""
        assert self.posted(EntryKind.RECORDED_RECEIPT, self.debt.account_id) == 1
        assert ledger_owes(self.database, self.debt.account_id) == money("0")
        with self.database.reading() as session:
            assert not balances.balance_of(session, LedgerAccount.RECEIPTS_TO_BANK, "GBP")


CHAPTERS: dict[str, type[Chapter]] = {
    "pay on the page": PayOnThePage,
    "pay by a saved card": PressOnce,
    "refund a part": RefundAPart,
    "chargeback taken and brought back": Contested,
    "bank answered and persuaded": AnsweredBank,
    "payout arrives": PaidOut,
    "cheque and its bank line": ChequeAndItsLine,
}
