"""Collecting: what a partner tells us that a debtor paid it, and what of that went back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind
from domain.payments.model import Payment, PaymentMethod
from domain.placements import queries
from domain.placements.model import Placement
from domain.processing.placing.commissions import rate_of
from domain.processing.placing.settling import accept_by_paying
from domain.processing.receipts.recording import Slip, record_receipt
from domain.processing.receipts.returning import ReturnReason, send_back
from domain.remittances import collections
from domain.remittances.books import not_after, reference_text
from domain.remittances.model import PlacedCollection, Way
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Collected:
    """What a partner says that the debtor paid it, when, and under which reference of its own."""

    reference: str
    amount: Money
    received_on: date
    note: str | None = None


def report_collection(
    session: Session, account_id: int, placement_id: int, told: Collected, *, actor: Actor
) -> PlacedCollection:
    """Book what a partner collected: the debtor has paid, on the day on which the partner had it, and it owes it us.

    It settles the placed invoices, the oldest due first; more than is open becomes credit. Where it is all that an
    offer of the partner's asks for, the debtor has accepted that. Safe to repeat under its reference. Raises Invalid
    beside the field, Conflict where the reference means another payment.
    """
    account = accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    reference = reference_text(told.reference)
    known = collections.by_reference(session, placement_id, reference)
    if known is not None:
        if (known.amount, known.received_on) == (told.amount, told.received_on):
            return known
        raise Conflict(N_("Payment {reference} is known already, with other figures."), reference=reference)
    _check(session, placement, told)
    accept_by_paying(session, placement, told.amount, told.received_on, actor=actor)
    rate = rate_of(session, placement, told.received_on)
    wanted, bearing = _wanted(session, placement, told.amount)
    slip = Slip(
        method=PaymentMethod.AGENT,
        amount=told.amount,
        received_on=told.received_on,
        reference=queries.partner(session, placement.partner_id).name,
        note=told.note,
        wanted=wanted,
    )
    payment = record_receipt(
        session,
        account.id,
        slip,
        actor=actor,
        debited=LedgerAccount.DUE_FROM_AGENCY,
        kind=EntryKind.AGENT_COLLECTION,
    )
    collection = collections.add(
        session,
        placement,
        payment.id,
        told.amount,
        way=Way.AGENT,
        rate_bp=rate.rate_bp,
        tax_percent=rate.tax_percent,
        received_on=told.received_on,
        reference=reference,
        bearing=bearing,
    )
    _record(session, "placement.collected", collection, actor)
    return collection


def report_bounce(
    session: Session,
    account_id: int,
    placement_id: int,
    *,
    reference: str,
    on: date,
    actor: Actor,
    why: str | None = None,
) -> PlacedCollection:
    """What a partner collected went back, all of it: its debt is open again, and the partner owes it us no longer.

    Where it was remitted, it is set off in a later remittance. Raises Invalid beside the field, Conflict where it went
    back before.
    """
    account = accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    collection = collections.by_reference(session, placement_id, reference_text(reference))
    if collection is None:
        raise Invalid(N_("No payment was told of under this reference."), field="reference")
    if collections.reversal_of(session, collection.id) is not None:
        raise Conflict(N_("This payment went back before."))
    not_after(on, today(session), "on")
    if on < collection.received_on:
        raise Invalid(N_("It cannot have gone back before it came."), field="on")
    payment = session.get_one(Payment, collection.payment_id, populate_existing=True)
    send_back(
        session,
        account,
        payment,
        on,
        reason=(why or "").strip() or ReturnReason.BOUNCED,
        credited=LedgerAccount.DUE_FROM_AGENCY,
        banked_on=on,
        actor=actor,
    )
    rate = rate_of(session, placement, collection.received_on)
    reversal = collections.add(
        session,
        placement,
        payment.id,
        -collection.amount,
        way=Way.AGENT,
        rate_bp=rate.rate_bp,
        tax_percent=rate.tax_percent,
        received_on=on,
        reference=collection.reference,
        reverses=collection,
    )
    _record(session, "placement.collection_bounced", reversal, actor)
    return reversal


def _check(session: Session, placement: Placement, told: Collected) -> None:
    if placement.sent_at is None:
        raise Conflict(N_("This was never handed over."))
    if told.amount.currency != placement.currency:
        raise Invalid(N_("This debt is in {currency}."), field="amount", currency=placement.currency)
    if told.amount.minor <= 0:
        raise Invalid(N_("Enter how much was received."), field="amount")
    handed_over = Money(placement.placed_minor or 0, placement.currency)
    if told.amount > handed_over:
        raise Invalid(N_("Only {amount} was handed over: look at the sum again."), field="amount", amount=handed_over)
    not_after(told.received_on, today(session), "received_on")
    sent_on = day_in(placement.sent_at, business(session).time_zone)
    if told.received_on < sent_on:
        raise Invalid(N_("This was handed over on {day}: look at the day again."), field="received_on", day=sent_on)


def _wanted(session: Session, placement: Placement, amount: Money) -> tuple[dict[int, Money], Money]:
    """How the money falls on the placed invoices, the oldest due first, and how much of it they need.

    Where nothing is, all of it names the first of them, and so becomes credit instead of settling something else.
    """
    placed = [row for row in queries.invoices(session, placement.id) if row.placed_minor is not None]
    wanted: dict[int, Money] = {}
    left = amount
    for row in placed:
        part = min(left, Money(row.open_minor, amount.currency))
        if part.minor > 0:
            wanted[row.id] = part
            left -= part
    return wanted or {placed[0].id: amount}, amount - left


def _record(session: Session, act: str, collection: PlacedCollection, actor: Actor) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("placement", collection.placement_id),
        account_id=collection.account_id,
        after={
            "amount": collection.amount,
            "reference": collection.reference,
            "commission": collection.commission,
            "tax": collection.tax,
            "on": collection.received_on,
        },
    )
