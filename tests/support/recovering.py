"""Recovering: money that comes in on a placement, and what a partner spends and does, in one line each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.placements.correspondence.model import NoteKind, PlacementNote
from domain.placements.model import Placement
from domain.receivables.model import Invoice
from domain.remittances import collections
from domain.remittances.costs import Spent, accept_cost, refuse_cost, tell_cost
from domain.remittances.model import PlacedCollection, Way
from domain.shared.actor import OPERATOR
from domain.shared.db.session import now, today
from tests.support.builders import a_receipt, money
from tests.support.remitting import TAX, collected

_numbers = count(1)


def came(session: Session, placement: Placement, amount: str, *, on: date | None = None) -> PlacedCollection:
    """Money that the debtor paid to the partner."""
    return collected(session, placement, amount, f"R-{next(_numbers)}", on=on)


def came_to_us(session: Session, placement: Placement, amount: str, invoice: Invoice) -> PlacedCollection:
    """Money that the debtor paid to us for an invoice that lay with the partner."""
    payment = a_receipt(session, session.get_one(Account, placement.account_id), amount, today(session), invoice)
    return collections.add(
        session,
        placement,
        payment.id,
        money(amount),
        way=Way.DIRECT,
        rate_bp=placement.rate_bp or 0,
        tax_percent=Decimal(TAX),
        received_on=today(session),
    )


def spent(session: Session, placement: Placement, amount: str, *, accepted: bool = True) -> None:
    """What the partner has spent on it, which we accept or refuse."""
    asked = Spent(f"C-{next(_numbers)}", money(amount), today(session), "A search")
    cost = tell_cost(session, placement, asked, actor=OPERATOR)
    if accepted:
        accept_cost(session, cost.id, actor=OPERATOR)
    else:
        refuse_cost(session, cost.id, why="Not agreed.", actor=OPERATOR)


def did(session: Session, placement: Placement, words: str = "Rang them.", on: date | None = None) -> None:
    """The partner writes down what it has done."""
    session.add(
        PlacementNote(
            placement_id=placement.id,
            kind=NoteKind.ACTIVITY,
            happened_on=on or today(session),
            words=words,
            at=now(session),
            actor_kind="operator",
        )
    )
    session.flush()
