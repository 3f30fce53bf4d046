"""Agreements: what of an account's open invoices a signed plan or an accepted offer to settle pays, and when.

Nobody asks for the full sum of an invoice while its agreement stands: only for what is due of the agreement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from domain.plans.model import RUNNING, SIGNED, PaymentPlan, PlanInvoice, PlanStatus
from domain.plans.rules import stand
from domain.plans.standing import Standing as PlanStanding
from domain.receivables.allocating import Limit
from domain.receivables.model import Invoice, InvoiceStatus
from domain.settlements.model import TO_PAY, OfferInvoice, OfferStatus, SettlementOffer
from domain.settlements.queries import Standing as OfferStanding
from domain.settlements.queries import standings
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

_OPEN = (Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
_SHOWN = (Invoice.id, Invoice.due_on, Invoice.currency, Invoice.open_minor)
ON_PLANS = (
    select(PaymentPlan.account_id, PaymentPlan.id.label("agreement_id"), *_SHOWN, PaymentPlan.status.label("state"))
    .join(PlanInvoice, PlanInvoice.plan_id == PaymentPlan.id)
    .join(Invoice, Invoice.id == PlanInvoice.invoice_id)
    .where(PaymentPlan.account_id.in_(bindparam("accounts", expanding=True)), PaymentPlan.status.in_(SIGNED), *_OPEN)
    .order_by(PaymentPlan.id, Invoice.due_on, Invoice.id)
)
"""The open invoices of the signed plans that live, the oldest due first."""
BEING_SETTLED = (
    select(
        SettlementOffer.account_id,
        SettlementOffer.id.label("agreement_id"),
        *_SHOWN,
        SettlementOffer.status.label("state"),
    )
    .join(OfferInvoice, OfferInvoice.offer_id == SettlementOffer.id)
    .join(Invoice, Invoice.id == OfferInvoice.invoice_id)
    .where(
        SettlementOffer.account_id.in_(bindparam("accounts", expanding=True)),
        SettlementOffer.status.in_(TO_PAY),
        *_OPEN,
    )
    .order_by(SettlementOffer.id, Invoice.due_on, Invoice.id)
)
"""The same of accepted offers to settle."""
Covering = Select[int, int, int, date, str, int, PlanStatus] | Select[int, int, int, date, str, int, OfferStatus]


class Kind(StrEnum):
    """What was agreed."""

    PLAN = "plan"
    SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class Covered:
    """An open invoice that an agreement is about; `part` is what the next payment of a settlement pays of it."""

    id: int
    due_on: date
    open: Money
    part: Money


@dataclass(frozen=True, slots=True)
class Agreement:
    """A plan or a settlement that stands: `total` is paid by it in all, `paid` of that is here.

    `due_now` is to be paid by today, `next_amount` by `next_on`, which is over for `late_days` where it was missed;
    all of it by `last_on`. A signed plan that has not started asks for nothing yet.
    """

    kind: Kind
    id: int
    currency: str
    invoices: tuple[Covered, ...]
    total: Money
    paid: Money
    due_now: Money
    next_amount: Money | None
    next_on: date | None
    last_on: date
    late_days: int
    is_started: bool = True

    @property
    def path(self) -> str:
        """Where its page is in the portal, below the account's."""
        return f"/plans/{self.id}" if self.kind is Kind.PLAN else f"/settlements/{self.id}"

    @property
    def open(self) -> Money:
        """What is open on its invoices, and not asked for as such."""
        return Money.sum((each.open for each in self.invoices), self.currency)

    def late(self, day: date) -> Money:
        """What of that is past its invoices' own due days."""
        return Money.sum((each.open for each in self.invoices if each.due_on < day), self.currency)

    @property
    def left(self) -> Money:
        """What is still to be paid by it."""
        return max(self.total - self.paid, Money.zero(self.currency))

    @property
    def words(self) -> Words:
        """What was agreed, in a sentence."""
        if not self.is_started:
            return Words.of(N_("Payment plan over {total}: signed, not started yet"), total=self.total)
        if self.kind is Kind.PLAN:
            return Words.of(N_("Payment plan: {paid} of {total} paid"), paid=self.paid, total=self.total)
        given = {"paid": self.paid, "total": self.total, "open": self.open}
        return Words.of(N_("{open} is being settled: {paid} of {total} paid"), **given)


