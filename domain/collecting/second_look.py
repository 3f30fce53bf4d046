"""Second look: what speaks against taking the money now, asked under the account's lock right before it is taken."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.collecting.due_parts import DuePart
from domain.collecting.model import Collection, EndReason
from domain.collecting.rules import rules_of
from domain.payments import queries as payments
from domain.payments.model import Payment
from domain.shared.clock import day_in
from domain.shared.db.session import business, today


def look_ahead(session: Session, collection: Collection, part: DuePart) -> EndReason | None:
    """Why nothing should be taken, as far as the account itself says: paid, all held, or being paid by somebody."""
    if part.open.minor <= 0:
        return EndReason.PAID
    if not part.free:
        return EndReason.HELD
    claims = payments.live_claims(session, part.of)
    if any(claim.payment_id != collection.payment_id for claim in claims):
        return EndReason.BEING_PAID
    return None


def look_before_first_try(session: Session, collection: Collection, part: DuePart, lead: timedelta) -> EndReason | None:
    """Also why its day has gone by: nobody could be told in time, or we were away for too long."""
    late = today(session) - collection.collect_on
    if late > timedelta(days=rules_of(collection.rules_version).late_days):
        return EndReason.TOO_LATE if told_long_enough(session, collection, lead) else EndReason.UNTOLD
    return look_ahead(session, collection, part)


def look_before_next_try(session: Session, collection: Collection, part: DuePart) -> EndReason | None:
    """Also whether the one payment that is tried again still asks for no more than is open and not held."""
    assert collection.payment_id is not None
    why = look_ahead(session, collection, part)
    if why is not None:
        return why
    asked = session.get_one(Payment, collection.payment_id).amount
    if part.open < asked:
        return EndReason.LESS_OPEN
    return EndReason.HELD if part.free < asked else None


def told_long_enough(session: Session, collection: Collection, lead: timedelta) -> bool:
    """Whether the payer was told, and so long before as the rules ask."""
    if collection.told_at is None:
        return False
    return day_in(collection.told_at, business(session).time_zone) + lead <= today(session)
