"""Lateness: an account with one overdue invoice under terms of the test's own, and days on which it is charged."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from domain.accounts import queries as accounts
from domain.accounts.model import LegalForm
from domain.late_charges.charging import Found, charge_account
from domain.late_charges.facts import rules
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.policies.sections import Band, LateInterest, RecoveryCost, Sections
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.money import Money
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.policies import a_policy
from tests.support.speaking import Spoken

DAY = timedelta(days=1)
ISSUED, DUE = date(2026, 1, 1), date(2026, 1, 31)
DAILY = LateInterest(margin=Decimal("36.5"))
"""0.1 % a day, so that 1,000 bears 1.00 a day; charged on the first of the month."""
FORTY = RecoveryCost(currency="GBP", bands=(Band(40_00),))
TERMS = Sections(late_interest=DAILY)


class Overdue:
    """An account with one invoice of 1,000 that was due on 31 January."""

    def __init__(
        self,
        db: Database,
        clock: MovableClock,
        terms: Sections = TERMS,
        *,
        amount: str = "1000",
        currency: str = "GBP",
        legal_form: LegalForm = LegalForm.COMPANY,
    ) -> None:
        self.db, self.clock = db, clock
        self.go_to(ISSUED)
        with db.transaction() as session:
            a_policy(session, terms)
            customer = an_account(session, currency=currency, legal_form=legal_form)
            self.account_id = customer.id
            self.invoice_id = an_invoice(session, customer, amount, issued_on=ISSUED, due_on=DUE).id

    def go_to(self, day: date) -> None:
        """Early on that day."""
        self.clock.move_to(datetime.combine(day, time(3), UTC))

    def charge(self, day: date, *, before: date | None = None) -> Found:
        """Make the charges of a day, when the days up to `before` (the day before it, unless said) have been done."""
        self.go_to(day)
        with self.db.transaction() as session:
            return charge_account(
                session,
                self.account_id,
                rules(session),
                before=before or day - DAY,
                since=None,
                speak=Spoken,
                actor=WORKER,
            )

    def charge_daily(self, first: date, last: date) -> None:
        """Make the charges of each of these days."""
        for number in range((last - first).days + 1):
            self.charge(first + number * DAY)

    def pay(self, amount: str, on: date) -> str:
        """Enter money that came on that day, for the invoice; the payment's public id."""
        with self.db.transaction() as session:
            account = accounts.lock(session, self.account_id)
            return a_receipt(session, account, amount, on, session.get_one(Invoice, self.invoice_id)).public_id

    @property
    def charges(self) -> list[LateCharge]:
        """The papers of its late charges, in their order."""
        with self.db.reading() as session:
            return list(session.scalars(select(LateCharge).order_by(LateCharge.id)))

    @property
    def papers(self) -> list[tuple[ChargeKind, ChargeAct, Money]]:
        """What each of them is and does."""
        return [(row.kind, row.act, row.amount) for row in self.charges]

    @property
    def amounts(self) -> list[Money]:
        """What each of them does to what is owed."""
        return [row.amount for row in self.charges]
