"""Handoff figures: what came of the debts sent to partners in a period, by partner, age and size.

Each number counts the very handoffs that it opens. Money is all that has come until now, whenever it came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, cast, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.placements.correspondence.model import NoteKind, PlacementNote
from domain.placements.model import PLACED, Closing, Partner, Placement, PlacementInvoice, PlacementStatus
from domain.receivables.model import Invoice
from domain.remittances.model import CostStatus, PlacedCollection, PlacementCost, Way
from domain.reporting import handoff_formulas as formulas
from domain.reporting.periods import check_period
from domain.shared.clock import day_in, end_of_day, start_of_day
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money

ALL = "all"
AGES = ((0, 59), (60, 89), (90, 179), (180, 364), (365, None))
"""The steps of how late the oldest invoice was at sending, in days: from so many to so many (None: or more)."""
SIZES = ((0, 500), (500, 2_000), (2_000, 10_000), (10_000, None))
"""The steps of what was sent, in whole units of its currency: from so much up to, but without, so much."""


class By(StrEnum):
    """What handoffs are counted by."""

    PARTNER = "partner"
    AGE = "age"
    SIZE = "size"


class What(StrEnum):
    """The numbers of a row, each with the handoffs that it counts."""

    SENT = "sent"
    PLACED = "placed"
    CAME = "came"
    PAID = "paid"
    BACK = "back"
    REFUSED = "refused"
    SILENT = "silent"


WHAT_NAMES = {
    What.SENT: N_("Sent"),
    What.PLACED: N_("With the partner"),
    What.CAME: N_("Something came"),
    What.PAID: N_("Paid or settled"),
    What.BACK: N_("Came back, or given up"),
    What.REFUSED: N_("Refused"),
    What.SILENT: N_("Nothing done yet"),
}
"""What each number is called."""
FULFILLED = frozenset({Closing.PAID, Closing.SETTLED})
BACK = frozenset({PlacementStatus.RECALLED, PlacementStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class Sent:
    """One handoff that was sent: what of it came in until now, what that took, and after how many days it began.

    `days_to_act`: from sending until the partner first did something, or collected; None where it has not yet.
    """

    placement_id: int
    account_id: int
    account_name: str
    partner_id: int
    partner_name: str
    sent_on: date
    status: PlacementStatus
    closing: Closing | None
    late_days: int
    placed: Money
    gross: Money
    commission: Money
    costs: Money
    days_to_act: int | None

    @property
    def net(self) -> Money:
        """What is left of what came in."""
        return formulas.net(self.gross, self.commission, self.costs)

    @property
    def is_measured(self) -> bool:
        """Whether it could bring something: not where the partner refused it, or the debt fell away."""
        return self.status is not PlacementStatus.REFUSED and self.closing is not Closing.WITHDRAWN

    def counts(self, what: What) -> bool:
        """Whether a number counts it."""
        match what:
            case What.SENT:
                return True
            case What.PLACED:
                return self.status in PLACED
            case What.CAME:
                return self.gross.minor > 0
            case What.PAID:
                return self.closing in FULFILLED
            case What.BACK:
                return self.status in BACK or self.closing is Closing.UNCOLLECTABLE
            case What.REFUSED:
                return self.status is PlacementStatus.REFUSED
            case What.SILENT:
                return self.status in PLACED and self.days_to_act is None

    def key(self, by: By) -> str:
        """Which row of a table it belongs to."""
        match by:
            case By.PARTNER:
                return str(self.partner_id)
            case By.AGE:
                return str(next(least for least, most in AGES if most is None or self.late_days <= most))
            case By.SIZE:
                return str(next(least for least, most in SIZES if most is None or self.placed.decimal < most))


@dataclass(frozen=True, slots=True)
class Sums:
    """What the handoffs of a row came to in one currency, without those that could bring nothing."""

    placed: Money
    gross: Money
    commission: Money
    costs: Money

    @property
    def net(self) -> Money:
        """What is left of what came in."""
        return formulas.net(self.gross, self.commission, self.costs)

    @property
    def gross_percent(self) -> Decimal | None:
        """What came in of what was placed."""
        return formulas.recovered_percent(self.gross, self.placed)

    @property
    def net_percent(self) -> Decimal | None:
        """What is left of that, of what was placed."""
        return formulas.recovered_percent(self.net, self.placed)

    @property
    def per_unit(self) -> Decimal | None:
        """What one unit of what came in has cost."""
        return formulas.cost_per_unit(self.commission, self.costs, self.gross)


@dataclass(frozen=True, slots=True)
class Row:
    """The handoffs that share something."""

    key: str
    found: Sequence[Sent]

    def many(self, what: What) -> int:
        """How many of them a number counts."""
        return sum(one.counts(what) for one in self.found)

    @property
    def days_to_act(self) -> Decimal | None:
        """The mean of the days until the partner first did something, of those where it has."""
        return formulas.mean_days([one.days_to_act for one in self.found if one.days_to_act is not None])

    @property
    def sums(self) -> list[Sums]:
        """What they came to, in each currency."""
        measured: dict[str, list[Sent]] = defaultdict(list)
        for one in self.found:
            if one.is_measured:
                measured[one.placed.currency].append(one)
        return [
            Sums(
                placed=Money.sum((one.placed for one in measured[currency]), currency),
                gross=Money.sum((one.gross for one in measured[currency]), currency),
                commission=Money.sum((one.commission for one in measured[currency]), currency),
                costs=Money.sum((one.costs for one in measured[currency]), currency),
            )
            for currency in sorted(measured)
        ]


def sent_in(session: Session, first: date, last: date, *, partner_id: int | None = None) -> list[Sent]:
    """Every handoff that was sent from `first` through `last` (to this partner), the newest first; one query.

    Invalid for an impossible period.
    """
    check_period(first, last)
    zone = business(session).time_zone
    wanted = (
        select(
            Placement.id,
            Placement.account_id,
            Placement.partner_id,
            Placement.currency,
            Placement.status,
            Placement.closing,
            Placement.sent_at,
            Placement.placed_minor,
            Account.name.label("account_name"),
            Partner.name.label("partner_name"),
            _DUE_ON.label("due_on"),
            _collected(PlacedCollection.amount_minor).label("gross"),
            _collected(PlacedCollection.commission_minor).label("commission"),
            _COSTS.label("costs"),
            _DID_ON.label("did_on"),
            _COLLECTED_ON.label("collected_on"),
        )
        .join(Account, Account.id == Placement.account_id)
        .join(Partner, Partner.id == Placement.partner_id)
        .where(Placement.sent_at >= start_of_day(first, zone), Placement.sent_at < end_of_day(last, zone))
        .order_by(Placement.id.desc())
    )
    if partner_id is not None:
        wanted = wanted.where(Placement.partner_id == partner_id)
    return [_sent(row, zone) for row in session.execute(wanted)]


def rows_by(found: Sequence[Sent], by: By) -> list[Row]:
    """The handoffs by what they share: partners by name, ages and sizes from the least."""
    shared: dict[str, list[Sent]] = defaultdict(list)
    for one in found:
        shared[one.key(by)].append(one)
    if by is By.PARTNER:
        keys = sorted(shared, key=lambda key: (shared[key][0].partner_name, int(key)))
    else:
        keys = sorted(shared, key=int)
    return [Row(key, shared[key]) for key in keys]


def _collected(column: Any) -> ScalarSelect[int]:
    return (
        select(cast(func.coalesce(func.sum(column), 0), BigInteger))
        .where(PlacedCollection.placement_id == Placement.id)
        .correlate(Placement)
        .scalar_subquery()
    )


_COSTS = (
    select(cast(func.coalesce(func.sum(PlacementCost.amount_minor), 0), BigInteger))
    .where(PlacementCost.placement_id == Placement.id, PlacementCost.status == CostStatus.ACCEPTED)
    .correlate(Placement)
    .scalar_subquery()
)
_DUE_ON = (
    select(func.min(Invoice.due_on))
    .join(PlacementInvoice, PlacementInvoice.invoice_id == Invoice.id)
    .where(PlacementInvoice.placement_id == Placement.id, PlacementInvoice.placed_minor.is_not(None))
    .correlate(Placement)
    .scalar_subquery()
)
_DID_ON = (
    select(func.min(PlacementNote.happened_on))
    .where(PlacementNote.placement_id == Placement.id, PlacementNote.kind == NoteKind.ACTIVITY)
    .correlate(Placement)
    .scalar_subquery()
)
_COLLECTED_ON = (
    select(func.min(PlacedCollection.received_on))
    .where(
        PlacedCollection.placement_id == Placement.id,
        PlacedCollection.way == Way.AGENT,
        PlacedCollection.reverses_id.is_(None),
    )
    .correlate(Placement)
    .scalar_subquery()
)


def _sent(row: AnyRow, zone: str) -> Sent:
    sent_on = day_in(row.sent_at, zone)
    acted_on = min((day for day in (row.did_on, row.collected_on) if day is not None), default=None)
    return Sent(
        placement_id=row.id,
        account_id=row.account_id,
        account_name=row.account_name,
        partner_id=row.partner_id,
        partner_name=row.partner_name,
        sent_on=sent_on,
        status=row.status,
        closing=row.closing,
        late_days=max((sent_on - row.due_on).days, 0),
        placed=Money(row.placed_minor, row.currency),
        gross=Money(row.gross, row.currency),
        commission=Money(row.commission, row.currency),
        costs=Money(row.costs, row.currency),
        days_to_act=None if acted_on is None else max((acted_on - sent_on).days, 0),
    )
