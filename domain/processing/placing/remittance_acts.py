"""Remittance acts: what a remittance of a partner's file is about, and telling of it."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from domain.placements import queries
from domain.placements.files.remittance_schema import ADDS, LineKind, Remitted, RemittedLine
from domain.placements.naming import named
from domain.placements.people import seen
from domain.remittances import collections
from domain.remittances.model import PlacedCollection
from domain.remittances.remitting import Line, Told, by_reference, tell_remittance
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.money import Money

NO_SUCH_PAYMENT = N_("We know of no payment {reference} for {placement}.")
NOT_BOUNCED = N_("We know of no payment {reference} for {placement} that went back.")


def is_known(session: Session, partner_id: int, told: Remitted) -> bool:
    """Whether a remittance of this reference was told before; whether it was the same is seen when it is told again."""
    return by_reference(session, partner_id, told.reference) is not None


def meant(session: Session, partner_id: int, told: Remitted) -> Told:
    """A remittance with what its lines are about; NotFound for what this partner has never told us, Conflict."""
    if queries.partner(session, partner_id).remits is not told.way:
        raise Conflict(N_("What was agreed is another way of paying over than “{way}”."), way=told.way.value)
    lines = [_line(session, partner_id, each, told.currency) for each in told.lines]
    return Told(told.reference, told.currency, told.remitted_on, Money.of(told.paid, told.currency), tuple(lines))


def do(session: Session, partner_id: int, told: Remitted, *, actor: Actor) -> None:
    """Tell of a remittance. Raises what the domain refuses: Conflict, Invalid, NotFound."""
    tell_remittance(session, partner_id, meant(session, partner_id, told), actor=actor)


def _line(session: Session, partner_id: int, line: RemittedLine, currency: str) -> Line:
    stated = (Money.of(each or Decimal(0), currency) for each in (line.amount, line.commission, line.tax))
    amount, commission, tax = (each if line.about in ADDS else -each for each in stated)
    if line.corrects is not None:
        earlier = by_reference(session, partner_id, line.corrects)
        if earlier is None:
            raise NotFound(N_("We know of no remittance {reference}."), reference=line.corrects)
        return Line(amount, commission, tax, corrects_id=earlier.id)
    return Line(amount, commission, tax, collection_id=_collection(session, partner_id, line).id)


def _collection(session: Session, partner_id: int, line: RemittedLine) -> PlacedCollection:
    placement = seen.placement(session, partner_id, named(line.placement or ""))
    found = collections.by_reference(session, placement.id, line.partner_reference or "")
    if found is not None and line.about is LineKind.BOUNCED:
        found = collections.reversal_of(session, found.id)
    if found is None:
        text = NOT_BOUNCED if line.about is LineKind.BOUNCED else NO_SUCH_PAYMENT
        raise NotFound(text, reference=line.partner_reference, placement=line.placement)
    return found
