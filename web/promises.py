"""Promises as both sites show them: how much by when, how it stands, and of which invoices it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.promises.model import PROMISE_NAMES, PromiseStatus
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money

KINDS = {
    PromiseStatus.OPEN: "waiting",
    PromiseStatus.KEPT: "paid",
    PromiseStatus.BROKEN: "late",
    PromiseStatus.WITHDRAWN: "void",
    PromiseStatus.REPLACED: "void",
}
STATUS_BADGES = {status: (kind, PROMISE_NAMES[status]) for status, kind in KINDS.items()}
"""How each state is shown."""


@dataclass(frozen=True, slots=True)
class PromisedPart:
    """How much of one invoice is promised, and what is open of it now."""

    invoice_id: int
    number: str
    due_on: date
    amount: Money
    open: Money


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise in a list or on its own page."""

    id: int
    account_id: int
    account_name: str
    amount: Money
    promised_on: date
    badge: tuple[str, str]
    is_open: bool
    is_broken: bool
    words: str | None
    made_at: datetime
    made_by: str | None
    by_link: bool
    """Whether whoever made it held a link out of a notice, so that nobody knows who it was."""
    ended_at: datetime | None
    parts: tuple[PromisedPart, ...]

    @property
    def path(self) -> str:
        """Where its page is in the back office; in the portal it stands below the account's."""
        return f"/promises/{self.id}"

    @property
    def open(self) -> Money:
        """What is open of its invoices, up to what was promised of each."""
        return Money.sum((min(part.amount, part.open) for part in self.parts), self.amount.currency)


def promise_view(row: AnyRow, parts: Iterable[AnyRow] = ()) -> PromiseView:
    """A row of `promises.queries`, and of its parts where they are shown, as its template wants it."""
    return PromiseView(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account_name,
        amount=Money(row.amount_minor, row.currency),
        promised_on=row.promised_on,
        badge=STATUS_BADGES[row.status],
        is_open=row.status is PromiseStatus.OPEN,
        is_broken=row.status is PromiseStatus.BROKEN,
        words=row.words,
        made_at=row.made_at,
        made_by=row.made_by_name,
        by_link=row.pay_link_id is not None,
        ended_at=row.ended_at,
        parts=tuple(
            PromisedPart(
                invoice_id=part.invoice_id,
                number=part.number,
                due_on=part.due_on,
                amount=Money(part.amount_minor, row.currency),
                open=Money(part.open_minor, row.currency),
            )
            for part in parts
        ),
    )
