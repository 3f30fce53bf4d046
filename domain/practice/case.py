"""Case: who the customer of a practice session is and what is late, chosen by its seed; nobody of it exists."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.shared.money import Money

COMPANIES: Final = (
    "Alder & Finch Ltd",
    "Pebble Kitchens Ltd",
    "Northgate Cycles",
    "Marlow Print Works",
    "Tidewater Inns",
)
PEOPLE: Final = ("Robin Hale", "Jo Mercer", "Ines Falk", "Kit Rowan", "Noor Haddad")
OTHERS: Final = ("Bea Lund", "Max Tully", "Ada Quist", "Leo Farr", "Mina Roth")
NUMBERS: Final = range(4100, 4900)
AMOUNTS: Final = range(240, 1_960, 20)
"""In whole units of the currency, even, so that halves are whole too."""
LATE: Final = range(9, 33)
"""Days past the due day."""


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody who owes something late, as a session has it."""

    company: str
    person: str
    other: str
    number: str
    amount: Money
    due_on: date
    phone: str

    def filled(self, business: str) -> Mapping[str, object]:
        """What the placeholders of the words stand for."""
        return {
            "business": business,
            "company": self.company,
            "person": self.person,
            "other": self.other,
            "number": self.number,
            "amount": self.amount,
            "half": Money(self.amount.minor // 2, self.amount.currency),
            "due_on": self.due_on,
        }


def case_of(situation: str, seed: int, day: date, currency: str) -> Case:
    """The same customer for the same situation, seed and day."""
    chance = random.Random(f"{situation} {seed}")
    units = Money.of(str(chance.choice(AMOUNTS)), currency)
    return Case(
        company=chance.choice(COMPANIES),
        person=chance.choice(PEOPLE),
        other=chance.choice(OTHERS),
        number=f"P-{chance.choice(NUMBERS)}",
        amount=units,
        due_on=day - timedelta(days=chance.choice(LATE)),
        phone=f"+44 1632 960{chance.randint(100, 999)}",
    )
