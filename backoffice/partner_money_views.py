"""Partner money views: what stands between us and a partner, as its pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.placements.model import Remits
from domain.placements.naming import reference_of
from domain.remittances.model import (
    COST_NAMES,
    DIFFERENCE_NAMES,
    PAID_FROM_NAMES,
    REMITTANCE_NAMES,
    WAY_NAMES,
    CostStatus,
    Difference,
    RemittanceStatus,
    Way,
)
from domain.remittances.statement import LINE_NAMES, PartnerStatement, Stand, StatementLine
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money

REMITTANCE_KINDS = {
    RemittanceStatus.TOLD: "waiting",
    RemittanceStatus.BANKED: "paid",
    RemittanceStatus.WITHDRAWN: "void",
}
DIFFERENCE_KINDS = {
    Difference.NONE: "paid",
    Difference.OPEN: "late",
    Difference.ACCEPTED: "void",
    Difference.MADE_GOOD: "paid",
}
COST_KINDS = {CostStatus.TOLD: "waiting", CostStatus.ACCEPTED: "paid", CostStatus.REFUSED: "void"}


@dataclass(frozen=True, slots=True)
class StandView:
    """What stands between us and a partner in one currency."""

    currency: str
    due: Money
    accrued: Money
    payable: Money


@dataclass(frozen=True, slots=True)
class Collected:
    """Money that came in on a placement, or below zero what of it went back, with what is taken of it."""

    id: int
    placement: str
    placement_path: str
    account_name: str
    way: str
    by_agent: bool
    reference: str | None
    received_on: date
    amount: Money
    commission: Money
    tax: Money
    is_back: bool
    went_back: bool
    remittance_id: int | None

    @property
    def fee(self) -> Money:
        """Commission and tax together."""
        return self.commission + self.tax

    @property
    def rest(self) -> Money:
        """What is left of it once both are kept."""
        return self.amount - self.fee

    @property
    def may_bounce(self) -> bool:
        """Whether the partner may tell that it went back."""
        return self.by_agent and not self.is_back and not self.went_back


@dataclass(frozen=True, slots=True)
class RemittanceView:
    """A remittance in a list or at the head of its page; `missing` is what of it is missing by the card."""

    id: int
    partner_id: int
    partner_name: str
    reference: str
    currency: str
    is_net: bool
    remitted_on: date
    paid: Money
    status: RemittanceStatus
    badge: tuple[str, str]
    banked_on: date | None
    by_line: int | None
    difference: tuple[str, str]
    is_open: bool
    missing: Money
    corrected_by: int | None

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/remittances/{self.id}"

    @property
    def is_awaited(self) -> bool:
        """Whether its money has not come."""
        return self.status is RemittanceStatus.TOLD


@dataclass(frozen=True, slots=True)
class RemittedLine:
    """A line of a remittance: what the partner states, and its card (None: it puts an earlier one right)."""

    about: str
    path: str
    account_name: str | None
    received_on: date | None
    amount: Money
    commission: Money
    tax: Money
    card: tuple[Money, Money] | None

    @property
    def over(self) -> Money:
        """How much more than the card says was kept."""
        if self.card is None:
            return Money.zero(self.amount.currency)
        return self.commission + self.tax - self.card[0] - self.card[1]


@dataclass(frozen=True, slots=True)
class CommissionInvoiceView:
    """A partner's invoice; `over` is what it asks for beside the card."""

    id: int
    partner_id: int
    partner_name: str
    reference: str
    currency: str
    invoiced_on: date
    net: Money
    tax: Money
    difference: tuple[str, str]
    is_open: bool
    over: Money

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/commission-invoices/{self.id}"

    @property
    def by_card(self) -> Money:
        """What the card says, tax included."""
        return self.net + self.tax - self.over


@dataclass(frozen=True, slots=True)
class CostView:
    """What a partner has spent, and what became of it."""

    id: int
    partner_id: int
    partner_name: str
    placement: str
    placement_path: str
    account_id: int
    account_name: str
    reference: str
    amount: Money
    spent_on: date
    what: str
    badge: tuple[str, str]
    to_decide: bool
    why: str | None

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/partner-costs/{self.id}"


@dataclass(frozen=True, slots=True)
class PaidView:
    """A payment to a partner."""

    amount: Money
    paid_on: date
    paid_from: str
    note: str | None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line of a partner's statement, with where to look."""

    on: date
    words: str
    reference: str
    path: str | None
    moved: Stand


