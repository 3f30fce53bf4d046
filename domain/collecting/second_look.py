"""Second look: what speaks against taking the money now, asked under the account's lock right before it is taken."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.collecting.model import Collection, EndReason
from domain.collecting.rules import rules_of
from domain.payments import queries as payments
from domain.payments.model import Payment
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.clock import day_in
from domain.shared.db.session import business, today
from domain.shared.money import Money
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held


def open_on(session: Session, collection: Collection) -> Money:
    """What is open now of what it is for."""
    invoice = session.get_one(Invoice, collection.subject_id, populate_existing=True)
    return invoice.open if invoice.status is InvoiceStatus.ISSUED else Money(0, invoice.currency)


def to_take(session: Session, collection: Collection) -> Money:
    """What of that may be taken now: less what a stop holds, such as the part that is disputed."""
    still_open = open_on(session, collection)
    held = held_parts(session, [collection.account_id], kinds_that_hold(Held.COLLECTION))
    return still_open - held.get(collection.subject_id, Money.zero(still_open.currency))


def look_ahead(session: Session, collection: Collection) -> EndReason | None:
    """Why nothing should be taken, as far as the account itself says: paid, all held, or being paid by somebody."""
    if open_on(session, collection).minor <= 0:
        return EndReason.PAID
    if not to_take(session, collection):
        return EndReason.HELD
    claims = payments.live_claims(session, [collection.subject_id])
    if any(claim.payment_id != collection.payment_id for claim in claims):
        return EndReason.BEING_PAID
    return None


def look_before_first_try(session: Session, collection: Collection, lead: timedelta) -> EndReason | None:
    """Also why its day has gone by: nobody could be told in time, or we were away for too long."""
    late = today(session) - collection.collect_on
    if late > timedelta(days=rules_of(collection.rules_version).late_days):
        return EndReason.TOO_LATE if told_long_enough(session, collection, lead) else EndReason.UNTOLD
    return look_ahead(session, collection)


def look_before_next_try(session: Session, collection: Collection) -> EndReason | None:
    """Also whether the one payment that is tried again still asks for no more than is open and not held."""
    assert collection.payment_id is not None
    why = look_ahead(session, collection)
    if why is not None:
        return why
    asked = session.get_one(Payment, collection.payment_id).amount
    if open_on(session, collection) < asked:
        return EndReason.LESS_OPEN
    return EndReason.HELD if to_take(session, collection) < asked else None


def told_long_enough(session: Session, collection: Collection, lead: timedelta) -> bool:
    """Whether the payer was told, and so long before as the rules ask."""
    if collection.told_at is None:
        return False
    return day_in(collection.told_at, business(session).time_zone) + lead <= today(session)
