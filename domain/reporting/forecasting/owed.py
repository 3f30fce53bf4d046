"""Owed: what the invoices of accounts leave to be expected: agreed for a day, due, contested, or expected by nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.plans.model import SIGNED, PaymentPlan, PlanInvoice
from domain.plans.rules import stand
from domain.promises.model import PromisePart, PromiseStatus, PromiseToPay
from domain.receivables.held import held_parts
from domain.receivables.model import Allocation, CreditItem, Invoice, InvoiceStatus
from domain.settlements import queries as settlements
from domain.settlements.model import TO_PAY, OfferInvoice, SettlementOffer
from domain.shared.errors import N_
from domain.stops.model import StopKind

CONTESTED = frozenset({StopKind.DISPUTE, StopKind.CHARGEBACK})
UNLIKELY = frozenset(
    {
        StopKind.PLACEMENT,
        StopKind.INSOLVENCY,
        StopKind.BREATHING_SPACE,
        StopKind.WRITE_OFF,
        StopKind.BARRED,
        StopKind.JUDGMENT,
    }
)
"""What a partner, a court or a receiver has, or nobody can claim: no customer is expected to pay it to us."""


class Apart(StrEnum):
    """What is open and yet in no week."""

    CONTESTED = "contested"
    UNLIKELY = "unlikely"
    CREDIT = "credit"
    GIVEN_UP = "given_up"


APART_NAMES = {
    Apart.CONTESTED: N_("Disputed, or taken back by a bank"),
    Apart.UNLIKELY: N_("With a partner or a court, insolvent, written off: nobody counts on it"),
    Apart.CREDIT: N_("Covered by credit that waits on the account"),
    Apart.GIVEN_UP: N_("Given up by a settlement, or by a plan's rounding"),
}
"""What each is called on the screen."""


@dataclass(slots=True)
class Owed:
    """What is open of an account, in minor units of its currency.

    `due`: all that is expected, by the day on which it is due; `left`: what of that nobody has agreed upon;
    `agreed`: by which day what was agreed is to come.
    """

    account_id: int
    currency: str
    due: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    left: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    agreed: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    apart: dict[Apart, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class _Agreements:
    """Invoices that a plan or an accepted offer pays, promised parts by invoice, and what is agreed by account."""

    invoices: set[int] = field(default_factory=set)
    promised: dict[int, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[int, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))


def owed(session: Session, account_ids: Collection[int]) -> list[Owed]:
    """What is open of each of these accounts that owes anything, in the same number of queries however many they are.

    For each invoice in turn, the oldest due first: what nobody expects, then what is contested, is set apart; what a
    plan or an accepted settlement pays comes by its parts, what was promised on its day, the rest is due. Credit that
    waits on the account pays first.
    """
    rows = session.execute(
        select(Invoice.id, Invoice.account_id, Invoice.currency, Invoice.due_on, Invoice.open_minor)
        .where(
            Invoice.account_id.in_(account_ids),
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
        )
        .order_by(Invoice.account_id, Invoice.due_on, Invoice.id)
    ).all()
    unlikely = held_parts(session, account_ids, UNLIKELY)
    contested = held_parts(session, account_ids, CONTESTED)
    credit, agreements = _credit(session, account_ids), _agreements(session, account_ids)
    found: dict[int, Owed] = {}
    covered: dict[int, int] = defaultdict(int)
    for row in rows:
        book = found.get(row.account_id) or found.setdefault(row.account_id, Owed(row.account_id, row.currency))
        rest = row.open_minor
        for kind, held in ((Apart.UNLIKELY, unlikely), (Apart.CONTESTED, contested)):
            part = min(rest, held[row.id].minor if row.id in held else 0)
            book.apart[kind] += part
            rest -= part
        used = min(rest, credit.get(row.account_id, 0))
        if used:
            credit[row.account_id] -= used
            book.apart[Apart.CREDIT] += used
            rest -= used
        book.due[row.due_on] += rest
        if row.id in agreements.invoices:
            covered[row.account_id] += rest
            continue
        for day, minor in agreements.promised.get(row.id, ()):
            part = min(rest, minor)
            book.agreed[day] += part
            rest -= part
        book.left[row.due_on] += rest
    for account_id, total in covered.items():
        _take_parts(found[account_id], agreements.parts.get(account_id, ()), total)
    return list(found.values())


def _take_parts(book: Owed, parts: Collection[tuple[date, int]], total: int) -> None:
    """Expect the parts that were agreed, up to what is expected of their invoices; what they leave is given up."""
    for day, minor in sorted(parts):
        part = min(minor, total)
        book.agreed[day] += part
        total -= part
    book.apart[Apart.GIVEN_UP] += total


def _credit(session: Session, account_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        select(CreditItem.account_id, func.sum(CreditItem.unapplied_minor).label("minor"))
        .where(CreditItem.account_id.in_(account_ids), CreditItem.unapplied_minor > 0)
        .group_by(CreditItem.account_id)
    )
    return {row.account_id: int(row.minor) for row in rows}


def _agreements(session: Session, account_ids: Collection[int]) -> _Agreements:
    found = _Agreements()
    _add_plans(session, account_ids, found)
    _add_settlements(session, account_ids, found)
    _add_promises(session, account_ids, found)
    return found


def _add_plans(session: Session, account_ids: Collection[int], found: _Agreements) -> None:
    plans: Mapping[int, int] = {
        row.id: row.account_id
        for row in session.execute(
            select(PaymentPlan.id, PaymentPlan.account_id).where(
                PaymentPlan.account_id.in_(account_ids), PaymentPlan.status.in_(SIGNED)
            )
        )
    }
    if not plans:
        return
    found.invoices.update(session.scalars(select(PlanInvoice.invoice_id).where(PlanInvoice.plan_id.in_(plans))))
    for plan_id, standing in stand(session, list(plans)).items():
        found.parts[plans[plan_id]] += [(standing.due_on(part), part.left) for part in standing.parts if part.left > 0]


def _add_settlements(session: Session, account_ids: Collection[int], found: _Agreements) -> None:
    offers: Mapping[int, int] = {
        row.id: row.account_id
        for row in session.execute(
            select(SettlementOffer.id, SettlementOffer.account_id).where(
                SettlementOffer.account_id.in_(account_ids), SettlementOffer.status.in_(TO_PAY)
            )
        )
    }
    if not offers:
        return
    found.invoices.update(session.scalars(select(OfferInvoice.invoice_id).where(OfferInvoice.offer_id.in_(offers))))
    for offer_id, standing in settlements.standings(session, list(offers)).items():
        found.parts[offers[offer_id]] += [(part.due_on, part.left.minor) for part in standing.parts if part.left]


def _add_promises(session: Session, account_ids: Collection[int], found: _Agreements) -> None:
    """What of each open promise has not come yet: its parts less what was allocated to them since it was made."""
    came = (
        select(func.coalesce(func.sum(Allocation.amount_minor), 0))
        .where(Allocation.invoice_id == PromisePart.invoice_id, Allocation.id > PromiseToPay.made_after_id)
        .correlate(PromisePart, PromiseToPay)
        .scalar_subquery()
    )
    rows = session.execute(
        select(PromisePart.invoice_id, PromiseToPay.promised_on, PromisePart.amount_minor, came.label("came"))
        .join(PromiseToPay, PromiseToPay.id == PromisePart.promise_id)
        .where(PromiseToPay.account_id.in_(account_ids), PromiseToPay.status == PromiseStatus.OPEN)
        .order_by(PromiseToPay.promised_on, PromisePart.id)
    )
    for row in rows:
        minor = row.amount_minor - max(int(row.came), 0)
        if minor > 0:
            found.promised[row.invoice_id].append((row.promised_on, minor))
