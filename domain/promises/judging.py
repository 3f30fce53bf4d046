"""Judging: whether the money that was promised came by its day; done anew when money is entered late or bounces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.payments import queries as payments
from domain.payments.model import BY_PROCESSOR, Payment
from domain.promises import changing, queries
from domain.promises.model import JUDGED, PromisePart, PromiseStatus, PromiseToPay
from domain.receivables import allocating
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import now, today
from domain.shared.money import Money
from domain.stops.holding import held, holds_on
from domain.stops.model import StopKind

JUDGED_AGAIN = timedelta(days=120)
"""So long after the promised day money that is entered late, or taken back by a bank, still changes the judgement.

Card networks let most payments be contested for 120 days.
"""
ZONES_APART = timedelta(days=1)
"""By how much an account's day can be ahead of the business's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of a promise has come in time (or is owed no more), and whether money is on its way."""

    came: Money
    is_awaited: bool


def waiting(session: Session, *, limit: int) -> Sequence[tuple[int, int]]:
    """Promises that may have to be judged, as (account id, promise id), the longest due first.

    Open ones whose day is over, and those about whose invoices something was booked since they were last judged.
    """
    day = today(session)
    booked = exists().where(
        PromisePart.promise_id == PromiseToPay.id,
        Allocation.invoice_id == PromisePart.invoice_id,
        Allocation.id > PromiseToPay.judged_upto_id,
    )
    is_over = and_(PromiseToPay.status == PromiseStatus.OPEN, PromiseToPay.promised_on < day + ZONES_APART)
    is_recent = and_(
        PromiseToPay.status.in_(JUDGED | {PromiseStatus.OPEN}), PromiseToPay.promised_on >= day - JUDGED_AGAIN
    )
    rows = session.execute(
        select(PromiseToPay.account_id, PromiseToPay.id)
        .where(or_(is_over, and_(is_recent, booked)))
        .order_by(PromiseToPay.promised_on, PromiseToPay.id)
        .limit(limit)
    )
    return [(row.account_id, row.id) for row in rows]


def judge(session: Session, account_id: int, promise_id: int, *, actor: Actor) -> PromiseStatus:
    """Say whether a promise is kept or broken, as far as that can be said today; safe to repeat.

    Kept as soon as all of it came; broken once its day is over in the account's zone, unless a payment that covers
    its invoices is still under way.
    """
    account = accounts.lock(session, account_id)
    promise = queries.entity(session, account_id, promise_id)
    if promise.status not in JUDGED | {PromiseStatus.OPEN}:
        return promise.status
    standing = standing_of(session, promise, account)
    is_over = day_in(now(session), account.time_zone) > promise.promised_on
    if standing.came >= promise.amount:
        verdict = PromiseStatus.KEPT
    elif not is_over or standing.is_awaited:
        return promise.status
    else:
        verdict = PromiseStatus.BROKEN
    if verdict is not promise.status:
        changing.end(session, promise, verdict, actor=actor, missing=promise.amount - standing.came)
    promise.judged_upto_id = allocating.last_id(session, account_id)
    session.flush()
    return verdict


def standing_of(session: Session, promise: PromiseToPay, account: Account) -> Standing:
    """What came of a promise in time: money and credit for its invoices since it was made, each up to its part.

    A part that is in dispute now, or whose invoice was withdrawn, is not asked for.
    """
    parts = session.execute(
        select(PromisePart.invoice_id, PromisePart.amount_minor, Invoice.status)
        .join(Invoice, Invoice.id == PromisePart.invoice_id)
        .where(PromisePart.promise_id == promise.id)
    ).all()
    invoice_ids = [part.invoice_id for part in parts]
    settled = _settled(session, promise, account, invoice_ids)
    disputes = holds_on(session, dict.fromkeys(invoice_ids, account.id), [StopKind.DISPUTE])
    came = 0
    for invoice_id, minor, status in parts:
        contested = held(disputes.get(invoice_id, ()), today(session), minor)
        came += minor if status is InvoiceStatus.VOID else min(minor, settled.get(invoice_id, 0) + contested)
    return Standing(Money(came, promise.currency), bool(payments.live_claims(session, invoice_ids)))


def _settled(session: Session, promise: PromiseToPay, account: Account, invoice_ids: list[int]) -> dict[int, int]:
    """How much of each invoice was settled since the promise was made by what came in time, and still is."""
    taken_back = aliased(Allocation)
    rows = session.execute(
        select(Allocation.invoice_id, Allocation.amount_minor, Allocation.effective_on, Payment)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .outerjoin(Payment, and_(CreditItem.kind == CreditKind.PAYMENT, Payment.public_id == CreditItem.source))
        .where(
            Allocation.invoice_id.in_(invoice_ids),
            Allocation.amount_minor > 0,
            Allocation.id > promise.made_after_id,
            ~exists().where(taken_back.reverses_id == Allocation.id),
        )
    )
    settled: dict[int, int] = {}
    for invoice_id, minor, effective_on, payment in rows:
        day = _came_on(session, payment, effective_on, account.time_zone)
        if day <= promise.promised_on:
            settled[invoice_id] = settled.get(invoice_id, 0) + minor
    return settled


def _came_on(session: Session, payment: Payment | None, effective_on: date, time_zone: str) -> date:
    """The day that counts: of a card or a debit when its payer confirmed it, of all else when it took effect."""
    if payment is None or payment.method not in BY_PROCESSOR:
        return effective_on
    confirmed: datetime = payments.confirmed_at(session, payment)
    return min(effective_on, day_in(confirmed, time_zone))
