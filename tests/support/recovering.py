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
from domain.remittances.model import CostStatus, PlacedCollection, PlacementCost, Way
from domain.shared.db.session import now, today
from tests.support.builders import a_receipt, money

_numbers = count(1)


def came(
    session: Session,
    placement: Placement,
    amount: str,
    invoice: Invoice | None = None,
    *,
    way: Way = Way.AGENT,
    on: date | None = None,
) -> PlacedCollection:
    """Money that the debtor paid to the partner, or to us, with its commission and a fifth of that as tax."""
    assert placement.rate_bp is not None
    account = session.get_one(Account, placement.account_id)
    day = on or today(session)
    payment = a_receipt(session, account, amount, day, *([invoice] if invoice else []))
    return collections.add(
        session,
        placement,
        payment.id,
        money(amount, placement.currency),
        way=way,
        rate_bp=placement.rate_bp,
        tax_percent=Decimal(20),
        received_on=day,
        reference=f"R-{next(_numbers)}" if way is Way.AGENT else None,
    )


def spent(session: Session, placement: Placement, amount: str, status: CostStatus = CostStatus.ACCEPTED) -> None:
    """What the partner has spent on it; we have accepted it, unless told otherwise."""
    session.add(
        PlacementCost(
            placement_id=placement.id,
            partner_id=placement.partner_id,
            account_id=placement.account_id,
            reference=f"C-{next(_numbers)}",
            currency=placement.currency,
            amount_minor=money(amount, placement.currency).minor,
            spent_on=today(session),
            what="A search",
            status=status,
            told_at=now(session),
            decided_at=None if status is CostStatus.TOLD else now(session),
        )
    )
    session.flush()


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