@dataclass(frozen=True, slots=True)
class Agreements:
    """All agreements of an account that stand."""

    currency: str
    each: tuple[Agreement, ...] = ()

    def of(self, invoice_id: int) -> Agreement | None:
        """The one that an invoice is paid by; None where it is asked for by itself."""
        return next((one for one in self.each if any(row.id == invoice_id for row in one.invoices)), None)

    def covered(self, invoice_id: int) -> Covered | None:
        """What it says of an invoice."""
        return next((row for one in self.each for row in one.invoices if row.id == invoice_id), None)

    @property
    def invoice_ids(self) -> frozenset[int]:
        """The open invoices that are paid by one."""
        return frozenset(row.id for one in self.each for row in one.invoices)

    def open(self, kind: Kind | None = None) -> Money:
        """What is open on their invoices; with `kind` on those of plans, or of settlements."""
        return Money.sum((one.open for one in self.each if kind in (None, one.kind)), self.currency)

    @property
    def not_started(self) -> Money:
        """What is open on the invoices of plans that wait for their start."""
        return Money.sum((one.open for one in self.each if not one.is_started), self.currency)

    def late(self, day: date) -> Money:
        """What of that is past its invoices' own due days, and yet not asked for as late."""
        return Money.sum((one.late(day) for one in self.each), self.currency)

    @property
    def limits(self) -> list[Limit]:
        """How much money their invoices take: of what is settled for less no more than the settlement asks for."""
        settled = (one for one in self.each if one.kind is Kind.SETTLEMENT)
        return [Limit(frozenset(row.id for row in one.invoices), one.left) for one in settled]

    @property
    def suggested(self) -> list[Limit]:
        """The same for credit that nobody has said anything of: of what is on a plan no more than is due by today."""
        plans = (one for one in self.each if one.kind is Kind.PLAN)
        return [*self.limits, *(Limit(frozenset(row.id for row in one.invoices), one.due_now) for one in plans)]

    def without_amounts(self) -> Agreements:
        """The same for readers who may know that something is agreed, and not what."""
        nothing = Money.zero(self.currency)
        hushed = (replace(one, invoices=tuple(replace(row, part=nothing) for row in one.invoices)) for one in self.each)
        return Agreements(self.currency, tuple(hushed))


def agreements(session: Session, account_id: int, currency: str) -> Agreements:
    """What stands on one account."""
    return agreements_of(session, [account_id]).get(account_id, Agreements(currency))


def agreements_of(session: Session, account_ids: Collection[int]) -> dict[int, Agreements]:
    """What stands on each of these accounts, plans first; those on which nothing does are left out."""
    plans, offers = _covered(session, ON_PLANS, account_ids), _covered(session, BEING_SETTLED, account_ids)
    found: dict[int, list[Agreement]] = defaultdict(list)
    plan_standings = stand(session, [key for _, key in plans]) if plans else {}
    for (account_id, plan_id), rows in plans.items():
        found[account_id].append(_of_plan(plan_standings[plan_id], rows))
    offer_standings = standings(session, [key for _, key in offers])
    for (account_id, offer_id), rows in offers.items():
        found[account_id].append(_of_offer(offer_standings[offer_id], rows))
    return {account_id: Agreements(each[0].currency, tuple(each)) for account_id, each in found.items()}


def settled_for_less(session: Session, account_ids: Collection[int]) -> dict[int, Money]:
    """What the next part of their settlement pays of the invoices of these accounts that are being settled for less."""
    each = (one for found in agreements_of(session, account_ids).values() for one in found.each)
    return {row.id: row.part for one in each if one.kind is Kind.SETTLEMENT for row in one.invoices}


def _covered(session: Session, wanted: Covering, account_ids: Collection[int]) -> dict[tuple[int, int], list[AnyRow]]:
    """The open invoices of what stands on these accounts, by account and what covers them."""
    found: dict[tuple[int, int], list[AnyRow]] = defaultdict(list)
    for row in session.execute(wanted, {"accounts": list(account_ids)}):
        found[row.account_id, row.agreement_id].append(row)
    return found


def _of_plan(standing: PlanStanding, rows: Sequence[AnyRow]) -> Agreement:
    nothing, is_started = Money.zero(standing.currency), rows[0].state in RUNNING
    following = standing.next if is_started else None
    return Agreement(
        kind=Kind.PLAN,
        id=standing.plan_id,
        currency=standing.currency,
        invoices=tuple(Covered(row.id, row.due_on, Money(row.open_minor, row.currency), nothing) for row in rows),
        total=standing.total,
        paid=standing.covered,
        due_now=standing.due_now if is_started else nothing,
        next_amount=Money(following.left, standing.currency) if following else None,
        next_on=standing.due_on(following) if following else None,
        last_on=max(standing.due_on(part) for part in standing.parts),
        late_days=standing.late_days if is_started else 0,
        is_started=is_started,
    )


def _of_offer(standing: OfferStanding, rows: Sequence[AnyRow]) -> Agreement:
    following, currency = standing.next, standing.amount.currency
    rest, covered = following.left if following else Money.zero(currency), []
    for row in rows:
        still_open = Money(row.open_minor, currency)
        part = min(rest, still_open)
        rest -= part
        covered.append(Covered(row.id, row.due_on, still_open, part))
    return Agreement(
        kind=Kind.SETTLEMENT,
        id=standing.offer_id,
        currency=currency,
        invoices=tuple(covered),
        total=standing.amount,
        paid=standing.paid,
        due_now=standing.due_now,
        next_amount=following.left if following else None,
        next_on=following.due_on if following else None,
        last_on=standing.parts[-1].due_on,
        late_days=standing.late_days,
    )
