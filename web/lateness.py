"""Lateness: late charges as both sites show them: a debit note's working, and what an invoice has borne so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.late_charges import queries
from domain.late_charges.model import ChargeAct, ChargeKind
from domain.late_charges.queries import Working
from domain.policies.interest import Stretch
from domain.receivables.model import InvoiceKind, InvoiceStatus
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money, half_even

KIND_NAMES = {
    ChargeKind.INTEREST: N_("Interest for late payment"),
    ChargeKind.RECOVERY_COST: N_("Fixed charge for late payment"),
}
"""What each kind of late charge is called."""
ACT_NAMES = {
    ChargeAct.CHARGED: N_("Charged"),
    ChargeAct.CORRECTED: N_("Corrected, because more is known"),
    ChargeAct.WAIVED: N_("Waived"),
}
"""What each paper does."""


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a working; `amount` is rounded to be shown, and only the sum of the exact ones counts."""

    first: date
    last: date
    days: int
    principal: Money
    rate: Decimal
    amount: Money


@dataclass(frozen=True, slots=True)
class WorkingView:
    """How a debit note came to its amount."""

    kind: str
    is_interest: bool
    parent_id: int
    parent: str
    due_on: date
    moved_to: date | None
    principal: Money
    through: date
    rows: Sequence[RowView]
    accrued: Money
    charged_before: Money
    charged: Money
    taken_back: Money


@dataclass(frozen=True, slots=True)
class PaperView:
    """A debit note of an invoice's late charges, or what took something of one back."""

    kind: str
    act: str
    debit_note_id: int
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class LatenessView:
    """What an invoice bears: what paying it today would still add (accrued less charged), by which rows; the papers."""

    to_add: Money
    accrued: Money
    charged: Money
    rows: Sequence[RowView]
    papers: Sequence[PaperView]


def working_view(session: Session, row: AnyRow) -> WorkingView | None:
    """The working of a debit note (a row of `receivables.queries`); None for what was not charged by the terms."""
    found = queries.working_of(session, row.id) if row.kind is InvoiceKind.DEBIT_NOTE else None
    return _shown(found) if found else None


def lateness_view(session: Session, row: AnyRow) -> LatenessView | None:
    """What an invoice (a row of `receivables.queries`) bears for being late; None where there is nothing to say."""
    if row.kind is not InvoiceKind.INVOICE or row.status is not InvoiceStatus.ISSUED:
        return None
    accruing = queries.accruing(session, row) if row.open_minor else None
    papers = [
        PaperView(
            KIND_NAMES[paper.kind],
            ACT_NAMES[paper.act],
            paper.debit_note_id,
            paper.credit_note or paper.debit_note,
            Money(paper.amount_minor, paper.currency),
        )
        for paper in queries.of_invoice(session, row.id)
    ]
    nothing = Money.zero(row.currency)
    if accruing is None or not accruing.to_add:
        return LatenessView(nothing, nothing, nothing, [], papers) if papers else None
    return LatenessView(accruing.to_add, accruing.accrued, accruing.charged, row_views(accruing.rows), papers)


def _shown(working: Working) -> WorkingView:
    return WorkingView(
        kind=KIND_NAMES[working.kind],
        is_interest=working.kind is ChargeKind.INTEREST,
        parent_id=working.parent_id,
        parent=working.parent,
        due_on=working.due_on,
        moved_to=working.moved_to,
        principal=working.principal,
        through=working.through,
        rows=row_views(working.rows),
        accrued=working.accrued,
        charged_before=working.charged_before,
        charged=working.charged,
        taken_back=working.taken_back,
    )


def row_views(rows: Sequence[Stretch]) -> list[RowView]:
    """The rows of a working to be shown."""
    return [
        RowView(
            row.first, row.last, row.days, row.principal, row.rate, Money(half_even(row.amount), row.principal.currency)
        )
        for row in rows
    ]
