"""Settlements: how much late debt falls in which bracket, and what settling it would give up at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.policies.sections import Bracket, Settlements
from domain.policies.settlement_sentences import bracket_in_words
from domain.receivables.model import CreditKind
from domain.reporting.trial.late import Late, late_debts
from domain.reporting.trial.values import Answer, Entry, Kind, Trying, Unit
from domain.settlements.brackets import bracket_of, least
from domain.settlements.settleable import ELSEWHERE
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.stops.model import StopKind

COULD = N_("Tried: {days} days late; of {total}, at most {percent} per cent may be given up.")
STOOD = N_("Happened: an offer stood on the last day.")
GIVEN_UP = N_("Happened: given up on {day}.")
OFFERED = frozenset({StopKind.OFFER})


@dataclass(frozen=True, slots=True)
class _Debt:
    """What one offer to an account could be about: the set of its late items of which most may be given up."""

    items: Sequence[Late]
    total: Money
    bracket: Bracket

    @property
    def given_up(self) -> int:
        """At most, in minor units."""
        return (self.total - least(self.total, self.bracket.most_percent)).minor

    @property
    def days(self) -> int:
        """How late its youngest item is: by that its bracket goes."""
        return min(item.days for item in self.items)


@dataclass(frozen=True, slots=True)
class InBrackets:
    """The column of late debt that an offer within the brackets could settle, as all stood on the last day."""

    key: str = "settleable"
    name: str = N_("Late debt that may be settled for less")
    unit: Unit = Unit.MONEY

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each late invoice that falls in a bracket, or was offered to be settled."""
        late, ours = late_debts(session, trying, OFFERED, ELSEWHERE - OFFERED), business(session).currency
        debts = _debts(trying.sections.settlements, late, ours)
        return Answer(
            [
                entry
                for account_id, items in late.items()
                for entry in self._entries(account_id, items, debts.get(account_id), trying, ours)
            ]
        )

    def _entries(
        self, account_id: int, items: Sequence[Late], debt: _Debt | None, trying: Trying, ours: str
    ) -> Iterator[Entry]:
        ids = {item.invoice_id for item in debt.items} if debt else set()
        for item in items:
            found = debt if item.invoice_id in ids else None
            if found is None and not item.in_hand_minor:
                continue
            yield Entry(
                account_id,
                trying.last,
                item.open.minor if found else 0,
                item.in_hand_minor,
                [*_could(found), *([Words.of(STOOD)] if item.in_hand_minor else [])],
                item.invoice_id,
                item.number,
                about=(item.invoice_id,),
                kind=_kind(found.bracket, ours) if found else None,
            )


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The column of what is given up: at most, if all of that debt was offered at its bracket and settled."""

    key: str = "given_up"
    name: str = N_("Given up at most by settling it")
    unit: Unit = Unit.MONEY

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each account that falls in a bracket, and for each invoice of which something was given up."""
        ours = business(session).currency
        debts = _debts(trying.sections.settlements, late_debts(session, trying, OFFERED, ELSEWHERE - OFFERED), ours)
        entries = [
            Entry(
                account_id,
                trying.last,
                debt.given_up,
                0,
                _could(debt),
                about=("at most",),
                kind=_kind(debt.bracket, ours),
            )
            for account_id, debt in debts.items()
        ]
        return Answer([*entries, *_given_up(trying)])


IN_BRACKETS, GIVEN_UP_AT_MOST = InBrackets(), GivenUp()


def _debts(section: Settlements | None, late: Mapping[int, Sequence[Late]], ours: str) -> dict[int, _Debt]:
    """By account: all items that are as late as one of the brackets asks, where most may be given up of them."""
    if section is None:
        return {}
    found = {}
    for account_id, items in late.items():
        sets = [[item for item in items if item.days >= days] for days in {each.late_days for each in section.brackets}]
        debts = [debt for some in sets if some and (debt := _debt(section, some, ours)) is not None]
        best = max(debts, key=lambda debt: (debt.given_up, debt.total.minor), default=None)
        if best is not None:
            found[account_id] = best
    return found


def _debt(section: Settlements, items: Sequence[Late], ours: str) -> _Debt | None:
    total = Money.sum((item.open for item in items), items[0].open.currency)
    bracket = bracket_of(section, total, min(item.days for item in items), currency=ours)
    return _Debt(items, total, bracket) if bracket else None


def _could(debt: _Debt | None) -> list[Words]:
    if debt is None:
        return []
    return [Words.of(COULD, days=debt.days, total=debt.total, percent=debt.bracket.most_percent)]


def _kind(bracket: Bracket, ours: str) -> Kind:
    below = bracket.below_minor
    place = (bracket.late_days, below or 0, bracket.most_percent, bracket.most_parts)
    return Kind("-".join(map(str, place)), place, bracket_in_words(bracket, ours))


def _given_up(trying: Trying) -> Iterator[Entry]:
    """What was given up of invoices in the period, less what was taken back of it."""
    for row in trying.history.invoices:
        parts = [
            part
            for part in trying.history.allocations.get(row.id, ())
            if part.kind is CreditKind.CONCESSION and trying.covers(part.effective_on)
        ]
        minor = sum(part.amount_minor for part in parts)
        if minor > 0:
            day = parts[0].effective_on
            said = [Words.of(GIVEN_UP, day=day)]
            yield Entry(row.account_id, day, 0, minor, said, row.id, row.number, about=(row.id,))
