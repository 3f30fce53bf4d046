"""Reference of the terms: what lateness costs, what paying early saves, what is disputed and what is due later.

Days are ordinals. Nothing here is ever entered late, so that a debt's principal at the start of a day is simply what
was open then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.faults.reference import Credit, Debt, Reference

DAILY = Fraction(1, 100)
"""Interest of a day: 365 % a year."""
CHARGE_DAY = 25
"""The day of the month on which it is charged, if the debt is not settled before."""
EARLY_DAYS, SAVES = 10, Fraction(2, 100)
"""Until when, and how much, paying early saves."""


@dataclass
class Late:
    """The interest of a debt: accrued until yesterday, on what of it, and what was charged; a later day once."""

    issued: int
    opening: int
    closed: Fraction = Fraction(0)
    charged: int = 0
    through: int = 0
    extended: tuple[int, int] | None = None
    """The due day before, and when the later one was granted."""

    def bears(self, day: int, due: int) -> bool:
        """Whether it bears interest on a day."""
        if self.extended is not None and self.extended[1] > self.extended[0]:
            return self.extended[0] < day < self.extended[1] or day > due
        return day > due

    def was_due_before(self, day: int, due: int) -> bool:
        """Whether it has been overdue on a day, or before."""
        return due < day or (self.extended is not None and self.extended[0] < day)


@dataclass
class Discount:
    """What a payment has earned on a debt, the tax within it, and what of it stands."""

    debt: int
    payment: str
    amount: int
    tax: int
    stands: int = 0

    def tax_within(self, amount: int) -> int:
        """The tax within so much of it."""
        return self.tax * amount // self.amount


@dataclass
class Terms(Reference):
    """The books as they should be under terms with interest and an early discount."""

    late: dict[int, Late] = field(default_factory=dict)
    disputes: dict[int, tuple[int, int]] = field(default_factory=dict)
    discounts: dict[str, Discount] = field(default_factory=dict)

    def issue(self, name: int, debt: Debt) -> None:
        """As before; an invoice, which is dated today, may cost interest."""
        super().issue(name, debt)
        if not debt.on_top:
            self.late[name] = Late(debt.issued, debt.amount)

    def void(self, name: int) -> None:
        """As before; nobody disputes it any more."""
        super().void(name)
        self.late.pop(name)
        self.disputes = {number: one for number, one in self.disputes.items() if one[0] != name}

    def held(self, name: int) -> int:
        """How much of what is open of a debt is disputed."""
        return min(self.debts[name].open, sum(amount for debt, amount in self.disputes.values() if debt == name))

    def nights_pass(self, first: int, nights: int) -> None:
        """So many days end, the first of them with all that was done on it."""
        for day in range(first, first + nights):
            for name, late in self.late.items():
                late.closed += self._accrues(name, late, day)
                late.opening = self.debts[name].open

    def _accrues(self, name: int, late: Late, day: int) -> Fraction:
        contested = sum(amount for debt, amount in self.disputes.values() if debt == name)
        bearing = max(0, late.opening - contested) if late.bears(day, self.debts[name].due) else 0
        return bearing * DAILY

    def late_charges(self, account: int, today: int, charge_day_since: int | None) -> dict[int, int]:
        """What is to be charged, or taken back, for lateness today; the last charge day, where one has come."""
        found = {}
        for name, late in self.late.items():
            debt = self.debts[name]
            if debt.account != account or not late.was_due_before(today, debt.due):
                continue
            missing = round(late.closed + self._accrues(name, late, today)) - late.charged
            turn = charge_day_since is not None and charge_day_since > late.through
            if missing < 0 or (missing > 0 and late.through < today and (turn or not debt.open)):
                found[name] = missing
        return found

    def offer(self, name: int, day: int) -> tuple[int, int] | None:
        """What can be paid of a debt, and what paying all that early saves; None where it offers nothing."""
        late, debt = self.late.get(name), self.debts[name]
        stands = any(one.debt == name and one.stands for one in self.discounts.values())
        if late is None or stands or not late.issued <= day <= late.issued + EARLY_DAYS:
            return None
        payable = debt.open - self.held(name)
        before = sum(self.settled_by(payment, name) for payment in self.paid)
        saving = round((payable + before) * SAVES)
        return (payable, saving) if 0 < saving < payable else None

    def pay(
        self, name: str, account: int, amount: int, day: int, at: str, told: dict[int, int] | None
    ) -> dict[int, int]:
        """A payment arrives; what it has earned on which debt, which takes no more than is enough with that."""
        offers = {debt: self.offer(debt, day) for debt in self.in_order(account)}
        self.arrive(name, account, amount, day, at)
        self.paid.append(name)
        earned = {}
        for debt in self.in_order(account) if told is None else sorted(told, key=self.place):
            still_open = self.debts[debt].open
            paid = min(still_open if told is None else told[debt], still_open, self.credits[name].free)
            payable, saving = offers[debt] or (0, 0)
            saving = saving if paid >= payable - saving else 0
            enough = min(paid, still_open - saving)
            part = self.within(debt, enough)
            if self.use(name, debt, part) and saving and part == enough:
                earned[debt] = saving
        return earned

    def within(self, debt: int, amount: int) -> int:
        """As much of an amount as a payment may settle of a debt: all of it here."""
        return amount

    def settled_by(self, credit: str, debt: int) -> int:
        """What of a debt a credit settles."""
        return sum(amount for name, amount in self.credits[credit].uses if name == debt)

    def grant(self, source: str, discount: Discount, day: int) -> None:
        """A discount, which settles its debt."""
        debt = self.debts[discount.debt]
        discount.tax = self.tax_within(discount.debt, discount.amount)
        self.discounts[source] = discount
        self.credits[source] = Credit(debt.account, day, 0)
        self.stand(source, discount.amount)

    def stand(self, source: str, stands: int) -> None:
        """So much of a discount stands now: what fell opens its debt again, what came back settles it."""
        discount = self.discounts[source]
        account, more = self.debts[discount.debt].account, stands - discount.stands
        tax = discount.tax_within(stands) - discount.tax_within(discount.stands)
        self.move(more - tax, "discounts_allowed", f"receivable:{account}")
        self.move(tax, "tax_payable", f"receivable:{account}")
        discount.stands = stands
        if more > 0:
            self.credits[source].free += more
            self.use(source, discount.debt, more)
        else:
            self.take_back(f"{source}:falls", source, -more)

    def tax_within(self, name: int, amount: int) -> int:
        """The tax within the next part that is taken off a debt, so that all of it carries all of its tax."""
        debt = self.debts[name]
        standing = [one for one in self.discounts.values() if one.debt == name]
        off = debt.credited + sum(one.stands for one in standing if one.tax)
        taken = debt.credited_tax + sum(one.tax_within(one.stands) for one in standing)
        return min(max(debt.tax * (off + amount) // debt.amount - taken, 0), amount)
