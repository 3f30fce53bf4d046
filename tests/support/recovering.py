"""Recovering: money that comes in on a placement, and what a partner spends and does, in one line each."""

from __future__ import annotations

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.placements.correspondence.model import NoteKind, PlacementNote
from domain.placements.model import Placement
from domain.receivables.model import Invoice
from domain.remittances.costs import Spent, accept_cost, refuse_cost, tell_cost
from domain.remittances.model import PlacedCollection
from domain.shared.actor import OPERATOR
from domain.shared.db.session import now, today
from tests.support.builders import money
from tests.support.credit import a_cheque
from tests.support.remitting import collected

_numbers = count(1)


def came(session: Session, placement: Placement, amount: str, *, on: date | None = None) -> PlacedCollection:
    """Money that the debtor paid to the partner."""
    return collected(session, placement, amount, f"R-{next(_numbers)}", on=on)


def came_to_us(session: Session, placement: Placement, amount: str, invoice: Invoice) -> None:
    """Money that the debtor paid to us for an invoice that lay with the partner."""
    account = session.get_one(Account, placement.account_id)
    a_cheque(session, account, amount, wanted={invoice.id: money(amount)})


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
