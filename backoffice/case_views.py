"""Case views: legal cases as lists and pages show them, with their invoices, steps, costs and history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from backoffice.wording import Doer
from domain.legal_cases.model import (
    CASE_NAMES,
    CASE_OUTCOMES,
    STEP_NAMES,
    CaseOutcome,
    CaseStatus,
    CourtCost,
    LegalStep,
)
from domain.legal_cases.naming import reference_of
from domain.legal_cases.stepping import AHEAD
from domain.placements.naming import percent_of
from domain.receivables.model import InvoiceKind
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money

KINDS = {
    CaseStatus.PREPARED: "draft",
    CaseStatus.FILED: "waiting",
    CaseStatus.JUDGMENT: "accent",
    CaseStatus.ENFORCING: "work",
    CaseStatus.CLOSED: "void",
}


@dataclass(frozen=True, slots=True)
class CaseView:
    """A legal case in a list or at the head of its page."""

    id: int
    reference: str
    account_id: int
    account_name: str
    placement_id: int | None
    status: CaseStatus
    badge: tuple[str, str]
    outcome: str | None
    court: str
    number: str | None
    claimed: Money
    open: Money
    filed_on: date | None
    judgment_on: date | None
    judgment: Money | None
    costs: Money | None
    percent: Decimal | None
    next_on: date | None
    note: str | None
    opened_at: datetime

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/cases/{self.id}"


@dataclass(frozen=True, slots=True)
class CaseInvoiceView:
    """An invoice of a case, or a debit note that it has brought: what was claimed of it, and what is open."""

    id: int
    number: str
    is_brought: bool
    can_bear: bool
    description: str | None
    due_on: date
    claimed: Money
    open: Money


@dataclass(frozen=True, slots=True)
class StepView:
    """A step: what is to be done by when, or what came of it."""

    id: int
    kind: str
    what: str
    due_on: date | None
    badge: tuple[str, str] | None
    done_on: date | None
    came_of_it: str | None
    document_id: int | None


@dataclass(frozen=True, slots=True)
class CostView:
    """What we paid for a case."""

    what: str
    paid_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class CaseChangeView:
    """One change of a case's state, as the history shows it."""

    at: datetime
    why: str | None


def case_view(row: AnyRow) -> CaseView:
    """A row of `legal_cases.queries`."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, row.currency)

    return CaseView(
        id=row.id,
        reference=reference_of(row.id),
        account_id=row.account_id,
        account_name=row.account_name,
        placement_id=row.placement_id,
        status=row.status,
        badge=("paid" if row.outcome is CaseOutcome.PAID else KINDS[row.status], CASE_NAMES[row.status]),
        outcome=CASE_OUTCOMES[row.outcome] if row.outcome else None,
        court=row.court,
        number=row.number,
        claimed=Money(row.claimed_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        filed_on=row.filed_on,
        judgment_on=row.judgment_on,
        judgment=money(row.judgment_minor),
        costs=money(row.costs_minor),
        percent=None if row.rate_bp is None else percent_of(row.rate_bp),
        next_on=row.next_on,
        note=row.note,
        opened_at=row.opened_at,
    )


def case_invoice_views(rows: Iterable[AnyRow]) -> list[CaseInvoiceView]:
    """The rows of `queries.invoices`."""
    return [
        CaseInvoiceView(
            id=row.id,
            number=row.number,
            is_brought=row.claimed_minor is None,
            can_bear=row.kind is InvoiceKind.INVOICE,
            description=row.description,
            due_on=row.due_on,
            claimed=Money(row.amount_minor if row.claimed_minor is None else row.claimed_minor, row.currency),
            open=Money(row.open_minor, row.currency),
        )
        for row in rows
    ]


def step_views(steps: Iterable[LegalStep], day: date) -> list[StepView]:
    """Steps, those to be done with how near their day is."""
    return [
        StepView(
            id=step.id,
            kind=STEP_NAMES[step.kind],
            what=step.what,
            due_on=step.due_on,
            badge=_badge(step, day),
            done_on=step.done_on,
            came_of_it=step.came_of_it,
            document_id=step.document_id,
        )
        for step in steps
    ]


def _badge(step: LegalStep, day: date) -> tuple[str, str] | None:
    if step.done_on is not None or step.due_on is None or step.due_on - AHEAD > day:
        return None
    return ("late", N_("Late")) if step.due_on < day else ("soon", N_("Soon"))


def cost_views(costs: Iterable[CourtCost]) -> list[CostView]:
    """What was paid, in turn."""
    return [CostView(cost.what, cost.paid_on, cost.amount) for cost in costs]


def case_history(rows: Sequence[tuple[AnyRow, Doer]]) -> list[tuple[CaseChangeView, tuple[str, str], Doer]]:
    """The history, for `records.history_panel`."""
    return [(CaseChangeView(row.at, row.why), (KINDS[row.after], CASE_NAMES[row.after]), who) for row, who in rows]
