"""Discount quotes: what is promised when a payment is started, and whether the payer confirmed in time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing import early_discounts
from domain.invoicing.early_discounts import Offer
from domain.payments import queries as payments
from domain.payments.model import TOLD, DiscountQuote, Payment
from domain.receivables import queries as receivables
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money


def offered(session: Session, account_id: int, invoice_ids: Collection[int]) -> dict[int, Offer]:
    """What the customer is told that paying these invoices of an account now would save; nothing in days of grace."""
    return offered_on(session, dict.fromkeys(invoice_ids, account_id))


def offered_on(session: Session, invoices: Mapping[int, int]) -> dict[int, Offer]:
    """The same for invoices of several accounts (id → account id), each by the day that it is for its own account."""
    rows = session.execute(select(Account.id, Account.time_zone).where(Account.id.in_(set(invoices.values()))))
    today = {row.id: day_in(now(session), row.time_zone) for row in rows}
    found: dict[int, Offer] = {}
    for day in set(today.values()):
        here = [invoice_id for invoice_id, account_id in invoices.items() if today[account_id] == day]
        found |= early_discounts.offers(session, here, day)
    return {invoice_id: offer for invoice_id, offer in found.items() if today[invoices[invoice_id]] <= offer.until_on}


def refuse_more_than_enough(session: Session, account_id: int, wanted: Mapping[int, Money]) -> None:
    """Raise Invalid beside the field where more is to be paid of an invoice than its early discount leaves."""
    offers = offered(session, account_id, wanted)
    for invoice in receivables.invoices(session, account_id, offers):
        offer, still_open = offers[invoice.id], Money(invoice.open_minor, invoice.currency)
        if still_open - offer.saves < wanted[invoice.id] <= still_open:
            raise Invalid(
                N_(
                    "You need no more than {enough} for invoice {number}: paid by {until} you save {saved}. Enter that."
                ),
                field=f"amount-{invoice.id}",
                enough=still_open - offer.saves,
                number=invoice.number,
                until=offer.until_on,
                saved=offer.saves,
            )


def quote(session: Session, account: Account, payment: Payment, wanted: Mapping[int, Money]) -> None:
    """Write down what the payment (id → how much of each invoice) will have earned, if it is confirmed in time.

    In time is judged in the account's zone, as is what the customer is told.
    """
    today = day_in(now(session), account.time_zone)
    for invoice_id, offer in sorted(early_discounts.offers(session, list(wanted), today).items()):
        earned = offer.earned_by(wanted[invoice_id])
        if earned:
            session.add(
                DiscountQuote(
                    payment_id=payment.id,
                    invoice_id=invoice_id,
                    discount_minor=earned.minor,
                    until_on=offer.honoured_until,
                    version_id=offer.version_id,
                )
            )
    session.flush()


def honoured(session: Session, payment: Payment, time_zone: str) -> list[AnyRow]:
    """The quotes of a payment that arrived which were confirmed in time: invoice_id, discount_minor, version_id."""
    rows = session.execute(
        select(DiscountQuote.invoice_id, DiscountQuote.discount_minor, DiscountQuote.until_on, DiscountQuote.version_id)
        .where(DiscountQuote.payment_id == payment.id)
        .order_by(DiscountQuote.invoice_id)
    ).all()
    if not rows:
        return []
    confirmed = payments.confirmed_at(session, payment)
    return [row for row in rows if day_in(confirmed, time_zone) <= row.until_on]


def kept(session: Session, account: Account, payment: Payment, invoice_ids: Collection[int]) -> dict[int, Offer]:
    """What a payment that has arrived may earn on these invoices, as they stand before it settles anything.

    Money that came outside the processor is judged by its value date; other payments earn no more than was quoted, and
    nothing where the invoice has had its discount, or is smaller, since.
    """
    if payment.method in TOLD:
        received_on = day_in(payment.occurred_at or now(session), business(session).time_zone)
        return early_discounts.offers(session, invoice_ids, received_on)
    quoted = {row.invoice_id: row.discount_minor for row in honoured(session, payment, account.time_zone)}
    if not quoted:
        return {}
    confirmed_on = day_in(payments.confirmed_at(session, payment), account.time_zone)
    offers = early_discounts.offers(session, quoted.keys() & set(invoice_ids), confirmed_on)
    return {
        invoice_id: replace(offer, saves=min(offer.saves, Money(quoted[invoice_id], account.currency)))
        for invoice_id, offer in offers.items()
    }
