"""Early discounts: what paying early would save on which invoice, by the terms that govern it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.policies import due_days, terms_versions
from domain.policies.sections import EarlyDiscount
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice, InvoiceKind, InvoiceStatus
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.money import Money, half_even
from domain.stops import holding
from domain.stops.model import StopKind


@dataclass(frozen=True, slots=True)
class Offer:
    """What paying one invoice early saves: `payable` of it can still be paid, and `saves` is off where all of it is.

    `until_on` is the day that the payer is told; `honoured_until` has the grace that nobody is told of.
    """

    invoice_id: int
    payable: Money
    saves: Money
    until_on: date
    honoured_until: date
    shares: bool
    version_id: int

    @property
    def settles(self) -> Money:
        """What is to be paid so that, with the discount, nothing that can be paid stays open."""
        return self.payable - self.saves

    def earned_by(self, paid: Money) -> Money:
        """The discount that a payment of `paid` on this invoice earns.

        All of the saving where that is enough: what is paid beyond it is credit, and does not lose the discount. Else
        the payment's share of the saving, where part payments earn one; else nothing.
        """
        if paid >= self.settles:
            return self.saves
        if not self.shares:
            return Money.zero(paid.currency)
        return Money(half_even(Fraction(self.saves.minor * paid.minor, self.settles.minor)), paid.currency)


def offers(
    session: Session, invoice_ids: Collection[int], on: date, *, paying: Mapping[int, Money] | None = None
) -> dict[int, Offer]:
    """The early discount that each of these invoices offers to money of day `on`, for those that offer one.

    `paying` is what a payment has just settled of them, for which the question is asked: it counts as still open.
    """
    terms = terms_versions.early_discounts(session)
    if not terms:
        return {}
    rows = [row for row in _invoices(session, invoice_ids) if row.terms_version_id in terms]
    if not rows:
        return {}
    ids = [row.id for row in rows]
    taken, paid = _settled(session, ids, CreditKind.DISCOUNT), _settled(session, ids, CreditKind.PAYMENT)
    disputes = holding.holds_on(session, {row.id: row.account_id for row in rows}, [StopKind.DISPUTE])
    found = {}
    for row in rows:
        section = terms[row.terms_version_id]
        if taken.get(row.id) and not section.shares:
            continue
        now_paid = paying[row.id].minor if paying and row.id in paying else 0
        open_minor = row.open_minor + now_paid
        disputed = holding.held(disputes.get(row.id, ()), on, open_minor)
        offer = offer_of(
            row, section, open_minor=open_minor, disputed=disputed, paid_before=paid.get(row.id, 0) - now_paid
        )
        if offer is not None and on <= offer.honoured_until:
            found[row.id] = offer
    return found


def offered_at_issue(session: Session, invoice_id: int) -> Offer | None:
    """The early discount that an invoice offered when it was issued, whatever became of it since."""
    terms = terms_versions.early_discounts(session)
    rows = [row for row in _invoices(session, [invoice_id]) if row.terms_version_id in terms]
    found = (
        offer_of(row, terms[row.terms_version_id], open_minor=row.amount_minor, disputed=0, paid_before=0)
        for row in rows
    )
    return next(found, None)


def offer_of(row: AnyRow, section: EarlyDiscount, *, open_minor: int, disputed: int, paid_before: int) -> Offer | None:
    """What one invoice (a row of it) offers by a section; None where nothing of it can be paid, or it comes to nothing.

    Without shares the saving is on all that money in time settles, earlier parts included; with shares those have had
    theirs. What is disputed cannot be asked for, and is in the base only where the terms say so.
    """
    payable = open_minor - (0 if section.disputed_in_base else disputed)
    before = 0 if section.shares else max(0, paid_before)
    saving = due_days.saving(
        section,
        amount=Money(row.amount_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        base=Money(payable + before, row.currency),
        issued_on=row.issued_on,
    )
    if not 0 < saving.amount.minor < payable:
        return None
    return Offer(
        invoice_id=row.id,
        payable=Money(payable, row.currency),
        saves=saving.amount,
        until_on=saving.until,
        honoured_until=saving.until + timedelta(days=section.grace_days),
        shares=section.shares,
        version_id=row.terms_version_id,
    )


def corrects_tax(session: Session, version_id: int) -> bool:
    """Whether a discount by this version takes back the tax within it."""
    section = terms_versions.early_discounts(session)[version_id]
    return section.corrects_tax and section.tax_in_base


def _invoices(session: Session, invoice_ids: Collection[int]) -> AnyRows:
    """Issued invoices that some terms govern; a settled one too, because the payment may just have settled it."""
    return session.execute(
        select(
            Invoice.id,
            Invoice.account_id,
            Invoice.currency,
            Invoice.issued_on,
            Invoice.amount_minor,
            Invoice.tax_minor,
            Invoice.open_minor,
            Invoice.terms_version_id,
        ).where(
            Invoice.id.in_(invoice_ids),
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.terms_version_id.is_not(None),
        )
    ).all()


def _settled(session: Session, invoice_ids: Collection[int], kind: CreditKind) -> dict[int, int]:
    """How much of each invoice credit of one kind settles now, in minor units."""
    rows = session.execute(
        select(Allocation.invoice_id, func.sum(Allocation.amount_minor))
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Allocation.invoice_id.in_(invoice_ids), CreditItem.kind == kind)
        .group_by(Allocation.invoice_id)
    )
    return {invoice_id: int(minor) for invoice_id, minor in rows}
