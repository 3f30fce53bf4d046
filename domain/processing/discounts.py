"""Discounts: what a payment in time has earned is granted with its tax; it falls when that payment goes back.

Under the account's lock, in the transaction of the payment or of what takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import credit_notes, early_discounts, granted_discounts, numbering
from domain.invoicing.model import EarlyDiscount
from domain.invoicing.numbering import Series
from domain.payments import discount_quotes
from domain.payments.model import TOLD, Payment
from domain.receivables import allocating, withdrawing
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business, now
from domain.shared.money import Money


def grant_earned(session: Session, account: Account, payment: Payment, item: CreditItem, *, actor: Actor) -> None:
    """Grant what a payment that has just been settled (`item` is its credit) has earned on the invoices that it paid.

    A quote is honoured where the payer confirmed in time, for as much as is still open; money that came outside the
    processor is judged by its value date.
    """
    paid = _paid(session, item)
    if not paid:
        return
    if payment.method in TOLD:
        received_on = day_in(payment.occurred_at or now(session), business(session).time_zone)
        offers = early_discounts.offers(session, paid, received_on, paying=paid)
        for invoice_id, offer in sorted(offers.items()):
            _grant(session, account, payment, invoice_id, offer.earned_by(paid[invoice_id]), offer.version_id, actor)
        return
    for quote in discount_quotes.honoured(session, payment, account.time_zone):
        if quote.invoice_id in paid:
            promised = Money(quote.discount_minor, payment.currency)
            _grant(session, account, payment, quote.invoice_id, promised, quote.version_id, actor)


def revoke(
    session: Session,
    account: Account,
    payment: Payment,
    uncovered: Iterable[Uncovered],
    *,
    source: str,
    effective_on: date | None,
) -> list[Uncovered]:
    """Take back the discounts of a payment on invoices that `source` has opened again: with what is open then.

    A discount falls as a whole, however much of its payment went back: the invoice was not paid in time after all.
    """
    opened = {each.invoice_id: each for each in uncovered}
    for found in granted_discounts.of_payment(session, payment.public_id):
        before = opened.get(found.discount.invoice_id)
        if before is None:
            continue
        granted_discounts.take_back(session, account, found, found.amount, source=source, effective_on=effective_on)
        opened[before.invoice_id] = Uncovered(before.invoice_id, before.number, before.amount + found.amount)
    return list(opened.values())


def restore(session: Session, account: Account, item: CreditItem, *, returning: str, effective_on: date) -> None:
    """Give back the fallen discounts of a payment (`item` is its credit) that has come back by `returning`.

    Only where the payment settles as much of the invoice as when it earned them: on an invoice that was credited,
    withdrawn or paid otherwise meanwhile, or while another part of the payment is still gone, a discount stays fallen.
    """
    paid, nothing = _paid(session, item), Money.zero(account.currency)
    for discount in session.scalars(select(EarlyDiscount).where(EarlyDiscount.payment == item.source)).all():
        granted = withdrawing.item_of(session, CreditKind.DISCOUNT, discount.source)
        if paid.get(discount.invoice_id, nothing) < _paid_when_granted(session, item, granted, discount.invoice_id):
            continue
        granted_discounts.give_back(session, account, discount, source=returning, effective_on=effective_on)


def would_fall(session: Session, payment: Payment, uncovered: Iterable[Uncovered]) -> list[Uncovered]:
    """What `revoke` would make of `uncovered`, without doing it: for a preview."""
    standing = granted_discounts.of_payment(session, payment.public_id)
    falling = {found.discount.invoice_id: found.amount for found in standing}
    nothing = Money.zero(payment.currency)
    return [
        Uncovered(each.invoice_id, each.number, each.amount + falling.get(each.invoice_id, nothing))
        for each in uncovered
    ]


def _grant(
    session: Session,
    account: Account,
    payment: Payment,
    invoice_id: int,
    promised: Money,
    version_id: int,
    actor: Actor,
) -> None:
    invoice = session.get_one(Invoice, invoice_id)
    amount = min(promised, invoice.open)
    if amount.minor <= 0:
        return
    assert payment.effective_on is not None
    corrected = early_discounts.corrects_tax(session, version_id)
    tax = credit_notes.discount_tax(session, invoice, amount) if corrected else Money.zero(amount.currency)
    discount = EarlyDiscount(
        account_id=account.id,
        invoice_id=invoice.id,
        payment=payment.public_id,
        number=numbering.take(session, Series.CREDIT_NOTE) if tax else None,
        currency=amount.currency,
        amount_minor=amount.minor,
        tax_minor=tax.minor,
        effective_on=payment.effective_on,
        version_id=version_id,
        recorded_at=now(session),
    )
    session.add(discount)
    session.flush()
    entry = granted_discounts.post_grant(session, account, discount)
    item = allocating.add_credit(
        session,
        account,
        kind=CreditKind.DISCOUNT,
        source=discount.source,
        amount=amount,
        effective_on=payment.effective_on,
    )
    allocating.apply_upto(session, item, invoice, amount)
    audit.record(
        session,
        "discount.granted",
        actor=actor,
        subject=("invoice", invoice.id),
        account_id=account.id,
        entry_id=entry.id,
        after={"invoice": invoice.number, "amount": amount, "tax": tax, "number": discount.number},
    )


def _paid(session: Session, item: CreditItem) -> dict[int, Money]:
    """What a payment's credit settles of which invoice."""
    paid: dict[int, Money] = {}
    for row in allocating.standing(session, item):
        amount = Money(row.amount_minor, item.currency)
        paid[row.invoice_id] = paid[row.invoice_id] + amount if row.invoice_id in paid else amount
    return paid


def _paid_when_granted(session: Session, item: CreditItem, granted: CreditItem, invoice_id: int) -> Money:
    """What a payment's credit settled of an invoice when it earned the discount whose credit is `granted`."""
    of_discount = select(func.min(Allocation.id)).where(Allocation.credit_item_id == granted.id).scalar_subquery()
    before = select(func.coalesce(func.sum(Allocation.amount_minor), 0)).where(
        Allocation.credit_item_id == item.id, Allocation.invoice_id == invoice_id, Allocation.id < of_discount
    )
    return Money(int(session.scalar(before) or 0), item.currency)
