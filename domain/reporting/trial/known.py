"""Known: what was owed, held and credited of an account as it was known each morning; a trial of notices reads it.

What was recorded before the hour at which notices go out was known that day, what came later on the next. What was
imported is dated by its own days, as if it had been recorded then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.receivables.model import CreditItem, Withdrawal
from domain.reporting.trial.history import Due
from domain.reporting.trial.values import Trying
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.stops import holding
from domain.stops.holding import Hold
from domain.stops.model import Held

GO_OUT_AT = timedelta(hours=8)
"""How long after midnight, in the account's time zone, notices go out."""
Changes = dict[date, int]
"""By how much something changes on which day, in minor units."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One debit item: when it was due, how what was open of it changed, what held it."""

    invoice_id: int
    number: str
    due: Due
    changes: Mapping[date, int]
    holds: Sequence[Hold]


@dataclass(frozen=True, slots=True)
class Known:
    """One account: its debit items, and how its unused credit changed."""

    owed: Sequence[Owed]
    credit: Mapping[date, int]


def known_on(at: datetime, zone: str) -> date:
    """The first day on whose notices something counts that was recorded at an instant."""
    return day_in(at + timedelta(days=1) - GO_OUT_AT, zone)


def known(session: Session, trying: Trying) -> dict[int, Known]:
    """What was known of each account of a trial, by its id."""
    history = trying.history
    zones = {account.id: account.time_zone for account in history.accounts.values()}
    places = {row.id: row.account_id for row in history.invoices}
    holds = holding.holds_on(session, places, holding.kinds_that_hold(Held.CHASING))
    credit = _credit(session, zones)
    owed: dict[int, list[Owed]] = defaultdict(list)
    for row in history.invoices:
        zone, changes = zones[row.account_id], defaultdict[date, int](int)
        changes[_day(row, row.issued_on, zone)] += row.amount_minor
        for part in history.allocations.get(row.id, ()):
            day = _day(part, part.effective_on, zone)
            changes[day] -= part.amount_minor
            credit[row.account_id][day] -= part.amount_minor
        owed[row.account_id].append(Owed(row.id, row.number, history.due[row.id], changes, holds.get(row.id, ())))
    return {account_id: Known(items, credit[account_id]) for account_id, items in owed.items()}


def _credit(session: Session, zones: Mapping[int, str]) -> dict[int, Changes]:
    """What came in as credit, less what left the account again; what it settled is not taken off."""
    found: dict[int, Changes] = defaultdict(lambda: defaultdict(int))
    items = select(
        CreditItem.account_id,
        CreditItem.amount_minor,
        CreditItem.effective_on,
        CreditItem.recorded_at,
        CreditItem.import_id,
    ).where(CreditItem.account_id.in_(zones), CreditItem.voided_at.is_(None))
    for item in session.execute(items):
        found[item.account_id][_day(item, item.effective_on, zones[item.account_id])] += item.amount_minor
    gone = (
        select(
            Withdrawal.account_id,
            Withdrawal.amount_minor,
            Withdrawal.effective_on,
            Withdrawal.recorded_at,
            CreditItem.import_id,
        )
        .join(CreditItem, CreditItem.id == Withdrawal.credit_item_id)
        .where(Withdrawal.account_id.in_(zones), CreditItem.voided_at.is_(None))
    )
    for row in session.execute(gone):
        found[row.account_id][_day(row, row.effective_on, zones[row.account_id])] -= row.amount_minor
    return found


def _day(row: AnyRow, own: date, zone: str) -> date:
    """The day on which it was known; its own where it was imported."""
    return own if row.import_id is not None else known_on(row.recorded_at, zone)
