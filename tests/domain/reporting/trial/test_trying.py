"""Trying: what ruled all along gives what happened; another draft is told apart; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import LegalForm
from domain.invoicing.credit_notes import issue_credit_note
from domain.late_charges.charging import charge_account
from domain.late_charges.facts import rules
from domain.payments.model import Payment
from domain.policies.sections import DueRule, EarlyDiscount, LateInterest, Limits, Reference, Sections, Terms
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import Invoice
from domain.reporting.trial.scope import all_accounts
from domain.reporting.trial.trying import AccountRow, Trial, try_out
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.base import Base
from domain.shared.db.session import Database, today
from domain.shared.errors import Invalid
from domain.stops.model import StopKind
from domain.stops.writing import lift, write
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.lateness import DAILY, FORTY
from tests.support.policies import a_policy

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
TWO_TEN = EarlyDiscount(percent=Decimal(2), days=10)
RULED = Sections(
    terms=Terms(rule=DueRule.NET, days=20), early_discount=TWO_TEN, late_interest=DAILY, recovery_cost=FORTY
)
Act = Callable[[Session], None]


class Quarter:
    """Accounts whose days are lived through one by one: what is planned for a day happens, then its charges are made."""

    def __init__(self, db: Database, clock: MovableClock, ruling: Sections | None = RULED) -> None:
        self.db, self.clock = db, clock
        self.go_to(FIRST)
        self.plans: dict[date, list[Act]] = {}
        self.account_ids: list[int] = []
        self.numbers: list[int] = []
        if ruling is not None:
            with db.transaction() as session:
                a_policy(session, ruling)

    def go_to(self, day: date) -> None:
        """Early on that day."""
        self.clock.move_to(datetime.combine(day, time(3), UTC))

    def account(self, **more: object) -> int:
        """One more account, of a company."""
        with self.db.transaction() as session:
            found = an_account(session, legal_form=LegalForm.COMPANY, **more).id
        self.account_ids.append(found)
        return found

    def plan(self, day: date, act: Act) -> None:
        """Let something happen on a day, if it is within the quarter."""
        self.plans.setdefault(day, []).append(act)

    def invoice(self, account_id: int, amount: str, on: date = FIRST, **more: object) -> Callable[[Session], Invoice]:
        """An invoice of that day; what comes back finds it in a later session."""
        made: list[int] = []

        def issue(session: Session) -> None:
            account = accounts.lock(session, account_id)
            made.append(an_invoice(session, account, amount, issued_on=on, **more).id)  # type: ignore[arg-type]

        self.plan(on, issue)
        return lambda session: session.get_one(Invoice, made[0])

    def pay(
        self, invoice: Callable[[Session], Invoice], amount: str, on: date, *, entered: date | None = None
    ) -> list[int]:
        """A cheque of a day for it, which may be entered later; its id is in the list once it is there."""
        paid: list[int] = []

        def enter(session: Session) -> None:
            found = invoice(session)
            account = accounts.lock(session, found.account_id)
            paid.append(a_cheque(session, account, amount, on=on, wanted={found.id: money(amount)}).id)

        self.plan(entered or on, enter)
        return paid

    def live(self, last: date = LAST) -> None:
        """Each day: its charges first, then what was planned for it."""
        for number in range((last - FIRST).days + 1):
            day = FIRST + number * DAY
            self.go_to(day)
            for account_id in self.account_ids:
                with self.db.transaction() as session:
                    charge_account(session, account_id, rules(session), before=day - DAY, since=None, actor=WORKER)
            for act in self.plans.get(day, ()):
                with self.db.transaction() as session:
                    act(session)
        self.go_to(last + DAY)

    def tried(self, sections: Sections, first: date = FIRST, last: date = LAST) -> Trial:
        """The trial of these sections."""
        with self.db.reading() as session:
            return try_out(session, sections, all_accounts(session), first, last)


def sums(trial: Trial, key: str) -> tuple[int, int]:
    """What would have been and what was, of all in pounds."""
    (of_pounds,) = trial.currencies or (None,)
    return (of_pounds.totals[key].would, of_pounds.totals[key].was) if of_pounds else (0, 0)


def only(trial: Trial) -> AccountRow:
    """The one account of which there is something to say."""
    ((row,),) = (each.rows for each in trial.currencies)
    return row


def some_history(quarter: Quarter, random: Random) -> None:
    """Invoices that are paid early, in parts, late, too late to be seen, not at all, and by cheques that bounce."""
    for _ in range(3):
        account_id = quarter.account()
        for _ in range(3):
            issued = FIRST + random.randrange(40) * DAY
            minor = random.randrange(20_000, 200_000)
            amount = f"{minor / 100:.2f}"
            invoice = quarter.invoice(account_id, amount, issued, tax=f"{minor // 6 / 100:.2f}")
            habit = random.choice(["discount", "full", "parts", "late", "entered_late", "never", "bounces", "note"])
            on = issued + random.randrange(1, 25) * DAY
            less = f"{(minor - round(minor * 0.02)) / 100:.2f}"
            if habit == "discount":
                quarter.pay(invoice, less, issued + random.randrange(1, 11) * DAY)
            elif habit == "full":
                quarter.pay(invoice, amount, on)
            elif habit == "parts":
                quarter.pay(invoice, f"{minor // 3 / 100:.2f}", on)
                quarter.pay(invoice, f"{(minor - minor // 3) / 100:.2f}", on + 17 * DAY)
            elif habit == "late":
                quarter.pay(invoice, amount, issued + 33 * DAY)
            elif habit == "entered_late":
                quarter.pay(invoice, amount, on, entered=on + 11 * DAY)
            elif habit == "bounces":
                _bounces(quarter, quarter.pay(invoice, less, issued + 5 * DAY), issued + 14 * DAY)
            elif habit == "note":
                quarter.plan(on, lambda session, found=invoice: _credited(session, found(session)))  # type: ignore[misc]


def _bounces(quarter: Quarter, paid: list[int], on: date) -> None:
    def come_back(session: Session) -> None:
        payment = session.get_one(Payment, paid[0])
        return_receipt(session, payment, on, reason="no cover", actor=OPERATOR)

    quarter.plan(on, come_back)


def _credited(session: Session, invoice: Invoice) -> None:
    account = accounts.lock(session, invoice.account_id)
    issue_credit_note(session, account, invoice, money("50"), reason="short", actor=OPERATOR)


@pytest.mark.parametrize("seed", range(4))
def test_the_sections_that_ruled_all_along_give_what_happened(db: Database, clock: MovableClock, seed: int) -> None:
    quarter = Quarter(db, clock)
    some_history(quarter, Random(seed))
    quarter.live()

    trial = quarter.tried(RULED)

    behind = [
        entry
        for each in trial.currencies
        for row in each.rows
        for key in ("late_interest", "recovery_cost", "early_discount")
        for entry in row.entries.get(key, ())
    ]
    assert [entry for entry in behind if entry.would != entry.was] == []
    assert len(behind) > 3
