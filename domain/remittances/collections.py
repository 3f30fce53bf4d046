"""Collections: the rows of what came in on placements, each with its commission, and what takes them back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg
from domain.ledger.streams import partner_stream
from domain.placements.cards import commission
from domain.placements.model import Placement
from domain.remittances.books import Priced
from domain.remittances.model import PlacedCollection, Way
from domain.shared.db.session import now
from domain.shared.money import Money


def add(
    session: Session,
    placement: Placement,
    payment_id: int,
    amount: Money,
    *,
    way: Way,
    rate_bp: int,
    tax_percent: Decimal,
    received_on: date,
    reference: str | None = None,
    bearing: Money | None = None,
    reverses: PlacedCollection | None = None,
) -> PlacedCollection:
    """Write down what came in on a placement of a locked account, or, below zero, what of it went back.

    What was paid to us has its commission accrued at once; what a partner holds has it booked when it is remitted, or
    invoiced. Only what is `bearing`, where that is not all, bears commission. Once all of an earlier row has gone back,
    in one go or in several, so has exactly its commission.
    """
    due = commission(amount if bearing is None else bearing, rate_bp, tax_percent)
    net, tax = due.net, due.tax
    if reverses is not None and (rest := standing(session, reverses)).amount == -amount:
        net, tax = -rest.commission, -rest.tax
    collection = PlacedCollection(
        placement_id=placement.id,
        partner_id=placement.partner_id,
        account_id=placement.account_id,
        payment_id=payment_id,
        way=way,
        reference=reference,
        currency=placement.currency,
        amount_minor=amount.minor,
        commission_minor=net.minor,
        tax_minor=tax.minor,
        received_on=received_on,
        recorded_at=now(session),
        reverses_id=reverses.id if reverses is not None else None,
    )
    session.add(collection)
    session.flush()
    if way is Way.DIRECT and net:
        ledger.post(
            session,
            kind=EntryKind.COMMISSION_ACCRUED,
            source=collection.source,
            effective_on=received_on,
            legs=[Leg(LedgerAccount.AGENCY_COMMISSION, net), Leg(LedgerAccount.COMMISSION_ACCRUED, -net)],
            stream=partner_stream(placement.partner_id),
        )
    return collection


def standing(session: Session, row: PlacedCollection) -> Priced:
    """What of a row has not gone back, with what is left of its commission."""
    back = session.execute(
        select(PlacedCollection.amount_minor, PlacedCollection.commission_minor, PlacedCollection.tax_minor).where(
            PlacedCollection.reverses_id == row.id
        )
    ).all()
    amount, net, tax = (Money(sum(each[at] for each in back), row.currency) for at in range(3))
    return Priced(row.amount + amount, row.commission + net, row.tax + tax)


def by_reference(session: Session, placement_id: int, reference: str) -> PlacedCollection | None:
    """What a partner told of under its own reference, if it did; the row that takes it back is not meant."""
    return session.scalars(
        select(PlacedCollection).where(
            PlacedCollection.placement_id == placement_id,
            PlacedCollection.reference == reference,
            PlacedCollection.reverses_id.is_(None),
        )
    ).one_or_none()


def reversal_of(session: Session, collection_id: int) -> PlacedCollection | None:
    """The row that takes all of a partner's collection back, if it went back."""
    return session.scalars(select(PlacedCollection).where(PlacedCollection.reverses_id == collection_id)).one_or_none()
