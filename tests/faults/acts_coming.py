"""Acts by which money comes: cards and cheques."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment, PaymentLine, PaymentMethod, PaymentStatus
from domain.processing.receipts import banking, recording
from domain.processing.receipts.recording import Slip
from domain.processing.reconciling.payments import reconcile_intent
from domain.shared.db.session import now, today
from domain.shared.ids import new_public_id
from tests.faults.machine import AMOUNTS, PICKS, STAFF, Machine, pounds
from tests.support.fakes import a_success


class Coming(Machine):
    """Money comes."""

    @precondition(lambda self: self._open())
    @rule(pick=PICKS, parts=st.lists(AMOUNTS, min_size=1, max_size=3))
    def pay_by_card(self, pick: int, parts: list[int]) -> None:
        """A card payment succeeds; it may bring more than is open, as one that was forced past a claim does."""
        first = self._one(self._open(), pick)
        account = self.reference.debts[first].account
        names = [first, *(name for name in self.reference.in_order(account) if name != first)]
        told = dict(zip(names, parts, strict=False))
        amount, number = sum(told.values()), next(self.numbers)
        with self.database.transaction() as session:
            payment = Payment(
                public_id=new_public_id(now(session)),
                account_id=account,
                method=PaymentMethod.CHECKOUT,
                status=PaymentStatus.PENDING,
                currency="GBP",
                amount_minor=amount,
                created_at=now(session),
                intent_id=f"pi_{account}_{number}",
            )
            session.add(payment)
            session.flush()
            session.add_all(
                PaymentLine(payment_id=payment.id, invoice_id=name, amount_minor=part) for name, part in told.items()
            )
            session.flush()
            success = a_success(payment.public_id, pounds(amount), now(session), intent_id=payment.intent_id or "")
            reconcile_intent(session, success)
            day, movement = today(session).toordinal(), success.charge.movement if success.charge else None
        assert movement is not None
        self.payments[payment.public_id] = (payment.id, amount, "card", number)
        awaiting = LedgerAccount.AWAITING_SETTLEMENT.value
        self._done("card", lambda: self.reference.arrive(payment.public_id, account, amount, day, awaiting, told))
        self.reference.settle(amount, movement.fee.minor)

    @rule(who=PICKS, amount=AMOUNTS)
    def record_cheque(self, who: int, amount: int) -> None:
        """A cheque without a word on what it is for."""
        account = self._account(who)
        with self.database.transaction() as session:
            slip = Slip(PaymentMethod.CHEQUE, pounds(amount), today(session))
            payment = recording.record_receipt(session, account, slip, actor=STAFF)
            day = today(session).toordinal()
        self.payments[payment.public_id] = (payment.id, amount, "cheque", 0)
        to_bank = LedgerAccount.RECEIPTS_TO_BANK.value
        self._done("cheque", lambda: self.reference.arrive(payment.public_id, account, amount, day, to_bank, None))

    @precondition(lambda self: self._cheques(self.banked | self.returned))
    @rule(pick=PICKS)
    def bank_cheque(self, pick: int) -> None:
        """The bank has it."""
        name = self._one(self._cheques(self.banked | self.returned), pick)
        payment_id, amount, _, _ = self.payments[name]
        with self.database.transaction() as session:
            banking.bank_receipt(session, session.get_one(Payment, payment_id), today(session), actor=STAFF)
        self.banked.add(name)
        self._done("banked", lambda: self.reference.move(amount, "bank", "receipts_to_bank"))
