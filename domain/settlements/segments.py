"""Segments: all accounts whose debts have some age and size, and what the terms allow to offer each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.receivables.model import Invoice, InvoiceStatus
from domain.settlements.brackets import least
from domain.settlements.offering import Room, Wanted, room_of
from domain.settlements.settleable import settleable
from domain.shared.db.session import business, today
from domain.shared.money import Money

MOST = 200
"""So many accounts are offered to at once: somebody looks at each row."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Which debts, and what to offer for them, as far as the terms of each account allow.

    Debts at least `late_days` late that come to at least `least_minor` and at most `most_minor` (None: any), in minor
    units of the business's currency; accounts in another one are no part of it. At most `percent` per cent is given
    up, paid in at most `parts` parts.
    """

    late_days: int
    least_minor: int
    most_minor: int | None
    percent: int
    parts: int


@dataclass(frozen=True, slots=True)
class Line:
    """What one account of a segment would be offered; `amount` is None where its terms allow nothing."""

    room: Room
    amount: Money | None
    parts: int

    def wanted(self, expires_on: date, reason: str) -> Wanted:
        """The offer itself; only where there is something to offer."""
        assert self.amount is not None
        return Wanted(tuple(row.id for row in self.room.invoices), self.amount, self.parts, expires_on, reason)


def lines(session: Session, segment: Segment, *, only: Sequence[int] | None = None) -> list[Line]:
    """What each account of a segment would be offered now, the largest debt first, at most `MOST` of them."""
    before = today(session) - timedelta(days=segment.late_days - 1)
    total = func.sum(Invoice.open_minor)
    wanted = (
        select(Invoice.account_id)
        .join(Account, Account.id == Invoice.account_id)
        .where(
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.due_on < before,
            Account.currency == business(session).currency,
        )
        .group_by(Invoice.account_id)
        .having(total >= max(segment.least_minor, 1))
        .order_by(total.desc(), Invoice.account_id)
        .limit(MOST)
    )
    if only is not None:
        wanted = wanted.where(Invoice.account_id.in_(only))
    account_ids = session.scalars(wanted).all()
    found = settleable(session, account_ids, before)
    return [
        line
        for account_id in account_ids
        if account_id in found and (line := _line(session, segment, account_id, [row.id for row in found[account_id]]))
    ]


def _line(session: Session, segment: Segment, account_id: int, invoice_ids: Sequence[int]) -> Line | None:
    """What this account would be offered; None where what can be settled of its debt is of another size."""
    room = room_of(session, account_id, invoice_ids)
    too_large = segment.most_minor is not None and room.total.minor > segment.most_minor
    if too_large or room.total.minor < segment.least_minor:
        return None
    if room.bracket is None:
        return Line(room, None, 1)
    amount = least(room.total, min(segment.percent, room.bracket.most_percent))
    if not 0 < amount.minor < room.total.minor:
        return Line(room, None, 1)
    return Line(room, amount, min(segment.parts, room.bracket.most_parts))
