"""Stages of recovery in numbers: what entered each one in a period, what was collected in it, and what that cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from domain.legal_cases.model import CaseInvoice, CourtCost, LegalCase
from domain.notices.model import WENT_OUT, Notice, NoticePart
from domain.placements.model import Placement, PlacementInvoice
from domain.plans.model import PaymentPlan, PlanInvoice
from domain.policies.contacting import CHASING
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.remittances.model import CostStatus, PlacedCollection, PlacementCost
from domain.reporting.brought.spans import Entry, Stage, collected
from domain.settlements.model import OfferInvoice, SettlementOffer
from domain.shared.chunking import chunks
from domain.shared.clock import day_in, end_of_day, start_of_day
from domain.shared.db.session import business
from domain.shared.money import Money
from domain.write_offs.model import WriteOff, WriteOffStatus

AnySelect = Select[*tuple[Any, ...]]
WRITTEN = (WriteOffStatus.STANDING, WriteOffStatus.RECOVERED, WriteOffStatus.RELEASED)
"""What was written off in the books, or for good, and was not taken back."""
WRITTEN_ON = func.coalesce(WriteOff.written_on, WriteOff.released_on)


@dataclass(frozen=True, slots=True)
class Entered:
    """One invoice that entered a stage in the period, and what was collected of it there until now."""

    entry: Entry
    account_id: int
    number: str
    entered: Money
    came: Money


@dataclass(frozen=True, slots=True)
class Costs:
    """What a stage took in one currency: commission on what partners collected, and what they and courts cost."""

    commission: Money
    costs: Money


def entered(session: Session, first: date, last: date, stage: Stage | None = None) -> Iterator[Entered]:
    """Every invoice that entered a stage (this one, or any) in the period; a few queries for every two thousand."""
    zone = business(session).time_zone
    of_period: list[Entry] = []
    for each in Stage if stage is None else (stage,):
        of_period += _entries(session, each, zone, _in_period(each, first, last, zone))
    by_invoice: dict[int, list[Entry]] = defaultdict(list)
    for entry in of_period:
        by_invoice[entry.invoice_id].append(entry)
    for ids in chunks(sorted(by_invoice)):
        every: dict[int, list[Entry]] = defaultdict(list)
        for each in Stage:
            for entry in _entries(session, each, zone, _INVOICE[each].in_(ids)):
                every[entry.invoice_id].append(entry)
        paid = _paid(session, ids)
        for row in session.execute(_INVOICES.where(Invoice.id.in_(ids)).order_by(Invoice.id)):
            came = collected(every[row.id], paid.get(row.id, ()))
            for entry in by_invoice[row.id]:
                yield Entered(
                    entry,
                    row.account_id,
                    row.number,
                    Money(entry.minor, row.currency),
                    Money(came.get(entry, 0), row.currency),
                )


def costs(session: Session, first: date, last: date) -> dict[tuple[Stage, str], Costs]:
    """What the handoffs sent, and the cases opened, in the period have taken until now, by stage and currency."""
    zone = business(session).time_zone
    placed = _in_period(Stage.PARTNER, first, last, zone)
    commission = _sums(
        session,
        select(PlacedCollection.currency, func.sum(PlacedCollection.commission_minor).label("minor"))
        .join(Placement, Placement.id == PlacedCollection.placement_id)
        .where(placed)
        .group_by(PlacedCollection.currency),
    )
    spent = _sums(
        session,
        select(Placement.currency, func.sum(PlacementCost.amount_minor).label("minor"))
        .join(Placement, Placement.id == PlacementCost.placement_id)
        .where(placed, PlacementCost.status == CostStatus.ACCEPTED)
        .group_by(Placement.currency),
    )
    court = _sums(
        session,
        select(CourtCost.currency, func.sum(CourtCost.amount_minor).label("minor"))
        .join(LegalCase, LegalCase.id == CourtCost.case_id)
        .where(_in_period(Stage.COURT, first, last, zone))
        .group_by(CourtCost.currency),
    )
    found = {
        (Stage.PARTNER, each): Costs(Money(commission.get(each, 0), each), Money(spent.get(each, 0), each))
        for each in {*commission, *spent}
    }
    return found | {(Stage.COURT, each): Costs(Money.zero(each), Money(minor, each)) for each, minor in court.items()}


_INVOICES = select(Invoice.id, Invoice.account_id, Invoice.number, Invoice.currency)
_earlier, _earlier_part = aliased(Notice), aliased(NoticePart)
_IS_FIRST = ~exists().where(
    _earlier_part.invoice_id == NoticePart.invoice_id,
    _earlier.id == _earlier_part.notice_id,
    _earlier.id < Notice.id,
    _earlier.status.in_(WENT_OUT),
    _earlier.wording.in_(CHASING),
    _earlier_part.step_day > 0,
)
_REMINDS = and_(Notice.status.in_(WENT_OUT), Notice.wording.in_(CHASING), NoticePart.step_day > 0, _IS_FIRST)
_QUERIES: Mapping[Stage, AnySelect] = {
    Stage.REMINDED: select(
        NoticePart.invoice_id, Notice.id.label("subject_id"), Notice.decided_on.label("at"), NoticePart.asked_minor
    )
    .join(NoticePart, NoticePart.notice_id == Notice.id)
    .where(_REMINDS),
    Stage.PLAN: select(
        PlanInvoice.invoice_id, PaymentPlan.id.label("subject_id"), PaymentPlan.signed_on, PlanInvoice.open_minor
    )
    .join(PlanInvoice, PlanInvoice.plan_id == PaymentPlan.id)
    .where(PaymentPlan.signed_on.is_not(None)),
    Stage.SETTLEMENT: select(
        OfferInvoice.invoice_id,
        SettlementOffer.id.label("subject_id"),
        SettlementOffer.accepted_on,
        OfferInvoice.open_minor,
    )
    .join(OfferInvoice, OfferInvoice.offer_id == SettlementOffer.id)
    .where(SettlementOffer.accepted_on.is_not(None)),
    Stage.PARTNER: select(
        PlacementInvoice.invoice_id, Placement.id.label("subject_id"), Placement.sent_at, PlacementInvoice.placed_minor
    )
    .join(PlacementInvoice, PlacementInvoice.placement_id == Placement.id)
    .where(Placement.sent_at.is_not(None), PlacementInvoice.placed_minor.is_not(None)),
    Stage.COURT: select(
        CaseInvoice.invoice_id, LegalCase.id.label("subject_id"), LegalCase.opened_at, CaseInvoice.claimed_minor
    ).join(CaseInvoice, CaseInvoice.case_id == LegalCase.id),
    Stage.WRITTEN_OFF: select(
        WriteOff.invoice_id, WriteOff.id.label("subject_id"), WRITTEN_ON.label("at"), WriteOff.amount_minor
    ).where(WriteOff.status.in_(WRITTEN)),
}
"""Who entered each stage: the invoice, by what, when, and how much of it was open."""
_INVOICE: Mapping[Stage, Any] = {
    Stage.REMINDED: NoticePart.invoice_id,
    Stage.PLAN: PlanInvoice.invoice_id,
    Stage.SETTLEMENT: OfferInvoice.invoice_id,
    Stage.PARTNER: PlacementInvoice.invoice_id,
    Stage.COURT: CaseInvoice.invoice_id,
    Stage.WRITTEN_OFF: WriteOff.invoice_id,
}
_WHEN: Mapping[Stage, Any] = {
    Stage.REMINDED: Notice.decided_on,
    Stage.PLAN: PaymentPlan.signed_on,
    Stage.SETTLEMENT: SettlementOffer.accepted_on,
    Stage.PARTNER: Placement.sent_at,
    Stage.COURT: LegalCase.opened_at,
    Stage.WRITTEN_OFF: WRITTEN_ON,
}


def _in_period(stage: Stage, first: date, last: date, zone: str) -> ColumnElement[bool]:
    column = _WHEN[stage]
    if stage in {Stage.PARTNER, Stage.COURT}:
        return and_(column >= start_of_day(first, zone), column < end_of_day(last, zone))
    within: ColumnElement[bool] = column.between(first, last)
    return within


def _entries(session: Session, stage: Stage, zone: str, where: ColumnElement[bool]) -> list[Entry]:
    rows = session.execute(_QUERIES[stage].where(where))
    return [
        Entry(invoice_id, stage, subject_id, day_in(at, zone) if isinstance(at, datetime) else at, minor)
        for invoice_id, subject_id, at, minor in rows
        if minor
    ]


def _paid(session: Session, invoice_ids: Collection[int]) -> dict[int, list[tuple[date, int]]]:
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = session.execute(
        select(Allocation.invoice_id, Allocation.effective_on, Allocation.amount_minor)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Allocation.invoice_id.in_(invoice_ids), CreditItem.kind == CreditKind.PAYMENT)
    )
    for row in rows:
        found[row.invoice_id].append((row.effective_on, row.amount_minor))
    return found


def _sums(session: Session, query: AnySelect) -> dict[str, int]:
    return {row.currency: int(row.minor) for row in session.execute(query)}
