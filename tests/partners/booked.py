"""Booked: money that a partner has received, and has told us that it pays over, in one line."""

from __future__ import annotations

from domain.placements.model import Placement
from domain.processing.placing.collecting import Collected, report_collection
from domain.remittances.model import PlacedCollection
from domain.remittances.remitting import Line, Told, tell_remittance
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.partners.conftest import Partners
from tests.support.builders import money


def collected(site: Partners, placement_id: int, amount: str = "120", reference: str = "P-1") -> int:
    """Money that the partner has received."""
    with site.db.transaction() as session:
        placement = session.get_one(Placement, placement_id)
        told = Collected(reference, money(amount), today(session))
        return report_collection(session, placement.account_id, placement_id, told, actor=OPERATOR).id


def remitted(site: Partners, collection_id: int, *, kept: str = "42", tax: str = "8.40", paid: str = "69.60") -> int:
    """What the partner has told us that it pays over for it."""
    with site.db.transaction() as session:
        row = session.get_one(PlacedCollection, collection_id)
        told = Told(
            reference=f"R-{collection_id}",
            currency="GBP",
            remitted_on=today(session),
            paid=money(paid),
            lines=(Line(row.amount, money(kept), money(tax), collection_id=row.id),),
        )
        return tell_remittance(session, row.partner_id, told, actor=OPERATOR).id
