"""View: a statement as values, the same for the screen, the PDF and the CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.receivables.ageing import Ageing, Share
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.agreements import Agreements
from domain.statements.wording import Subject

Place = tuple[date, int]
"""Where a page ends: the day and the entry of its last movement."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a statement: positive amounts are charged, negative ones paid or credited.

    `balance` is what was owed after it, and None for an adjustment, which stands outside the running balance.
    `occurred_on` is given where the fact belongs to a closed period and was booked later.
    """

    entry_id: int
    on: date
    occurred_on: date | None
    words: Words
    subject: Subject | None
    amount: Money
    balance: Money | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The statement issued before this period, and what became known since of the days that it covers."""

    number: str
    last: date
    closing: Money
    adjustments: tuple[Movement, ...]

    @property
    def adjusted(self) -> Money:
        """The sum of the adjustments."""
        return Money.sum((movement.amount for movement in self.adjustments), self.closing.currency)


@dataclass(frozen=True, slots=True)
class StatementView:
    """An account's movements from `first` to `last`; opening + charged + credited = closing, negative when we owe.

    `movements` may be one page of them: `following` is where the next page starts, None on the last. `ageing` is of
    what is asked for by itself; `agreed` was open on what an agreement of today pays, and `agreements` says how;
    `disputed` was open and in dispute, beside both.
    """

    account_id: int
    currency: str
    first: date
    last: date
    opening: Money
    charged: Money
    credited: Money
    closing: Money
    count: int
    movements: tuple[Movement, ...]
    following: Place | None
    ageing: Ageing
    agreed: Share
    disputed: Money
    agreements: Agreements
    earlier: Earlier | None
