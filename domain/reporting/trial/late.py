"""Late: what was late at the end of the last day of a trial, how late, and how much of it was dealt with otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.reporting.trial.values import Trying
from domain.shared.money import Money
from domain.stops import holding
from domain.stops.model import StopKind


@dataclass(frozen=True, slots=True)
class Late:
    """A late debit item: what was open of it, how many days late it was, and how much was in the ways asked for."""

    invoice_id: int
    number: str
    open: Money
    days: int
    in_hand_minor: int


def late_debts(
    session: Session, trying: Trying, ways: Collection[StopKind], others: Collection[StopKind]
) -> Mapping[int, Sequence[Late]]:
    """The late items of each account, by its id, the latest first.

    `ways` are stops that count as in hand; what one of the `others` held is left out.
    """
    history = trying.history
    places = {row.id: row.account_id for row in history.invoices}
    holds = holding.holds_on(session, places, {*ways, *others})
    found: dict[int, list[Late]] = defaultdict(list)
    for row in history.invoices:
        settled = sum(
            part.amount_minor for part in history.allocations.get(row.id, ()) if part.effective_on <= trying.last
        )
        minor, days = row.amount_minor - settled, (trying.last - history.due[row.id].on(trying.last)).days
        on = [hold for hold in holds.get(row.id, ()) if hold.is_on(trying.last)]
        if minor <= 0 or days <= 0 or any(hold.kind not in ways for hold in on):
            continue
        in_hand = holding.held(on, trying.last, minor)
        found[row.account_id].append(Late(row.id, row.number, Money(minor, row.currency), days, in_hand))
    return {account_id: sorted(items, key=lambda item: -item.days) for account_id, items in found.items()}
