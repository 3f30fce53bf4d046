"""Month: people pay in every way, money goes back in every way, and some of what Stripe tells us gets lost.

Chance is drawn from a seed, so that a month can be lived through again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.stripe.simulator.errors import ApiError
from app.handlers import inbox, outbox
from app.worker import Worker
from domain.accounts import queries as accounts
from domain.invoicing.credit_notes import issue_credit_note
from domain.payments import sending, starting
from domain.payments.model import Payment, PaymentMethod, PaymentStatus, ReceiptSlip
from domain.processing import moving
from domain.processing.receipts import banking, recording, returning
from domain.processing.receipts.recording import Slip
from domain.processing.refunds import asking, explaining
from domain.processing.refunds.drawing import Wish
from domain.receivables.credits import unapplied
from domain.receivables.model import Invoice
from domain.refunds.model import Refund, RefundSource, RefundWay
from domain.saved_methods import queries as saved_methods
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import today
from domain.shared.errors import Refused
from domain.shared.money import Money
from domain.staff.model import Role
from tests.faults.scene import Scene
from tests.support.builders import an_invoice
from tests.support.paying import Debt, a_debt
from tests.support.saving import AGREED, start_saved
from tests.support.simulated import payment

MANAGER = Actor.staff(2)
GOOD = ("4242424242424242", "5555555555554444", "378282246310005", "4000000000000077")
ODD = {
    "disputed later": "4000000000000259",
    "inquiry": "4000000000001976",
    "disputed twice": "4000000404000079",
    "warned of": "4000000000005423",
    "refund fails late": "4000000000005126",
    "refund takes a day": "4000000000007726",
}
DECLINING = ("4000000000000002", "4000000000009995", "4000000000000069")
DEBITS = {
    "paid": "00012345",
    "paid late": "90012345",
    "fails": "22222227",
    "fails late": "92222227",
    "taken back": "55555559",
}


@dataclass
class Month:
    """What happens, day by day; `did` counts it."""

    scene: Scene
    seed: int
    customers: list[Debt] = field(default_factory=list)
    savers: list[tuple[Debt, int]] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.customers = [a_debt(self.scene.wired.database, "10.00") for _ in range(12)]

    def live(self, days: int, payments_a_day: int) -> None:
        """So many days, and so long after them that nothing is under way any more."""
        for day in range(days):
            for number in range(payments_a_day):
                self._pay(number)
                if number % 6 == 5:
                    self._hear(lost=0.2)
            self._hear(lost=0.2)
            self._go_back()
            self._incidents()
            self._bank()
            self._payouts(day)
            self._hear(lost=0.1)
            self.scene.later(days=1)
            Worker(self.scene.wired).drain()
        for _ in range(4):
            self.scene.later(days=3)
            self._decide(everything=True)
            self._hear(lost=0.0)
        self.scene.simulator.settle()
        self.scene.told()

    def _pay(self, number: int) -> None:
        ways: list[tuple[Callable[[Debt, str], None], int]] = [
            (self._by_card, 8),
            (self._by_odd_card, 3),
            (self._by_debit, 4),
            (self._by_paypal, 1),
            (self._by_wallet, 1),
            (self._by_hand, 3),
            (self._by_saved_card, 3),
        ]
        [way] = self.chance.choices([way for way, _ in ways], [weight for _, weight in ways])
        way(*self._owing())

    def _owing(self) -> tuple[Debt, str]:
        """A new invoice of somebody's, and what it comes to."""
        debt, amount = self.chance.choice(self.customers), f"{self.chance.randint(200, 40000) / 100:.2f}"
        with self.scene.wired.database.transaction() as session:
            account = accounts.lock(session, debt.account_id)
            return replace(debt, invoices=[an_invoice(session, account, amount).id]), amount

    def _page(self, debt: Debt, amount: str, *, keeps: bool = False) -> str:
        wired = self.scene.wired
        sending.know_customer(wired.database, wired.processor, debt.account_id)
        with wired.database.transaction() as session:
            started = starting.start(
                session,
                wired.processor,
                debt.account_id,
                {debt.invoices[0]: Money.of(amount, "GBP")},
                login_id=debt.ana,
                return_url="http://127.0.0.1:1/payments/{payment}/returned",
                cancel_url="http://127.0.0.1:1/payments/{payment}",
                language="en",
                actor=Actor.login(debt.ana),
                agreement=AGREED if keeps else None,
            )
        sending.send(wired.database, wired.processor, started.attempt_id, actor=WORKER)
        return payment(wired, started.public_id).checkout_id or ""

    def _by_card(self, debt: Debt, amount: str) -> None:
        page = self._page(debt, amount, keeps=self.chance.random() < 0.2)
        if self.chance.random() < 0.2:
            self.scene.simulator.pay_session(page, card=self.chance.choice(DECLINING))
            self.did["declined first"] += 1
        self.scene.simulator.pay_session(page, card=self.chance.choice(GOOD))
        self.did["card"] += 1

    def _by_odd_card(self, debt: Debt, amount: str) -> None:
        name = self.chance.choice(list(ODD))
        self.scene.simulator.pay_session(self._page(debt, amount), card=ODD[name])
        self.did[f"card, {name}"] += 1

    def _by_debit(self, debt: Debt, amount: str) -> None:
        name = self.chance.choice(list(DEBITS))
        self.scene.simulator.pay_session_by_debit(self._page(debt, amount), DEBITS[name])
        self.did[f"bank debit, {name}"] += 1

    def _by_paypal(self, debt: Debt, amount: str) -> None:
        self.scene.simulator.pay_session_by_paypal(self._page(debt, amount))
        self.did["paypal"] += 1

    def _by_wallet(self, debt: Debt, amount: str) -> None:
        self.scene.simulator.pay_session_by_wallet(self._page(debt, amount))
        self.did["wallet"] += 1

    def _by_hand(self, debt: Debt, amount: str) -> None:
        """A cheque, transfer or cash, sometimes for more than is owed and without a word on what it is for."""
        method = self.chance.choice([PaymentMethod.CHEQUE, PaymentMethod.TRANSFER, PaymentMethod.CASH])
        more = Money(self.chance.choice([0, 0, 0, 1000]), "GBP")
        paid = Money.of(amount, "GBP")
        with self.scene.wired.database.transaction() as session:
            wanted = None if more else {debt.invoices[0]: paid}
            slip = Slip(method, paid + more, today(session), wanted=wanted)
            recording.record_receipt(session, debt.account_id, slip, actor=MANAGER)
        self.did[method.value] += 1

    def _by_saved_card(self, debt: Debt, amount: str) -> None:
        """One press, by whoever has saved a card by now."""
        wired = self.scene.wired
        with wired.database.reading() as session:
            kept = list(saved_methods.of_login(session, debt.account_id, debt.ana))
        if not kept:
            return self._by_card(debt, amount)
        wanted = {debt.invoices[0]: Money.of(amount, "GBP")}
        started = start_saved(wired.database, wired.processor, debt, wanted, kept[-1].id)
        sending.send(wired.database, wired.processor, started.attempt_id, actor=WORKER)
        self.did["saved card"] += 1
        return None

    def _hear(self, lost: float) -> None:
        """Webhooks come twice and shuffled, or never; the worker works."""
        simulator = self.scene.simulator
        for told in simulator.webhooks.pending():
            if self.chance.random() < lost:
                simulator.world.store.remove("delivery", told["id"])
                self.did["webhooks lost"] += 1
        simulator.flush(self.scene.deliver, order="shuffled", seed=self.chance.randint(0, 10**6), copies=2)
        while inbox.handle_due(self.scene.wired) + outbox.handle_due(self.scene.wired):
            pass

    def _go_back(self) -> None:
        """Staff refund, credit, move credit and explain; customers are refunded at the dashboard too."""
        arrived = self._arrived()
        for one in self.chance.sample(arrived, min(2, len(arrived))):
            source = self.chance.choice([RefundSource.REVERSAL, RefundSource.REVERSAL, RefundSource.CREDIT])
            part = Money(self.chance.choice([one.amount_minor, max(1, one.amount_minor // 3)]), "GBP")
            wish = Wish(one.id, part, source, "Asked for", None, RefundWay.PROCESSOR)
            self._try(f"refund, {source.value}", partial(_refund, account_id=one.account_id, wish=wish))
        for one in self.chance.sample(arrived, min(1, len(arrived))):
            if one.charge_id and one.charge_id not in self.scene.simulator.truth().refunded:
                self._bring_about("refund at the dashboard", "refund", one.charge_id, max(1, one.amount_minor // 4))
        with self.scene.wired.database.reading() as session:
            unexplained = session.scalars(select(Refund).where(Refund.source == RefundSource.UNEXPLAINED)).all()
        for refund in unexplained:
            wish = Wish(refund.payment_id, refund.amount, RefundSource.REVERSAL, "Seen at the dashboard")
            self._try("refund explained", partial(_explain, refund_id=refund.id, wish=wish))
        self._try("credit note", self._credit_note)
        self._try("credit moved", self._move_credit)

    def _credit_note(self, session: Session) -> None:
        debt = self.chance.choice(self.customers)
        wanted = select(Invoice).where(Invoice.account_id == debt.account_id).order_by(Invoice.id.desc()).limit(1)
        account = accounts.lock(session, debt.account_id)
        invoice = session.scalars(wanted).one()
        part = Money(max(1, invoice.amount_minor // 10), "GBP")
        issue_credit_note(session, account, invoice, part, reason="Damaged", actor=MANAGER)

    def _move_credit(self, session: Session) -> None:
        for one in self.customers:
            there = unapplied(session, one.account_id, "GBP")
            if there:
                other = next(each for each in self.customers if each is not one)
                moving.move_credit(session, one.account_id, other.account_id, there, reason="Asked for", actor=MANAGER)
                return

    def _incidents(self) -> None:
        """Banks take money back, decide what was contested, and return refunds that had arrived."""
        arrived = [one for one in self._arrived() if one.charge_id]
        if arrived:
            one = self.chance.choice(arrived)
            part = self.chance.choice([one.amount_minor, max(1, one.amount_minor // 2)])
            if one.charge_id not in self._disputed():
                self._bring_about("chargeback", "dispute", one.charge_id, part)
        self._decide(everything=False)
        fine = [each for each in self.scene.simulator.world.store.all("refund") if each["status"] == "succeeded"]
        if fine and self.chance.random() < 0.3:
            self._bring_about("refund came back", "fail_refund", self.chance.choice(fine)["id"])

    def _decide(self, *, everything: bool) -> None:
        for name, state in self.scene.simulator.truth().disputes.items():
            if state in {"needs_response", "under_review"} and (everything or self.chance.random() < 0.4):
                won = self.chance.random() < 0.5
                self._bring_about("chargeback " + ("won" if won else "lost"), "decide_dispute", name, won=won)

    def _disputed(self) -> set[str]:
        return {each["charge"] for each in self.scene.simulator.world.store.all("dispute")}

    def _bank(self) -> None:
        """Receipts are taken to the bank; some bounce."""
        with self.scene.wired.database.reading() as session:
            waiting = session.scalars(select(ReceiptSlip.payment_id).where(ReceiptSlip.banked_on.is_(None))).all()
            banked = session.scalars(select(ReceiptSlip.payment_id).where(ReceiptSlip.banked_on.is_not(None))).all()
        for payment_id in waiting:
            self._try("banked", partial(_bank, payment_id=payment_id))
        if banked and self.chance.random() < 0.5:
            bounced = self.chance.choice(banked)
            self._try(
                "returned by the bank",
                lambda session: returning.return_receipt(
                    session,
                    session.get_one(Payment, bounced),
                    today(session),
                    reason="Bounced",
                    actor=MANAGER,
                    at_bank=True,
                ),
            )

    def _payouts(self, day: int) -> None:
        """Money goes out each day; every fourth payout fails, mostly after it was paid."""
        simulator = self.scene.simulator
        if day % 5 == 4:
            simulator.book("fee", -self.chance.randint(50, 900), "gbp")
        for sent in simulator.payout():
            self.did["payout"] += 1
            if day % 4 == 3:
                if self.chance.random() < 0.7:
                    simulator.deliver_payout(sent["id"])
                    self._hear(lost=0.1)
                self._bring_about("payout failed", "fail_payout", sent["id"])

    def _arrived(self) -> list[Payment]:
        """Payments by the processor that have arrived, the newest hundred."""
        wanted = select(Payment).where(Payment.status == PaymentStatus.SUCCEEDED, Payment.intent_id.is_not(None))
        with self.scene.wired.database.reading() as session:
            return list(session.scalars(wanted.order_by(Payment.id.desc()).limit(100)))

    def _try(self, name: str, act: Callable[[Session], object]) -> None:
        """Staff do something that may be refused."""
        try:
            with self.scene.wired.database.transaction() as session:
                act(session)
        except Refused:
            self.did[f"refused: {name}"] += 1
        else:
            self.did[name] += 1

    def _bring_about(self, name: str, control: str, *given: Any, **named: Any) -> None:
        """Something happens at Stripe that may not be possible any more."""
        try:
            getattr(self.scene.simulator, control)(*given, **named)
        except (ValueError, ApiError):
            self.did[f"impossible: {name}"] += 1
        else:
            self.did[name] += 1


def _refund(session: Session, *, account_id: int, wish: Wish) -> None:
    asking.request(session, account_id, wish, role=Role.MANAGER, actor=MANAGER)


def _explain(session: Session, *, refund_id: int, wish: Wish) -> None:
    refund = session.get_one(Refund, refund_id)
    explaining.explain(session, refund, wish, role=Role.MANAGER, actor=MANAGER)


def _bank(session: Session, *, payment_id: int) -> None:
    banking.bank_receipt(session, session.get_one(Payment, payment_id), today(session), actor=MANAGER)
