"""Acts by which money comes: cards and cheques."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.ledger.chart import LedgerAccount
from domain.payments import discount_quotes
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
        self._pay(account, dict(zip(names, parts, strict=False)))

    @precondition(lambda self: self._early())
    @rule(pick=PICKS, by_card=st.booleans())
    def pay_early(self, pick: int, by_card: bool) -> None:
        """Just enough for an invoice that is paid early."""
        name = self._one(self._early(), pick)
        offered = self.reference.offer(name, self._today().toordinal())
        assert offered is not None
        told = {name: offered[0] - offered[1]}
        if by_card:
            self._pay(self.reference.debts[name].account, told)
        else:
            self._hand_in(self.reference.debts[name].account, told[name], told)

    def _early(self) -> list[int]:
        return [name for name in self._open() if self.reference.offer(name, self._today().toordinal())]

    def _pay(self, account: int, told: dict[int, int], mark: Callable[[Session, int], None] | None = None) -> None:
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
            wanted = {name: pounds(part) for name, part in told.items()}
            if mark is not None:
                mark(session, payment.id)
            discount_quotes.quote(session, accounts.lock(session, account), payment, wanted)
            success = a_success(payment.public_id, pounds(amount), now(session), intent_id=payment.intent_id or "")
            reconcile_intent(session, success)
            day, movement = today(session).toordinal(), success.charge.movement if success.charge else None
        assert movement is not None
        self.payments[payment.public_id] = (payment.id, amount, "card", number)
        awaiting = LedgerAccount.AWAITING_SETTLEMENT.value
        self._arrives(
            "card", payment.public_id, self.reference.pay(payment.public_id, account, amount, day, awaiting, told)
        )
        self.reference.settle(amount, movement.fee.minor)

    @rule(who=PICKS, amount=AMOUNTS)
    def record_cheque(self, who: int, amount: int) -> None:
        """A cheque without a word on what it is for."""
        self._hand_in(self._account(who), amount, None)

    def _hand_in(self, account: int, amount: int, told: dict[int, int] | None) -> None:
        wanted = None if told is None else {name: pounds(part) for name, part in told.items()}
        with self.database.transaction() as session:
            slip = Slip(PaymentMethod.CHEQUE, pounds(amount), today(session), wanted=wanted)
            payment = recording.record_receipt(session, account, slip, actor=STAFF)
            day = today(session).toordinal()
        self.payments[payment.public_id] = (payment.id, amount, "cheque", 0)
        to_bank = LedgerAccount.RECEIPTS_TO_BANK.value
        self._arrives(
            "cheque", payment.public_id, self.reference.pay(payment.public_id, account, amount, day, to_bank, told)
        )

    def _arrives(self, act: str, payment: str, earned: dict[int, int]) -> None:
        self.steps[act] += 1
        self.expected.update({(payment, name): saving for name, saving in earned.items()})

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
