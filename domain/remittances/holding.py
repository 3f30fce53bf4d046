"""Holding: what a partner has collected and not paid over, and what of that is to come by its card."""

from __future__ import annotations

from sqlalchemy import BigInteger, cast, exists, func, select
from sqlalchemy.orm import Session

from domain.placements.model import Partner, Remits
from domain.remittances.books import Priced
from domain.remittances.model import PlacedCollection, Remittance, RemittanceLine, RemittanceStatus, Way
from domain.shared.money import Money

AT_THE_BANK = exists().where(
    RemittanceLine.collection_id == PlacedCollection.id,
    RemittanceLine.withdrawn_at.is_(None),
    Remittance.id == RemittanceLine.remittance_id,
    Remittance.status == RemittanceStatus.BANKED,
)
"""Which collections have been paid over, and their money has come."""


def held(session: Session, partner_id: int) -> list[tuple[Money, Money]]:
    """By currency: what a partner has collected whose money has not come, and what of it comes by its card."""
    keeps = session.scalars(select(Partner.remits).where(Partner.id == partner_id)).one() is Remits.NET
    columns = (PlacedCollection.amount_minor, PlacedCollection.commission_minor, PlacedCollection.tax_minor)
    rows = session.execute(
        select(PlacedCollection.currency, *(cast(func.sum(column), BigInteger) for column in columns))
        .where(PlacedCollection.partner_id == partner_id, PlacedCollection.way == Way.AGENT, ~AT_THE_BANK)
        .group_by(PlacedCollection.currency)
        .order_by(PlacedCollection.currency)
    )
    found = []
    for currency, *minors in rows:
        all_of_it = Priced(*(Money(minor, currency) for minor in minors))
        found.append((all_of_it.amount, all_of_it.rest if keeps else all_of_it.amount))
    return [each for each in found if each[0] or each[1]]