def stand_views(standing: Mapping[str, Stand]) -> list[StandView]:
    """What `statement.standing` says, by currency."""
    return [StandView(currency, one.due, one.accrued, one.payable) for currency, one in standing.items()]


def collected_view(row: AnyRow) -> Collected:
    """A row of collections of `remittances.listing`."""
    return Collected(
        id=row.id,
        placement=reference_of(row.placement_id),
        placement_path=f"/handoffs/{row.placement_id}",
        account_name=row.account_name,
        way=WAY_NAMES[row.way],
        by_agent=row.way is Way.AGENT,
        reference=row.reference,
        received_on=row.received_on,
        amount=Money(row.amount_minor, row.currency),
        commission=Money(row.commission_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        is_back=row.reverses_id is not None,
        went_back=row.went_back,
        remittance_id=row.remittance_id,
    )


def remittance_view(row: AnyRow) -> RemittanceView:
    """A remittance of `remittances.listing`."""
    return RemittanceView(
        id=row.id,
        partner_id=row.partner_id,
        partner_name=row.partner_name,
        reference=row.reference,
        currency=row.currency,
        is_net=row.remits is Remits.NET,
        remitted_on=row.remitted_on,
        paid=Money(row.paid_minor, row.currency),
        status=row.status,
        badge=(REMITTANCE_KINDS[row.status], REMITTANCE_NAMES[row.status]),
        banked_on=row.banked_on,
        by_line=row.bank_line_id,
        difference=(DIFFERENCE_KINDS[row.difference], DIFFERENCE_NAMES[row.difference]),
        is_open=row.difference is Difference.OPEN,
        missing=Money(row.difference_minor, row.currency),
        corrected_by=row.corrected_by_id,
    )


def line_views(rows: Iterable[AnyRow], currency: str) -> list[RemittedLine]:
    """The lines of a remittance, in its currency."""
    return [_line(row, currency) for row in rows]


def _line(row: AnyRow, currency: str) -> RemittedLine:
    corrects = row.corrects_id is not None
    card = (row.card_commission_minor, row.card_tax_minor)
    return RemittedLine(
        about=row.corrects_reference if corrects else reference_of(row.placement_id),
        path=f"/remittances/{row.corrects_id}" if corrects else f"/handoffs/{row.placement_id}",
        account_name=row.account_name,
        received_on=row.received_on,
        amount=Money(row.amount_minor, currency),
        commission=Money(row.commission_minor, currency),
        tax=Money(row.tax_minor, currency),
        card=None if corrects else (Money(card[0], currency), Money(card[1], currency)),
    )


def commission_invoice_view(row: AnyRow) -> CommissionInvoiceView:
    """An invoice of `remittances.listing`."""
    return CommissionInvoiceView(
        id=row.id,
        partner_id=row.partner_id,
        partner_name=row.partner_name,
        reference=row.reference,
        currency=row.currency,
        invoiced_on=row.invoiced_on,
        net=Money(row.net_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        difference=(DIFFERENCE_KINDS[row.difference], DIFFERENCE_NAMES[row.difference]),
        is_open=row.difference is Difference.OPEN,
        over=Money(row.difference_minor, row.currency),
    )


def cost_view(row: AnyRow) -> CostView:
    """A cost of `remittances.listing`."""
    return CostView(
        id=row.id,
        partner_id=row.partner_id,
        partner_name=row.partner_name,
        placement=reference_of(row.placement_id),
        placement_path=f"/handoffs/{row.placement_id}",
        account_id=row.account_id,
        account_name=row.account_name,
        reference=row.reference,
        amount=Money(row.amount_minor, row.currency),
        spent_on=row.spent_on,
        what=row.what,
        badge=(COST_KINDS[row.status], COST_NAMES[row.status]),
        to_decide=row.status is CostStatus.TOLD,
        why=row.why,
    )


def paid_view(row: AnyRow) -> PaidView:
    """A payment of `remittances.listing`."""
    return PaidView(Money(row.amount_minor, row.currency), row.paid_on, PAID_FROM_NAMES[row.paid_from], row.note)


def statement_rows(found: PartnerStatement) -> list[StatementRow]:
    """The lines of a statement."""
    return [_statement_row(line) for line in found.lines]


def _statement_row(line: StatementLine) -> StatementRow:
    path = None if line.placement_id is None else f"/handoffs/{line.placement_id}"
    return StatementRow(line.on, LINE_NAMES[line.kind], line.reference, path, line.moved)
