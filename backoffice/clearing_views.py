"""Clearing views: payouts, movements and what waits, as their templates want them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.clearing.categories import CATEGORY_WORDS
from domain.clearing.tie_out import PayoutTie
from domain.ledger.chart import LedgerAccount
from domain.payments.snapshots import PayoutState
from domain.reporting.adding_up import AddingUp
from domain.reporting.waiting_money import TO_EXPLAIN, Standing, Waiting, age
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money

MOST_ITEMS = 20
"""Things that wait which a list shows; the rest is counted."""
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
GAP_WORDS = {
    "day": N_("{about}: the processor, our books or customers' accounts differ"),
    "payout": N_("Payout {about}: what is named in it is not what was sent"),
    "standing": N_("{about}: some of it belongs to nothing that we know"),
}
"""What does not add up, said of a day, a payout and a ledger account."""


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
    """One thing that waits; `place` says where it stands, `href` where it has a page."""

    words: str
    name: str
    place: str
    href: str | None
    amount: Money
    days: int
    is_old: bool


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Things that wait, the oldest first; `more` younger ones are not shown."""

    items: tuple[WaitingView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class GapView:
    """One thing that does not add up: what it is, as a message id with its `about`, and by how much it is off."""

    words: str
    about: date | str
    href: str | None
    amount: Money


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


def gap_views(found: AddingUp) -> list[GapView]:
    """Everything that does not add up."""
    ties = {tie.external_id: tie.id for tie in found.payouts}
    views = []
    for gap in found.gaps:
        kind = gap.name.partition(":")[0]
        about: date | str = gap.about
        if kind == "day":
            about = date.fromisoformat(gap.about)
        elif kind == "standing":
            about = LedgerAccount(gap.about).line.name
        href = PATHS["payout"].format(ties[gap.about]) if kind == "payout" else None
        views.append(GapView(GAP_WORDS[kind], about, href, max(gap.amount, -gap.amount)))
    return views


def waiting_list(
    session: Session, standings: Sequence[Standing], which: Callable[[Standing, Waiting], bool]
) -> WaitingList:
    """Those of all the things that wait, on whatever ledger account, for which `which` holds."""
    found = [(standing, item) for standing in standings for item in standing.items if which(standing, item)]
    found.sort(key=lambda pair: (pair[1].since, pair[1].name))
    shown = tuple(_waiting(standing, item, age(session, item)) for standing, item in found[:MOST_ITEMS])
    return WaitingList(shown, len(found) - len(shown))


def to_explain(standing: Standing, item: Waiting) -> bool:
    """Whether a person has to say what it is."""
    return standing.ledger_account in TO_EXPLAIN and not item.decided


def on_its_way(standing: Standing, item: Waiting) -> bool:
    """Whether it goes on by itself."""
    return standing.ledger_account not in TO_EXPLAIN


def decided(standing: Standing, item: Waiting) -> bool:
    """Whether a person has said that it stays where it is."""
    return item.decided


def _waiting(standing: Standing, item: Waiting, days: int) -> WaitingView:
    kind, key = item.subject
    path = PATHS.get(kind)
    return WaitingView(
        words=item.words,
        name=item.name,
        place=standing.ledger_account.line.name,
        href=path.format(key) if path else None,
        amount=standing.as_read(item.amount),
        days=days,
        is_old=days > OLD,
    )
