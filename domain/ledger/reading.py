"""Reading: entries with their legs, as they stand in the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.posting import EntryKind
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class BookedLeg:
    """One leg of an entry, debit positive."""

    ledger_account: LedgerAccount
    amount: Money


@dataclass(frozen=True, slots=True)
class Booked:
    """One entry with its legs."""

    id: int
    kind: str
    source: str
    effective_on: date
    recorded_at: datetime
    legs: tuple[BookedLeg, ...]


def entry_id(session: Session, source: str, kinds: Collection[EntryKind]) -> int:
    """The id of the one entry of these kinds posted for this event; NoResultFound when there is none."""
    found = session.execute(select(ENTRIES.c.id).where(ENTRIES.c.kind.in_(kinds), ENTRIES.c.source == source))
    return int(found.scalar_one())


def entries_of(session: Session, sources: Collection[str]) -> list[Booked]:
    """The entries that stand for these sources, in the order in which they were posted."""
    rows = session.execute(select(ENTRIES).where(ENTRIES.c.source.in_(sources)).order_by(ENTRIES.c.id)).all()
    legs = legs_of(session, [row.id for row in rows])
    return [_booked(row, legs) for row in rows]


def legs_of(session: Session, entry_ids: Collection[int]) -> dict[int, tuple[BookedLeg, ...]]:
    """The legs of these entries, in one query."""
    found: dict[int, list[BookedLeg]] = defaultdict(list)
    wanted = select(POSTINGS).where(POSTINGS.c.entry_id.in_(entry_ids)).order_by(POSTINGS.c.entry_id, POSTINGS.c.line)
    for row in session.execute(wanted):
        found[row.entry_id].append(BookedLeg(LedgerAccount(row.ledger_account), Money(row.amount, row.currency)))
    return {entry_id: tuple(legs) for entry_id, legs in found.items()}


def _booked(row: AnyRow, legs: dict[int, tuple[BookedLeg, ...]]) -> Booked:
    return Booked(row.id, row.kind, row.source, row.effective_on, row.recorded_at, legs.get(row.id, ()))
