"""Acting: who acts for us on which open invoices of an account, as its customer reads it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from domain.placements import queries
from domain.placements.model import PARTNER_KINDS, PlacementStatus
from domain.shared.clock import day_in
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Placed:
    """An invoice that lies with a partner, and what is open of it."""

    id: int
    number: str
    due_on: date
    open: Money


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts for us on these invoices, the oldest due first, and how to reach them.

    `since` is the customer's day on which they took it on; empty while they have not, and nobody acts yet. `is_held`:
    something about it is being cleared up, and so long they do not ask for it.
    """

    id: int
    name: str
    kind: str
    contact: str | None
    email: str
    phone: str | None
    since: date | None
    is_held: bool
    invoices: tuple[Placed, ...]

    @property
    def open(self) -> Money:
        """What is open on all of them."""
        return Money.sum((one.open for one in self.invoices), self.invoices[0].open.currency)

    def late(self, day: date) -> Money:
        """What of that is past its due day."""
        late = (one.open for one in self.invoices if one.due_on < day)
        return Money.sum(late, self.invoices[0].open.currency)


def acting(session: Session, account_id: int, among: Collection[int] | None = None) -> list[Acting]:
    """Who acts for us on an account, by one query; what was handed over first comes first.

    `among` leaves out all other invoices.
    """
    rows = [row for row in queries.acting(session, account_id) if among is None or row.invoice_id in among]
    found = []
    for _, group in groupby(rows, key=lambda row: row.id):
        head, *more = group
        found.append(
            Acting(
                id=head.id,
                name=head.name,
                kind=PARTNER_KINDS[head.kind],
                contact=head.contact_name,
                email=head.email,
                phone=head.phone,
                since=day_in(head.taken_at, head.time_zone) if head.taken_at is not None else None,
                is_held=head.status is PlacementStatus.HELD,
                invoices=tuple(
                    Placed(row.invoice_id, row.number, row.due_on, Money(row.open_minor, row.currency))
                    for row in (head, *more)
                ),
            )
        )
    return found


def placed_ids(acting: Collection[Acting]) -> frozenset[int]:
    """The invoices of them all."""
    return frozenset(placed.id for one in acting for placed in one.invoices)
