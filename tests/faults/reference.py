"""Reference: a ledger of dictionaries, written from the table of events alone, to hold the real one against.

Amounts are minor units of one currency; every event names itself, so that what undoes it can find it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Debt:
    """What an account owes: `on_top` for debit notes, which are settled before what is due on the same day."""

    account: int
    amount: int
    tax: int
    due: int
    open: int
    on_top: bool = False
    credited: int = 0
    credited_tax: int = 0
    issued: int = 0


@dataclass
class Credit:
    """What came to an account: `free` is not used yet, `uses` name the debts that it settles, the newest last."""

    account: int
    day: int
    free: int
    uses: list[tuple[int, int]] = field(default_factory=list)

    @property
    def there(self) -> int:
        """What has not left the account."""
        return self.free + sum(amount for _, amount in self.uses)


@dataclass
class Taking:
    """What one event took of one credit, which debts it opened again by how much, and what has come back since."""

    credit: str
    amount: int
    opened: dict[int, int]
    back: int = 0


@dataclass
class Reference:
    """The books as they should be."""

    ledger: Counter[str] = field(default_factory=Counter)
    debts: dict[int, Debt] = field(default_factory=dict)
    credits: dict[str, Credit] = field(default_factory=dict)
    takings: dict[str, list[Taking]] = field(default_factory=dict)
    again: dict[str, list[int]] = field(default_factory=dict)
    paid: list[str] = field(default_factory=list)
    """The credits that are payments."""

    def move(self, amount: int, debited: str, credited: str) -> None:
        """One entry of two legs."""
        self.ledger[debited] += amount
        self.ledger[credited] -= amount

    def issue(self, name: int, debt: Debt) -> None:
        """An invoice, or a debit note on top of one."""
        self.debts[name] = debt
        income = "late_charge_income" if debt.on_top else "sales"
        self.move(debt.amount - debt.tax, f"receivable:{debt.account}", income)
        self.move(debt.tax, f"receivable:{debt.account}", "tax_payable")

    def void(self, name: int) -> None:
        """An invoice that should never have been."""
        debt = self.debts.pop(name)
        self.move(debt.amount - debt.tax, "sales", f"receivable:{debt.account}")
        self.move(debt.tax, "tax_payable", f"receivable:{debt.account}")

    def arrive(self, name: str, account: int, amount: int, day: int, at: str) -> None:
        """Money stands `at` a ledger account now, and settles nothing yet."""
        self.move(amount, at, f"receivable:{account}")
        self.credits[name] = Credit(account, day, amount)

    def settle(self, amount: int, fee: int) -> None:
        """The processor books a charge."""
        self.move(amount, "card_clearing", "receipts_awaiting_settlement")
        self.move(fee, "processor_fees", "card_clearing")

    def credit_note(self, name: str, debt_name: int, amount: int, day: int) -> int:
        """A credit note with its share of the tax; what it sets free because its debt is settled."""
        debt = self.debts[debt_name]
        share = self.tax_within(debt_name, amount)
        debt.credited, debt.credited_tax = debt.credited + amount, debt.credited_tax + share
        self.move(amount - share, "late_charge_income" if debt.on_top else "sales", f"receivable:{debt.account}")
        self.move(share, "tax_payable", f"receivable:{debt.account}")
        self.credits[name] = Credit(debt.account, day, amount)
        self.use(name, debt_name, amount)
        return self.credits[name].free

    def tax_within(self, debt_name: int, amount: int) -> int:
        """The tax within the next part of a debt that is credited."""
        debt = self.debts[debt_name]
        return debt.tax * (debt.credited + amount) // debt.amount - debt.tax * debt.credited // debt.amount

    def use(self, name: str, debt_name: int, wanted: int) -> int:
        """Settle as much of a debt as is wanted, open, and there; how much."""
        credit, debt = self.credits[name], self.debts[debt_name]
        amount = min(wanted, credit.free, debt.open)
        if amount:
            credit.uses.append((debt_name, amount))
            credit.free -= amount
            debt.open -= amount
        return amount

    def use_any(self, account: int, debt_name: int, wanted: int) -> None:
        """Settle a debt from the account's credit, the oldest first."""
        for name in self.unused(account):
            wanted -= self.use(name, debt_name, wanted)

    def shift(self, name: str, place: int, to: int) -> None:
        """What settles one debt settles another; what that cannot take is free."""
        credit = self.credits[name]
        source, amount = credit.uses.pop(place)
        self.debts[source].open += amount
        credit.free += amount
        self.use(name, to, amount)

    def take_free(self, event: str, names: list[str], amount: int) -> None:
        """Take unused credit away, from the first named first."""
        for name in names:
            part = min(amount, self.credits[name].free)
            if part:
                self.credits[name].free -= part
                self.takings.setdefault(event, []).append(Taking(name, part, {}))
                amount -= part

    def take_back(self, event: str, name: str, amount: int) -> int:
        """Take a payment back: what is free, then what it settled last; how much of it had left before."""
        credit = self.credits[name]
        there = min(amount, credit.there)
        missing, opened = there - credit.free, Counter[int]()
        while missing > 0:
            debt, used = credit.uses.pop()
            part = min(missing, used)
            if used > part:
                credit.uses.append((debt, used - part))
            opened[debt] += part
            self.debts[debt].open += part
            credit.free += part
            missing -= part
        credit.free -= there
        if there:
            self.takings.setdefault(event, []).append(Taking(name, there, dict(opened)))
        return amount - there

    def owe_again(self, event: str, name: int, account: int, amount: int, day: int) -> None:
        """What was taken back and had left before; the event's own entry has posted it."""
        self.debts[name] = Debt(account, amount, 0, day, amount)
        self.again.setdefault(event, []).append(name)

    def give_back(self, event: str, amount: int, account: int, day: int, name: str) -> None:
        """What an event took comes back and covers what it covered, unless that is settled; then it is free."""
        for taking in self.takings.get(event, []):
            back = min(amount, taking.amount - taking.back)
            amount -= back
            credit, skip = self.credits[taking.credit], taking.back
            taking.back += back
            credit.free += back
            for debt in sorted(taking.opened, key=self.place):
                done = min(skip, taking.opened[debt])
                wanted = min(taking.opened[debt] - done, back)
                skip, back = skip - done, back - wanted
                self.use(taking.credit, debt, wanted)
        if amount:
            self.credits[name] = Credit(account, day, amount)
            for debt in self.again.get(event, []):
                self.use(name, debt, amount)

    def place(self, name: int) -> tuple[int, int]:
        """The order in which debts that were named are settled."""
        return self.debts[name].due, name

    def in_order(self, account: int) -> list[int]:
        """The order in which debts that nobody named are settled."""
        ours = (name for name, debt in self.debts.items() if debt.account == account)
        return sorted(ours, key=lambda name: (self.debts[name].due, not self.debts[name].on_top, name))

    def unused(self, account: int) -> list[str]:
        """The account's credits that are not used up, the oldest first."""
        ours = [name for name, credit in self.credits.items() if credit.account == account and credit.free]
        return sorted(ours, key=lambda name: self.credits[name].day)
