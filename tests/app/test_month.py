"""A month: payments of all kinds, refunds, chargebacks, failing payouts, lost webhooks; and it all ties out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from adapters.stripe.simulator import Rule, Simulator
from app.handlers import inbox
from app.handlers.backfilling import backfill, look_at_unfinished
from app.handlers.tying import tie_out
from app.wired import Wired
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment, PaymentStatus
from domain.processing import refund_sending, refunding
from domain.processing.checks import check_books
from domain.processing.refund_sources import Wish
from domain.refunds.model import Refund, RefundSource
from domain.reporting.journal import JournalFormat, journal
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.errors import Refused
from domain.staff.model import Role
from tests.support.builders import money
from tests.support.paying import a_debt
from tests.support.simulated import open_page

Deliver = Callable[[bytes, Mapping[str, str]], int]
CARDS = ("4242424242424242",) * 6 + ("4000000000000259", "4000000000005126", "4000000000000002")
"""Good ones, one that is contested, one whose refunds fail later, and one that is declined."""
DEBITS = ("00012345", "22222227")


@dataclass
class Month:
    """Some weeks of a business, chosen by a seed."""

    wired: Wired
    simulator: Simulator
    clock: MovableClock
    deliver: Deliver
    chance: Random = field(default_factory=lambda: Random(3))
    paid: list[tuple[int, str]] = field(default_factory=list)
    contested: list[str] = field(default_factory=list)
    payouts: list[str] = field(default_factory=list)

    def live(self, payments: int, days: int) -> None:
        """Let the days pass; whatever webhooks bring is handled, and some of each day's are lost."""
        for day in range(days):
            self.simulator.order_rule(Rule("drop", "*", times=payments // days))
            for _ in range(payments * (day + 1) // days - payments * day // days):
                self._pay()
            self.simulator.settle()
            self._go_back()
            self._other_movements()
            self._pay_out()
            self.simulator.deliver_pending(self.deliver)
            while inbox.handle_due(self.wired):
                pass
            self.clock.advance(days=1)
            self.simulator.advance(seconds=0)
            backfill(self.wired)
        self.simulator.settle()
        look_at_unfinished(self.wired)
        backfill(self.wired)

    def _pay(self) -> None:
        amount = f"{self.chance.randint(5, 400)}.{self.chance.randint(0, 99):02}"
        debt = a_debt(self.wired.database, amount)
        opened = open_page(self.wired, debt, amount)
        page = opened.checkout_id or ""
        if self.chance.random() < 0.2:
            self.simulator.pay_session_by_debit(page, self.chance.choice(DEBITS))
        else:
            self.simulator.pay_session(page, self.chance.choice(CARDS))
        self.paid.append((opened.id, opened.public_id))

    def _go_back(self) -> None:
        for payment_id, _ in self.chance.sample(self.paid, min(len(self.paid), 1 + len(self.paid) // 60)):
            with self.wired.database.reading() as session:
                payment = session.get_one(Payment, payment_id)
            if payment.status is not PaymentStatus.SUCCEEDED or payment.charge_id is None:
                continue
            act = self.chance.choice((self._refund, self._refund_outside, self._contest))
            try:
                act(payment)
            except (Refused, ValueError):
                continue
            except Exception as refusal:
                if type(refusal).__name__ != "ApiError":
                    raise
        while self.contested and self.chance.random() < 0.5:
            case = self.contested.pop(0)
            self.simulator.decide_dispute(case, won=self.chance.random() < 0.5)

    def _refund(self, payment: Payment) -> None:
        part = money(str(max(payment.amount_minor // 300, 1)))
        wish = Wish(payment.id, part, RefundSource.REVERSAL, "Sent too much")
        with self.wired.database.transaction() as session:
            refund: Refund = refunding.request(session, payment.account_id, wish, role=Role.MANAGER, actor=OPERATOR)
        refund_sending.send(self.wired.database, self.wired.processor, refund.id, actor=WORKER)

    def _refund_outside(self, payment: Payment) -> None:
        self.simulator.refund(payment.charge_id or "", max(payment.amount_minor // 4, 1))

    def _contest(self, payment: Payment) -> None:
        made = self.simulator.dispute(payment.charge_id or "", max(payment.amount_minor // 2, 1))
        if made["status"] == "needs_response":
            self.contested.append(made["id"])

    def _other_movements(self) -> None:
        self.simulator.book("fee", -self.chance.randint(1, 500), "gbp")
        if self.chance.random() < 0.2:
            self.simulator.book(self.chance.choice(("topup", "network_cost", "something_new")), 300, "gbp")

    def _pay_out(self) -> None:
        for sent in self.simulator.payout():
            self.payouts.append(sent["id"])
        if self.payouts and self.chance.random() < 0.5:
            late = self.payouts.pop(0)
            if self.wired.processor.payout(late).state.value == "in_transit":
                self.simulator.deliver_payout(late)
            if self.chance.random() < 0.4:
                self.simulator.fail_payout(late)


@pytest.mark.parametrize(("payments", "days"), [(24, 12), pytest.param(500, 30, marks=pytest.mark.faults)])
def test_a_scripted_month_ties_out_to_the_cent(
    wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Deliver, tmp_path: Path, payments: int, days: int
) -> None:
    month = Month(wired, simulator, clock, deliver)

    month.live(payments, days)

    last = clock.now().date()
    found = tie_out(wired, last - timedelta(days=days + 5), last)
    truth = simulator.truth().net["gbp"]
    with wired.database.reading() as session:
        assert check_books(session) == []
        assert balances.balance_of(session, LedgerAccount.CARD_CLEARING, "GBP").minor == truth
        assert balances.balance_of(session, LedgerAccount.TRANSFERS_IN_TRANSIT, "GBP").minor == 0
        for form in JournalFormat:
            lines = "".join(f"{line}\n" for line in journal(session, form))
            (tmp_path / f"books.{form.value}").write_text(lines)
    assert (found.differences, found.missing) == ([], ())
    assert accepted("bean-check", str(tmp_path / "books.beancount"))
    assert accepted("hledger", "-f", str(tmp_path / "books.hledger"), "check", "--strict")
    waiting = sum(len(each.items) for each in found.standings)
    print(
        f"\n{days} days with {payments} payments and {len(found.payouts)} payouts: 0 cents differ, {waiting} things on "
        f"their way or to explain, each named; {found.explained('GBP')} % explained"
    )


def accepted(program: str, *words: str) -> bool:
    """Whether the program finds nothing wrong; a program that is not on this machine is said to be missing."""
    path = shutil.which(program) or shutil.which(program, path=str(Path(".venv/bin").resolve()))
    if path is None:
        print(f"\n{program} is not on this machine: it has not read the journal")
        return True
    return subprocess.run([path, *words], capture_output=True, check=False).returncode == 0
