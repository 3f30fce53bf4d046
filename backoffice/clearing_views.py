"""Clearing views: payouts, movements and what waits, as their templates want them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.clearing.categories import CATEGORY_WORDS
from domain.clearing.tie_out import PayoutTie
from domain.payments.snapshots import PayoutState
from domain.reporting.waiting_money import TO_EXPLAIN, Standing, Waiting, age
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money

LAST_DAYS = 14
"""Days that the page compares."""
MOST_ITEMS = 20
"""Things that wait which a panel shows; the rest is counted."""
OLD = 7
"""Days after which what is only on its way deserves a look."""

PAYOUT_BADGES = {
    PayoutState.PENDING: ("waiting", N_("Being prepared")),
    PayoutState.IN_TRANSIT: ("waiting", N_("On its way")),
    PayoutState.PAID: ("paid", N_("At the bank")),
    PayoutState.FAILED: ("failed", N_("Failed")),
    PayoutState.CANCELED: ("void", N_("Cancelled")),
}
"""How each state of a payout is shown."""
PATHS = {
    "payment": "/payments/{}",
    "refund": "/refunds/{}",
    "payout": "/clearing/payouts/{}",
    "movement": "/clearing/movements/{}",
    "charge": "/clearing/movements/{}",
    "bank_line": "/bank/lines/{}",
}
"""Where what waits has its page."""


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout in a list or on its own page; `tie` says whether what is named in it adds up."""

    id: int
    external_id: str
    badge: tuple[str, str]
    amount: Money
    made_on: date
    arrives_on: date | None = None
    arrived_on: date | None = None
    failure: str | None = None
    by_hand: bool = False
    tied: bool = False
    difference: Money | None = None

    @classmethod
    def of_row(cls, row: AnyRow) -> PayoutView:
        """From a row of the payouts."""
        return cls(
            id=row.id,
            external_id=row.external_id,
            badge=PAYOUT_BADGES[row.state],
            amount=Money(row.amount_minor, row.currency),
            made_on=row.created_at.date(),
            arrives_on=row.arrives_on,
            arrived_on=row.arrived_on if row.undone_at is None else None,
            failure=row.failure,
            by_hand=not row.automatic,
            tied=row.tied_at is not None,
        )

    @staticmethod
    def badge_of(state: PayoutState) -> tuple[str, str]:
        """How a state is shown."""
        return PAYOUT_BADGES[state]


@dataclass(frozen=True, slots=True)
class MovementView:
    """A movement of our balance on its own page."""

    external_id: str
    words: str
    source_ref: str | None
    amount: Money
    fee: Money
    net: Money
    created_at: datetime
    available_on: date
    recorded_at: datetime

    @classmethod
    def of_row(cls, row: AnyRow) -> MovementView:
        """From a row of the movements."""
        return cls(
            external_id=row.external_id,
            words=CATEGORY_WORDS.get(row.category, row.category),
            source_ref=row.source_ref or None,
            amount=Money(row.amount_minor, row.currency),
            fee=Money(row.fee_minor, row.currency),
            net=Money(row.net_minor, row.currency),
            created_at=row.created_at,
            available_on=row.available_on,
            recorded_at=row.recorded_at,
        )


@dataclass(frozen=True, slots=True)
class ItemView:
    """One movement that a payout consists of; `known` whether the books have it."""

    external_id: str
    words: str
    net: Money
    known: bool


@dataclass(frozen=True, slots=True)
class WaitingView:
    """One thing that waits; `href` where it has a page."""

    words: str
    name: str
    href: str | None
    amount: Money
    days: int
    is_old: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class StandingView:
    """What stands on one ledger account; `more` things that wait are not shown."""

    name: str
    meaning: str
    balance: Money
    unnamed: Money
    to_explain: bool
    items: tuple[WaitingView, ...]
    more: int


def payout_view(tie: PayoutTie) -> PayoutView:
    """A payout with whether it ties."""
    return PayoutView(
        id=tie.id,
        external_id=tie.external_id,
        badge=PAYOUT_BADGES[tie.state],
        amount=tie.amount,
        made_on=tie.created_on,
        by_hand=tie.named is None,
        tied=tie.complete and not tie.difference,
        difference=tie.difference or None,
    )


def movement_view(row: AnyRow, currency: str) -> ItemView:
    """A row of a payout's items."""
    return ItemView(
        external_id=row.external_id,
        words=CATEGORY_WORDS.get(row.category, row.category),
        net=Money(row.net_minor, currency),
        known=row.movement_id is not None,
    )


def standing_views(session: Session, standings: Sequence[Standing]) -> list[StandingView]:
    """What waits, ledger account by ledger account."""
    return [
        StandingView(
            name=each.ledger_account.line.name,
            meaning=each.ledger_account.line.meaning,
            balance=each.balance,
            unnamed=each.unnamed,
            to_explain=each.ledger_account in TO_EXPLAIN,
            items=tuple(_waiting(item, age(session, item)) for item in each.items[:MOST_ITEMS]),
            more=max(len(each.items) - MOST_ITEMS, 0),
        )
        for each in standings
    ]


def _waiting(item: Waiting, days: int) -> WaitingView:
    kind, key = item.subject
    path = PATHS.get(kind)
    return WaitingView(
        words=item.words,
        name=item.name,
        href=path.format(key) if path else None,
        amount=item.amount,
        days=days,
        is_old=days > OLD and not item.decided,
        decided=item.decided,
    )
