"""Early discounts: what a trial would have granted to money that came in time, beside what was granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.invoicing.early_discounts import Offer, offer_of
from domain.invoicing.granted_discounts import gone
from domain.invoicing.model import EarlyDiscount
from domain.payments.model import TOLD, Payment, PaymentChange, PaymentMethod, PaymentStatus
from domain.policies.sections import EarlyDiscount as DiscountTerms
from domain.receivables.model import CreditKind, InvoiceKind
from domain.reporting.trial.values import Answer, Entry, Trying, Unit
from domain.shared.chunking import chunks
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money, half_even
from domain.shared.words import Words
from domain.stops import holding
from domain.stops.holding import Hold
from domain.stops.model import StopKind

WOULD = N_("Tried: for {paid} that came on {day} and was due on {due}. Days sooner: {days}.")
WAS = N_("Happened: for money of {day}.")


@dataclass(frozen=True, slots=True)
class EarlyDiscounts:
    """The column of early discounts: what they cost, for money that came in time anyway.

    An invoice that the same section governed earns what the money that came earns by it. Where it was another one, or
    none, whoever settled all of it in time is taken to have paid less by the saving.
    """

    key: str = "early_discount"
    name: str = N_("Early discounts")
    unit: Unit = Unit.MONEY

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each payment in time of an invoice, and for each discount that was granted."""
        section, history = trying.sections.early_discount, trying.history
        granted = _granted(session, trying)
        if section is None:
            return Answer([_entry(row, source) for (_, source), row in granted.items() if trying.covers(row.on)])
        payments = _payments(session, trying)
        places = {row.id: row.account_id for row in history.invoices if row.kind is InvoiceKind.INVOICE}
        disputes = holding.holds_on(session, places, [StopKind.DISPUTE])
        entries: list[Entry] = []
        for invoice in history.invoices:
            if invoice.kind is InvoiceKind.INVOICE and invoice.id in history.allocations:
                tried = _Tried(trying, section, invoice, disputes.get(invoice.id, ()), payments, granted)
                entries += tried.entries()
        return Answer(entries)


EARLY_DISCOUNTS = EarlyDiscounts()


@dataclass(frozen=True, slots=True)
class _Payment:
    """A payment: the day on which its payer paid, by which in time is judged, and the one on which it counts."""

    day: date
    effective_on: date
    method: PaymentMethod


@dataclass(frozen=True, slots=True)
class _Granted:
    """A discount that was granted and stands."""

    account_id: int
    invoice_id: int
    number: str
    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class _Settling:
    """What one credit item settles of an invoice now, and whether any of it was taken back there."""

    kind: CreditKind
    source: str
    minor: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Tried:
    """One invoice, as its payments came."""

    trying: Trying
    section: DiscountTerms
    invoice: AnyRow
    disputes: Sequence[Hold]
    payments: Mapping[str, _Payment]
    granted: Mapping[tuple[int, str], _Granted]

    def entries(self) -> Iterator[Entry]:
        """Payment by payment, each with what was open before it came."""
        is_same = self.trying.history.governed_by(self.invoice).early_discount == self.section
        left, before, has_earned = int(self.invoice.amount_minor), 0, False
        for item in _settling(self.trying.history.allocations[self.invoice.id]):
            if item.kind is CreditKind.DISCOUNT:
                continue
            payment = self.payments.get(item.source) if item.kind is CreditKind.PAYMENT else None
            if payment is None:
                left -= item.minor
                continue
            granted = self.granted.get((self.invoice.id, item.source))
            settled = item.minor + (granted.minor if granted is not None and not is_same else 0)
            can_earn = item.is_whole and (self.section.shares or not has_earned)
            earned = self._earned(payment, settled, left, before, is_same=is_same) if can_earn else 0
            has_earned = has_earned or earned > 0
            left -= settled + (earned if is_same else 0)
            before += settled
            yield from self._said(payment, settled, earned, granted, item.source)

    def _earned(self, payment: _Payment, settled: int, left: int, before: int, *, is_same: bool) -> int:
        if is_same and payment.method is PaymentMethod.IMPORTED:
            return 0
        disputed = holding.held(self.disputes, payment.day, left)
        offer = offer_of(self.invoice, self.section, open_minor=left, disputed=disputed, paid_before=before)
        if offer is None or payment.day > offer.honoured_until:
            return 0
        if is_same:
            earned = offer.earned_by(Money(settled, self.invoice.currency)).minor
            return min(earned, left - settled)
        return _taken_with(offer, settled)

    def _said(
        self, payment: _Payment, settled: int, earned: int, granted: _Granted | None, source: str
    ) -> Iterator[Entry]:
        would = earned if self.trying.covers(payment.effective_on) else 0
        was = granted.minor if granted is not None and self.trying.covers(granted.on) else 0
        if not would and not was:
            return
        said = []
        if would:
            paid, due = Money(settled, self.invoice.currency), self.trying.history.due[self.invoice.id].day
            said.append(Words.of(WOULD, paid=paid, day=payment.day, due=due, days=(due - payment.day).days))
        if granted is not None and was:
            said.append(Words.of(WAS, day=granted.on))
        yield Entry(
            self.invoice.account_id,
            payment.effective_on,
            would,
            was,
            said,
            self.invoice.id,
            self.invoice.number,
            about=(self.invoice.id, source),
        )


