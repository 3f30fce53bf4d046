"""Remitting: a debt with a partner, what it has collected of it, and what it says it pays over, in one line."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.placements.model import Partner, Placement, Remits
from domain.processing.placing.collecting import Collected, report_collection
from domain.remittances.costs import Spent, tell_cost
from domain.remittances.invoicing import Invoiced, record_invoice
from domain.remittances.model import CommissionInvoice, PlacedCollection, PlacementCost, Remittance
from domain.remittances.remitting import Line, Told, tell_remittance
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.shared.money import Money
from tests.support.builders import an_account, an_invoice, money
from tests.support.placing import handed_over


def a_placement(session: Session, amount: str = "1200") -> Placement:
    """A debt that lies with a partner who keeps its commission: 25 per cent and 20 per cent tax on that."""
    account = an_account(session)
    return handed_over(session, account, an_invoice(session, account, amount))


def collected(
    session: Session, placement: Placement, amount: str = "120", reference: str = "P-1", *, on: date | None = None
) -> PlacedCollection:
    """Money that the partner has received; by the card it keeps a quarter, and the tax on that."""
    told = Collected(reference, money(amount), on or today(session))
    return report_collection(session, placement.account_id, placement.id, told, actor=OPERATOR)


def remitted(session: Session, *rows: PlacedCollection, reference: str = "R-1", kept: str | None = None) -> Remittance:
    """What the partner says it pays over for these; `kept` is another commission than the card's on the first."""
    lines = [
        Line(row.amount, row.commission if kept is None or index else money(kept), row.tax, collection_id=row.id)
        for index, row in enumerate(rows)
    ]
    paid = money("0")
    for line in lines:
        paid += line.priced.rest
    told = Told(reference, "GBP", today(session), paid, lines)
    return tell_remittance(session, rows[0].partner_id, told, actor=OPERATOR)


def a_cost(session: Session, placement: Placement, amount: str = "25") -> PlacementCost:
    """What the partner has spent on a placement, to be decided."""
    return tell_cost(session, placement, Spent("C-1", money(amount), today(session), "A visit"), actor=OPERATOR)


def invoiced(session: Session, placement: Placement, *rows: PlacedCollection) -> CommissionInvoice:
    """The invoice of a partner, which keeps nothing, for the commission on these; it asks for a pound too much."""
    session.get_one(Partner, placement.partner_id).remits = Remits.GROSS
    net, tax = (Money.sum(each, "GBP") for each in ([row.commission for row in rows], [row.tax for row in rows]))
    asked = Invoiced("I-1", "GBP", today(session), [row.id for row in rows], net + money("1"), tax)
    return record_invoice(session, placement.partner_id, asked, actor=OPERATOR)
