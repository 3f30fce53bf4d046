"""Story: eighteen months of invoices and payments, day by day, ending now; the same for the same day and seed."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count, product
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.demo.acts import Acts, Known, customers
from app.demo.bank import Bank
from app.demo.basket import basket
from app.demo.cast import CAST, Customer, Habit
from app.demo.files import Row
from app.demo.habits import QUIET, plan_payment
from domain.receivables.model import Invoice, InvoiceKind
from domain.shared.actor import Actor
from domain.shared.money import Money

SEED = 20
MONTHS = 18
ZONE = ZoneInfo("Europe/London")
BANK_DAYS = (1, 16)
STATEMENT_MONTHS = (1, 4, 7, 10)
STATEMENTS_FOR = 8
PAYOUT_DAY = 0
"""Monday: each week lately, once a month before."""
CHARGE_DAY = 1
"""Tuesday: once a week makes up for the days between."""
REFUSED_AGO = range(7, 14)
"""How many days ago the bank refused the payout of that Monday."""
LATELY = timedelta(days=100)
"""How long before the end the worker is at work each evening: before that nobody pays automatically."""
ORDERED_BY = ("A-1014", "A-1029", "A-1049", "A-1058")
"""Customers who give a purchase order."""
REMINDED = timedelta(days=90)
"""How long before the end customers are reminded: the telling of more takes too long."""
WRITTEN = timedelta(days=7)
"""How long before the end notices are put into words, and lie in the mailbox."""
DAMAGED = ("Two boxes arrived damaged", "Short delivery", "Price agreed by phone", "Goods returned")

Deed: TypeAlias = Callable[[], object]


class Story:
    """A diary of what will happen, filled as things happen: an invoice that is issued brings its payment about."""

    def __init__(self, acts: Acts, until: datetime, *, months: int = MONTHS, reminded: timedelta = REMINDED) -> None:
        self.acts = acts
        self.reminded = reminded
        self.until = until.astimezone(UTC)
        self.last_day = until.astimezone(ZONE).date() - timedelta(days=1)
        self.months = months
        self.first_day = first_of_month(self.last_day, months_ago=months)
        self._diary: list[tuple[datetime, int, Deed]] = []
        self._order = count()
        self._chance = {customer.number: random.Random(f"{SEED} {customer.number}") for customer in CAST}
        self.bank = Bank(acts, self.last_day, SEED)
        self.transfers: list[Row] = []
        """What has reached our bank since the last file of paid invoices."""
        self.cheques: dict[str, Money] = {}
        """The cheques that customers sent, by the number of the account."""
        self.agreed: dict[str, int] = {}
        """The payment plans to which something happens later, by the number of the account."""
        self.payments: dict[str, int] = {}
        """Payments to which something happens later, by the number of the account."""
        self.contested: dict[str, int] = {}
        """The disputes that go on later, by the number of the account."""
        self.placed: dict[str, int] = {}
        """The debts that were handed to an agency or an attorney, by the number of the account."""
        self.partners: dict[str, int] = {}
        """Those agencies and attorneys, by their names."""
        self.agents: dict[str, Actor] = {}
        """Who signs in for each of them."""

    @property
    def days(self) -> int:
        """How many days are told."""
        return (self.last_day - self.first_day).days + 1

    @property
    def reminded_days(self) -> list[date]:
        """The days on which customers are reminded."""
        first = max(self.first_day, self.last_day - self.reminded)
        return [first + timedelta(days=number) for number in range((self.last_day - first).days + 1)]

    def put(self, day: date, hour: float, deed: Deed) -> None:
        """Let something happen on a day at an hour in London; what lies outside the story is left out."""
        instant = datetime.combine(day, time(), ZONE) + timedelta(hours=hour)
        if self.first_day <= day <= self.last_day:
            heapq.heappush(self._diary, (instant.astimezone(UTC), next(self._order), deed))

    def tell(self, on_day: Callable[[int], None]) -> None:
        """Let it all happen; `on_day` hears how many days have passed."""
        self._begin()
        while self._diary:
            instant, _, deed = heapq.heappop(self._diary)
            self.acts.stage.at(instant)
            deed()
            on_day((instant.astimezone(ZONE).date() - self.first_day).days + 1)
        self.acts.stage.at(self.until)
        self.acts.stage.catch_up()
        self.acts.stage.keep_house()
        self.acts.stage.send_mail()

    def known(self, number: str) -> Known:
        """A customer by the number of their account."""
        return self.acts.known[number]

    def chance(self, known: Known) -> random.Random:
        """The dice of one customer: nobody else's acts change how they fall."""
        return self._chance[known.customer.number]

    def owed(self, known: Known) -> tuple[int, Money]:
        """The newest invoice for goods that is open, and how much of it; a new one where nothing is."""
        wanted = self.acts.open_amounts(known, kinds={InvoiceKind.INVOICE})
        if wanted:
            return list(wanted.items())[-1]
        invoice = self.acts.issue(known, basket(known.customer, self.chance(known)))
        return invoice.id, invoice.amount

    def _begin(self) -> None:
        """Write down what does not depend on anything else."""
        self.put(self.first_day, 7, self.acts.hire)
        for customer in customers(new=False):
            self.put(self.first_day, 8, partial(self._welcome, customer, self.first_day))
        arrival = first_of_month(self.last_day, months_ago=3)
        for customer in customers(new=True):
            self.put(arrival, 8, partial(self._welcome, customer, arrival))
        self.put(self.first_day, 9, self._bring_the_old_ledger)
        self.put(self.last_day, 7.5, partial(self.pay_out, self.last_day))
        for number in range(self.days):
            day = self.first_day + timedelta(days=number)
            lately = day > self.last_day - LATELY
            self.put(day, 20, self.acts.stage.catch_up if lately else self.acts.stage.send_mail)
            if day.weekday() == PAYOUT_DAY and (lately or day.day <= 7):
                self.put(day, 7, partial(self.pay_out, day, fails=(self.last_day - day).days in REFUSED_AGO))
            if lately and day.weekday() == CHARGE_DAY:
                self.put(day, 6, self.acts.stage.charge_lateness)
                self.put(day, 6.2, self.acts.stage.look_at_credit)
                self.put(day, 6.3, self.acts.stage.judge_promises)
            if day.day in BANK_DAYS:
                self.put(day, 17, partial(self._import_transfers, day))
            if day.day == 2:
                self.put(day, 21, self.acts.stage.keep_house)
            if day.day == 3 and day.month in STATEMENT_MONTHS:
                self.put(day, 6, partial(self._issue_statements, day))

        for day in self.reminded_days:
            self.put(day, 9.2, self.acts.stage.remind)
            is_written = day > self.last_day - WRITTEN
            self.put(day, 9.3, self.acts.stage.send_mail if is_written else self.acts.stage.post_unwritten)

    def _welcome(self, customer: Customer, day: date) -> None:
        """Open an account and write down when it will be invoiced: each month."""
        self.acts.open_account(customer)
        chance = self._chance[customer.number]
        days_in_month = [chance.randint(2, 27) for _ in range(customer.a_month)]
        for month, in_month in product(range(self.months + 1), days_in_month):
            issued_on = first_of_month(day, months_ago=-month) + timedelta(days=in_month - 1)
            supplied = customer.habit is not Habit.FADING or issued_on < self.last_day - QUIET / 2
            if supplied and issued_on > day and chance.random() < 0.93:
                self.put(issued_on, 8.5 + chance.random(), partial(self._invoice, customer))

    def _bring_the_old_ledger(self) -> None:
        """Import what was open in the system before: an invoice or two of some."""
        rows = []
        for customer in customers(new=False)[:24:3]:
            chance = self._chance[customer.number]
            issued_on = self.first_day - timedelta(days=chance.randint(8, 40))
            amount = Money(customer.size * 100 + chance.randint(100, 9_900), customer.currency)
            number = f"OLD-{chance.randint(20_000, 29_999)}"
            due_on = issued_on + timedelta(days=customer.terms)
            rows.append(Row(customer.number, number, issued_on, due_on, amount, None))
        self.acts.import_rows("open-items-of-the-old-system.csv", rows, booked_as="opening-balance")
        for row in rows:
            known = self.known(row.account)
            invoice_id = next(iter(self.acts.open_amounts(known)))
            plan_payment(self, known, invoice_id, row)

    def _invoice(self, customer: Customer) -> None:
        known, chance = self.known(customer.number), self._chance[customer.number]
        order = f"PO {chance.randint(4_000, 9_999)}" if customer.number in ORDERED_BY else None
        invoice = self.acts.issue(known, basket(customer, chance), order=order)
        if chance.random() < 0.025:
            self.put(invoice.issued_on + timedelta(days=4), 11, lambda: self._credit_a_part(invoice, chance))
        plan_payment(self, known, invoice.id, as_row(customer, invoice))

    def _credit_a_part(self, invoice: Invoice, chance: random.Random) -> None:
        if self.acts.open_amounts(self.known_by_id(invoice.account_id)).get(invoice.id) == invoice.amount:
            share = Money(invoice.amount_minor * chance.randint(10, 30) // 100, invoice.currency)
            self.acts.credit(invoice.id, share, chance.choice(DAMAGED))

    def known_by_id(self, account_id: int) -> Known:
        """A customer by their account's key."""
        return next(known for known in self.acts.known.values() if known.account_id == account_id)

    def _import_transfers(self, day: date) -> None:
        rows, self.transfers = self.transfers, []
        if rows:
            self.acts.import_rows(f"bank-transfers-{day}.csv", rows)

    def pay_out(self, day: date, *, fails: bool = False) -> None:
        """Stripe sends what is available to our bank; it is there, or comes back, three days later."""
        simulator = self.acts.stage.simulator
        made = simulator.payout()
        self.acts.stage.hear()
        there = day + timedelta(days=3)
        for payout in made:
            amount = Money(payout["amount"], payout["currency"].upper())
            if fails:
                self.put(there, 7, partial(simulator.fail_payout, payout["id"], code="could_not_process"))
            elif amount.currency == "GBP" and there > self.bank.since:
                self.put(there, 7, partial(self.bank.comes, amount, there, "Stripe Payments UK Ltd", "STRIPE PAYOUT"))
            self.put(there, 7.2, self.acts.stage.hear)

    def _issue_statements(self, day: date) -> None:
        last = day.replace(day=1) - timedelta(days=1)
        for customer in customers(new=False)[:STATEMENTS_FOR]:
            self.acts.issue_statement(self.known(customer.number), first_of_month(last, months_ago=2), last)


def as_row(customer: Customer, invoice: Invoice) -> Row:
    """An invoice as a file would have it."""
    return Row(customer.number, invoice.number, invoice.issued_on, invoice.due_on, invoice.amount, None)


def first_of_month(day: date, *, months_ago: int) -> date:
    """The first day of the month that lies so many months before that of `day`."""
    months = day.year * 12 + day.month - 1 - months_ago
    return date(months // 12, months % 12 + 1, 1)
