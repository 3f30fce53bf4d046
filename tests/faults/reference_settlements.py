"""Reference of settlements: what is given up on which debt once less of it was paid, and when that falls.

The states come from the real books; here stands which of them can follow, and which cannot stay.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.faults.reference import Credit
from tests.faults.reference_terms import Discount, Terms

PATIENCE = 5
"""A part may come so many days after its day."""
AGAIN = 14
"""So many days after money went back it is to be here again."""
TO_PAY = {"accepted", "reopened"}
STANDS = {"offered"} | TO_PAY
KEPT = TO_PAY | {"fulfilled"}
FOLLOW = {
    "offered": {"withdrawn", "expired"},
    "accepted": {"fulfilled", "broken"},
    "fulfilled": {"reopened"},
    "reopened": {"fulfilled", "broken"},
}
"""Which state may follow which, apart from what somebody does."""


@dataclass
class Offer:
    """So much instead of what was open of some debts when it was made; `old` is what had settled them before.

    `given` names the credits by which something was given up.
    """

    account: int
    debts: dict[int, int]
    amount: int
    last: int
    status: str = "offered"
    parts: list[tuple[int, int]] = field(default_factory=list)
    old: dict[int, Counter[str]] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    opened: int = 0


@dataclass
class Settlements(Terms):
    """The books as they should be under terms, with some debts settled for less."""

    offers: dict[int, Offer] = field(default_factory=dict)
    conceded: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """What was given up: of which debt, how much, and the tax within it."""
    no_money: set[str] = field(default_factory=set)
    """The credits that settle without being money."""

    def take_up(self, name: int, day: int, parts: int) -> None:
        """An offer is accepted, to be paid in monthly parts; the first ones bear the odd pence."""
        offer = self.offers[name]
        share, odd = divmod(offer.amount, parts)
        offer.status = "accepted"
        offer.parts = [(_months_later(offer.last, number), share + (number < odd)) for number in range(parts)]
        offer.old = {debt: self._settling(debt) for debt in offer.debts}

    def turn_into(self, name: int, status: str, day: int, sources: Mapping[int, str]) -> None:
        """An offer is in another state now, which has to follow; `sources` name what is given up, by debt."""
        offer = self.offers[name]
        assert status in FOLLOW[offer.status], (offer.status, status)
        if status == "expired":
            assert offer.last < day
        if status == "withdrawn":
            assert self._has_changed(offer)
        if status == "broken":
            assert self.missed_days(name, day) > PATIENCE
        if status == "fulfilled":
            self._give_up(offer, day, dict(sources))
        if status == "reopened":
            offer.opened = day
            self._fall(offer)
        offer.status = status

    def check_offers(self, day: int, *, looked_after: bool) -> None:
        """Each is in the state that its debts have brought it to; the days count once somebody has looked."""
        for name, offer in self.offers.items():
            if offer.status == "offered":
                assert not self._has_changed(offer), offer
                assert not looked_after or offer.last >= day, offer
            if offer.status in TO_PAY:
                assert self.left_to_pay(name), offer
                assert any(self.debts[debt].open for debt in offer.debts), offer
                assert not looked_after or self.missed_days(name, day) <= PATIENCE, offer
            if offer.status == "fulfilled" and self.left_to_pay(name):
                assert all(self._since(offer, debt) >= offered for debt, offered in offer.debts.items()), offer

    def left_to_pay(self, name: int) -> int:
        """What is missing of what was agreed: only money that came since counts."""
        offer = self.offers[name]
        return max(offer.amount - sum(self._since(offer, debt, money=True) for debt in offer.debts), 0)

    def next_part(self, name: int) -> tuple[int, int]:
        """The next part of which something is missing: its day, and how much."""
        offer = self.offers[name]
        here = offer.amount - self.left_to_pay(name)
        for due, amount in offer.parts:
            if here < amount:
                return max(due, offer.opened + AGAIN if offer.status == "reopened" else 0), amount - here
            here -= amount
        raise AssertionError("nothing is missing")

    def missed_days(self, name: int, day: int) -> int:
        """For how many days the next part of an offer has been missed."""
        return max(day - self.next_part(name)[0], 0)

    def is_offered(self, debt: int) -> bool:
        """Whether an offer stands over a debt."""
        return any(offer.status in STANDS and debt in offer.debts for offer in self.offers.values())

    def was_offered(self, debt: int) -> bool:
        """Whether there ever was an offer over a debt."""
        return any(debt in offer.debts for offer in self.offers.values())

    def is_conceded(self, debt: int) -> bool:
        """Whether anything that was given up of a debt stands."""
        return any(self.settled_by(name, debt) for name in self.conceded)

    def late_charges(self, account: int, today: int, charge_day_since: int | None) -> dict[int, int]:
        """As before; but nothing of what is settled for less, as long as that is kept."""
        kept = {debt for offer in self.offers.values() if offer.status in KEPT for debt in offer.debts}
        found = super().late_charges(account, today, charge_day_since)
        return {name: missing for name, missing in found.items() if name not in kept}

    def credit_note(self, name: str, debt_name: int, amount: int, day: int) -> int:
        """As before; it is no money."""
        self.no_money.add(name)
        return super().credit_note(name, debt_name, amount, day)

    def grant(self, source: str, discount: Discount, day: int) -> None:
        """As before; it is no money."""
        self.no_money.add(source)
        super().grant(source, discount, day)

    def within(self, debt: int, amount: int) -> int:
        """No more than is missing of what was agreed: the rest of it is to be given up."""
        lefts = [
            self.left_to_pay(name) for name, one in self.offers.items() if one.status in TO_PAY and debt in one.debts
        ]
        return min([amount, *lefts])

    def use(self, name: str, debt_name: int, wanted: int) -> int:
        """As before; what went of what had settled a debt before is not taken for what comes now."""
        self._forget_gone()
        return super().use(name, debt_name, wanted)

    def shift(self, name: str, place: int, to: int) -> None:
        """As before; what moves may be from before an offer."""
        uses = self.credits[name].uses
        debt, amount = uses[place]
        before = sum(part for other, part in uses[:place] if other == debt)
        for offer in self.offers.values():
            old = offer.old.get(debt, Counter())
            old[name] -= min(amount, max(old[name] - before, 0))
        super().shift(name, place, to)

    def _give_up(self, offer: Offer, day: int, sources: dict[int, str]) -> None:
        """What is left of each debt of what was open then."""
        for debt in sorted(offer.debts, key=self.place):
            amount = min(offer.debts[debt] - self._since(offer, debt), self.debts[debt].open)
            if amount <= 0:
                continue
            tax, source = self.tax_within(debt, amount), sources.pop(debt)
            self._post(offer.account, amount, tax)
            self.no_money.add(source)
            self.conceded[source] = (debt, amount, tax)
            self.credits[source] = Credit(offer.account, day, amount)
            self.use(source, debt, amount)
            offer.given.append(source)
        assert not sources, (offer, sources)

    def _fall(self, offer: Offer) -> None:
        """All of it is owed again."""
        for source in offer.given:
            _, amount, tax = self.conceded[source]
            self._post(offer.account, -amount, -tax)
            self.take_back(f"{source}:falls", source, amount)
        offer.given = []

    def _post(self, account: int, amount: int, tax: int) -> None:
        self.move(amount - tax, "debts_forgiven", f"receivable:{account}")
        self.move(tax, "tax_payable", f"receivable:{account}")

    def _has_changed(self, offer: Offer) -> bool:
        return any(self.debts[debt].open != amount for debt, amount in offer.debts.items())

    def _since(self, offer: Offer, debt: int, *, money: bool = False) -> int:
        """What has settled a debt since the acceptance, and settles it still."""
        self._forget_gone()
        now, old = self._settling(debt), offer.old[debt]
        return sum(now[name] - old[name] for name in now if not (money and name in self.no_money))

    def _settling(self, debt: int) -> Counter[str]:
        """What settles a debt, by credit."""
        found = Counter({name: self.settled_by(name, debt) for name in self.credits})
        return +found

    def _forget_gone(self) -> None:
        """Of what had settled a debt when an offer was accepted, keep what settles it still: the newest goes first."""
        for offer in self.offers.values():
            for debt, old in offer.old.items():
                offer.old[debt] = old & self._settling(debt)


def _months_later(day: int, months: int) -> int:
    """The same day of a later month, or the last one where that is shorter."""
    first = date.fromordinal(day)
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1])).toordinal()
