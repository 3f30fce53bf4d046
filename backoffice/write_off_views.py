"""Write-off views: what the pages of write-offs show of one, and of what came in for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.write_offs import relief
from domain.write_offs.model import WRITE_OFF_KINDS, WRITE_OFF_NAMES, WriteOffStatus
from domain.write_offs.tracing import MONEY

KINDS = {
    WriteOffStatus.PROPOSED: "waiting",
    WriteOffStatus.DECLINED: "void",
    WriteOffStatus.DROPPED: "void",
    WriteOffStatus.STANDING: "late",
    WriteOffStatus.RECOVERED: "paid",
    WriteOffStatus.RELEASED: "failed",
    WriteOffStatus.TAKEN_BACK: "void",
}
STATUS_BADGES = {status: (kind, WRITE_OFF_NAMES[status]) for status, kind in KINDS.items()}
"""How each state is shown."""
BY_ITSELF = {"void": N_("The invoice was withdrawn.")}
"""Why a state changed by itself."""


@dataclass(frozen=True, slots=True)
class WriteOffView:
    """A write-off in a list or at the head of its page.

    `claimable` is the tax that can be claimed back between the days `from_on` and `until_on`; nothing where it was,
    or where there is no such relief.
    """

    id: int
    path: str
    account_id: int
    account_name: str
    invoice_id: int
    invoice_number: str
    due_on: date
    kind: str
    status: WriteOffStatus
    badge: tuple[str, str]
    amount: Money
    left: Money
    tax: Money
    open: Money
    reason: str
    since: date | datetime
    claimable: Money
    from_on: date | None
    until_on: date | None
    relieved: Money | None
    relieved_on: date | None


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """What came in for a write-off on a day, or was credited, and the tax that was repaid with it."""

    on: date
    words: str
    amount: Money
    repaid: Money


def write_off_view(session: Session, row: AnyRow) -> WriteOffView:
    """A row of `write_offs.queries`."""
    days = relief.days_of(session, row)
    return WriteOffView(
        id=row.id,
        path=f"/write-offs/{row.id}",
        account_id=row.account_id,
        account_name=row.account_name,
        invoice_id=row.invoice_id,
        invoice_number=row.invoice_number,
        due_on=row.due_on,
        kind=WRITE_OFF_KINDS[row.kind],
        status=row.status,
        badge=STATUS_BADGES[row.status],
        amount=Money(row.amount_minor, row.currency),
        left=Money(row.left_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        reason=row.reason,
        since=row.released_on or row.ended_at or row.written_on or row.proposed_at,
        claimable=_claimable(row) if days else Money.zero(row.currency),
        from_on=days and days[0],
        until_on=days and days[1],
        relieved=None if row.relieved_minor is None else Money(row.relieved_minor, row.currency),
        relieved_on=row.relieved_on,
    )


def recovery_views(rows: Iterable[AnyRow], currency: str) -> list[RecoveryView]:
    """The rows of `queries.recoveries`."""
    return [
        RecoveryView(
            row.effective_on, _words(row), Money(row.amount_minor, currency), Money(row.relief_minor, currency)
        )
        for row in rows
    ]


def _claimable(row: AnyRow) -> Money:
    if row.relieved_minor is not None or row.status not in relief.CLAIMABLE:
        return Money.zero(row.currency)
    return relief.claimable(row)


def _words(row: AnyRow) -> str:
    if row.kind in MONEY:
        return N_("Came in") if row.amount_minor > 0 else N_("Went again")
    return N_("Credited") if row.amount_minor > 0 else N_("No longer credited")
