"""Settlements as both sites show them: how much instead of how much, until when, how it stands, and its invoices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.settlements.brackets import percent_given_up
from domain.settlements.model import OFFER_NAMES, TO_PAY, OfferStatus
from domain.settlements.queries import Standing
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money

KINDS = {
    OfferStatus.AWAITING_APPROVAL: "waiting",
    OfferStatus.OFFERED: "offer",
    OfferStatus.ACCEPTED: "waiting",
    OfferStatus.FULFILLED: "paid",
    OfferStatus.REOPENED: "late",
    OfferStatus.BROKEN: "late",
    OfferStatus.DECLINED: "void",
    OfferStatus.EXPIRED: "void",
    OfferStatus.WITHDRAWN: "void",
}
STATUS_BADGES = {status: (kind, OFFER_NAMES[status]) for status, kind in KINDS.items()}
"""How each state is shown."""


@dataclass(frozen=True, slots=True)
class SettledInvoice:
    """An invoice of an offer: what was open on it when it was made, and what is now."""

    id: int
    number: str
    due_on: date
    offered: Money
    open: Money


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer in a list or on its own page."""

    id: int
    account_id: int
    account_name: str
    account_number: str
    status: OfferStatus
    amount: Money
    owed: Money
    most_parts: int
    expires_on: date
    reason: str
    made_at: datetime
    accepted_on: date | None
    ended_at: datetime | None
    placement_id: int | None = None
    invoices: Sequence[SettledInvoice] = ()
    standing: Standing | None = None

    @property
    def path(self) -> str:
        """Where its page is in the back office; in the portal it stands below the account's."""
        return f"/settlements/{self.id}"

    @property
    def saving(self) -> Money:
        """What is given up."""
        return self.owed - self.amount

    @property
    def percent(self) -> int:
        """What is given up, in per cent."""
        return percent_given_up(self.owed, self.amount)

    @property
    def badge(self) -> tuple[str, str]:
        """How its state is shown."""
        return STATUS_BADGES[self.status]

    @property
    def is_offered(self) -> bool:
        """Whether it can be accepted."""
        return self.status is OfferStatus.OFFERED

    @property
    def is_to_pay(self) -> bool:
        """Whether something of it is to be paid."""
        return self.status in TO_PAY


def offer_view(row: AnyRow, invoices: Iterable[AnyRow] = (), standing: Standing | None = None) -> OfferView:
    """A row of `settlements.queries`, and of its invoices where they are shown, as its template wants it."""
    return OfferView(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account_name,
        account_number=row.account_number,
        status=row.status,
        amount=Money(row.amount_minor, row.currency),
        owed=Money(row.open_minor, row.currency),
        most_parts=row.most_parts,
        expires_on=row.expires_on,
        reason=row.reason,
        made_at=row.made_at,
        accepted_on=row.accepted_on,
        ended_at=row.ended_at,
        placement_id=row.placement_id,
        invoices=[
            SettledInvoice(
                each.id,
                each.number,
                each.due_on,
                Money(each.offered_minor, row.currency),
                Money(each.open_minor, row.currency),
            )
            for each in invoices
        ],
        standing=standing,
    )