def _taken_with(offer: Offer, settled: int) -> int:
    """What whoever settled so much without the offer would have kept with it."""
    if settled >= offer.settles.minor:
        return offer.saves.minor
    return half_even(Fraction(offer.saves.minor * settled, offer.payable.minor)) if offer.shares else 0


def _settling(allocations: AnyRows) -> list[_Settling]:
    """What each credit item settles, in the order in which they first did."""
    found: dict[int, _Settling] = {}
    for row in allocations:
        known = found.get(row.credit_item_id)
        minor = row.amount_minor + (known.minor if known else 0)
        is_whole = row.amount_minor > 0 and (known is None or known.is_whole)
        found[row.credit_item_id] = _Settling(row.kind, row.source, minor, is_whole)
    return [item for item in found.values() if item.minor > 0]


def _granted(session: Session, trying: Trying) -> dict[tuple[int, str], _Granted]:
    """What stands of the discounts, by invoice and payment."""
    rows = session.execute(
        select(EarlyDiscount).where(EarlyDiscount.account_id.in_(trying.history.accounts)).order_by(EarlyDiscount.id)
    ).scalars()
    found = {row.id: row for row in rows}
    lost = {each: minor for some in chunks(list(found)) for each, minor in gone(session, some).items()}
    numbers = {row.id: row.number for row in trying.history.invoices}
    return {
        (row.invoice_id, row.payment): _Granted(
            row.account_id,
            row.invoice_id,
            numbers[row.invoice_id],
            row.effective_on,
            row.amount_minor - lost.get(row.id, 0),
        )
        for row in found.values()
        if row.amount_minor > lost.get(row.id, 0) and row.invoice_id in numbers
    }


def _payments(session: Session, trying: Trying) -> dict[str, _Payment]:
    """The payments of the accounts by their public ids; a debit that takes days was paid when it was agreed to."""
    agreed = (
        select(PaymentChange.payment_id, func.min(PaymentChange.at).label("at"))
        .join(Payment, Payment.id == PaymentChange.payment_id)
        .where(PaymentChange.after == PaymentStatus.PROCESSING, Payment.account_id.in_(trying.history.accounts))
        .group_by(PaymentChange.payment_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Payment.public_id,
            Payment.account_id,
            Payment.method,
            Payment.occurred_at,
            Payment.effective_on,
            agreed.c.at.label("agreed_at"),
        )
        .outerjoin(agreed, agreed.c.payment_id == Payment.id)
        .where(Payment.account_id.in_(trying.history.accounts), Payment.effective_on.is_not(None))
    )
    ours = business(session).time_zone
    found = {}
    for row in rows:
        zone = ours if row.method in TOLD else trying.history.accounts[row.account_id].time_zone
        at = min((each for each in (row.agreed_at, row.occurred_at) if each is not None), default=None)
        is_imported = row.method is PaymentMethod.IMPORTED
        day = row.effective_on if at is None or is_imported else day_in(at, zone)
        found[row.public_id] = _Payment(day, row.effective_on, row.method)
    return found


def _entry(row: _Granted, source: str) -> Entry:
    said, about = [Words.of(WAS, day=row.on)], (row.invoice_id, source)
    return Entry(row.account_id, row.on, 0, row.minor, said, row.invoice_id, row.number, about=about)
