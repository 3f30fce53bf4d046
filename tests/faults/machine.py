"""Machine: two accounts in the real books and in those of the reference, compared after every act."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.ledger.model import POSTINGS
from domain.policies.sections import Bracket, EarlyDiscount, Handoff, LateInterest, Plans, Sections, Settlements
from domain.processing.checks import check_books
from domain.receivables.model import CreditItem, Invoice
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock, day_in
from domain.shared.db.session import Database
from domain.shared.errors import Refused
from domain.shared.money import Money
from tests.faults import reference_commissions
from tests.faults.reference_terms import CHARGE_DAY, EARLY_DAYS
from tests.support.builders import an_account
from tests.support.policies import a_policy

STAFF = Actor.staff(1)
AMOUNTS = st.integers(1, 500_00)
PICKS = st.integers(0, 10**6)
MOST_PERCENT = 60
TERMS = Sections(
    late_interest=LateInterest(margin=Decimal(365), charge_day=CHARGE_DAY),
    early_discount=EarlyDiscount(percent=Decimal(2), days=EARLY_DAYS),
    plans=Plans(most_months=6, needs_method=False, on_business_days=False),
    settlements=Settlements(brackets=(Bracket(late_days=1, most_percent=MOST_PERCENT, most_parts=3),)),
    handoff=Handoff(late_days=1, least_notices=0, after_final_notice=False),
)
"""What `reference_terms` and `reference_plans` say in their own words."""
CLEARING = LedgerAccount.CARD_CLEARING.value


def pounds(minor: int) -> Money:
    """Pence as money."""
    return Money(minor, "GBP")


class Machine(RuleBasedStateMachine):
    """Two accounts in both books; a class on top of this one adds acts."""

    database: Database
    clock: MovableClock
    steps: Counter[str]

    def open_books(self) -> None:
        """Two accounts that owe nothing."""
        self.numbers = count(1)
        self.reference = reference_commissions.Commissions()
        self.payments: dict[str, tuple[int, int, str, int]] = {}
        """By credit: payment id, amount, what it came by, and the number of its objects at the processor."""
        self.refunds: dict[str, tuple[int, int, str, bool]] = {}
        self.expected: dict[tuple[str, int], int] = {}
        """What payments have earned on debts by paying them early."""
        self.contested: dict[str, dict[str, Any]] = {}
        self.returned: set[str] = set()
        self.banked: set[str] = set()
        with self.database.transaction() as session:
            a_policy(session, TERMS)
            self.accounts = [an_account(session).id for _ in range(2)]
            self.before = self._posted(session)

    @rule(days=st.one_of(st.integers(1, 3), st.integers(4, 20)))
    def time_goes_by(self, days: int) -> None:
        """Days pass."""
        self.reference.nights_pass(self._today().toordinal(), days)
        self.clock.advance(days=days)

    def discounts_follow(self) -> None:
        """Take over what early discounts have come to, before what else an act has done; nothing here."""

    def follow(self) -> None:
        """Take over into the reference what it leaves to the real books to decide; nothing here."""

    @invariant()
    def books_agree(self) -> None:
        """Both books say the same of every debt, every credit and every ledger account."""
        if not hasattr(self, "reference"):
            return
        self.follow()
        with self.database.reading() as session:
            posted = Counter(self._posted(session))
            posted.subtract(self.before)
            invoices = session.execute(
                select(Invoice.id, Invoice.open_minor).where(
                    Invoice.account_id.in_(self.accounts), Invoice.status == "issued"
                )
            )
            credits = session.execute(
                select(CreditItem.source, CreditItem.unapplied_minor).where(CreditItem.account_id.in_(self.accounts))
            )
            assert dict(invoices.all()) == {name: debt.open for name, debt in self.reference.debts.items()}
            assert dict(credits.all()) == {name: credit.free for name, credit in self.reference.credits.items()}
            assert {name: total for name, total in posted.items() if total} == {
                name: total for name, total in self.reference.ledger.items() if total
            }

    def end(self) -> None:
        """What the house itself asks of its books, once at the end of a sequence."""
        with self.database.reading() as session:
            assert check_books(session) == []

    def _done(self, act: str, follow: Any) -> None:
        self.steps[act] += 1
        follow()

    def _try(self, act: str, do: Any) -> None:
        """Do it in a transaction of its own; an act that is refused never happened."""
        try:
            with self.database.transaction() as session:
                do(session)
        except Refused:
            self.steps[f"refused: {act}"] += 1
            assume(False)
        self.steps[act] += 1

    def _posted(self, session: Session) -> dict[str, int]:
        rows = session.execute(
            select(POSTINGS.c.ledger_account, POSTINGS.c.account_id, func.sum(POSTINGS.c.amount)).group_by(
                POSTINGS.c.ledger_account, POSTINGS.c.account_id
            )
        )
        return {name if account is None else f"{name}:{account}": int(total) for name, account, total in rows}

    def _today(self) -> date:
        return day_in(self.clock.now(), self.database.business.time_zone)

    def _account(self, pick: int) -> int:
        return self.accounts[pick % 2]

    @staticmethod
    def _one(names: list[Any], pick: int) -> Any:
        return names[pick % len(names)]

    def _open(self) -> list[int]:
        return [name for name, debt in self.reference.debts.items() if debt.open]

    def _cards(self) -> list[str]:
        return [name for name, one in self.payments.items() if one[2] == "card"]

    def _cheques(self, without: set[str]) -> list[str]:
        return [name for name, one in self.payments.items() if one[2] == "cheque" and name not in without]
