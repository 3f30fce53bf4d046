"""Estates: what somebody owed when an insolvency began falls into their estate, and is not asked for or paid here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from domain.receivables.model import Invoice
from domain.shared.db.session import today
from domain.stops.model import Stop, StopKind, StopLift


@dataclass(frozen=True, slots=True)
class InEstate:
    """Which invoices of an account fall into an estate; `since` is the first day of a proceeding that is open."""

    since: date | None
    invoice_ids: frozenset[int]


NOTHING = InEstate(None, frozenset())


def in_estate(session: Session, account_ids: Collection[int]) -> dict[int, InEstate]:
    """What of these accounts falls into an estate; accounts of which nothing does, and none is open, are left out.

    While a proceeding is open: all that was issued before its first day, and debit notes for that. Once it has ended,
    unless it was dismissed: what it still holds.
    """
    held = session.execute(
        select(Stop.account_id, Stop.invoice_id, Stop.from_on)
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .where(
            Stop.account_id.in_(account_ids),
            Stop.kind == StopKind.INSOLVENCY,
            StopLift.id.is_(None),
            or_(Stop.until_on.is_(None), Stop.until_on >= today(session)),
        )
        .order_by(Stop.id)
    ).all()
    if not held:
        return {}
    whole = {row.account_id: row.from_on for row in held if row.invoice_id is None}
    found: dict[int, set[int]] = {row.account_id: set() for row in held}
    for row in held:
        if row.invoice_id is not None:
            found[row.account_id].add(row.invoice_id)
    for account_id, since in whole.items():
        found[account_id].update(session.scalars(select(Invoice.id).where(_before(account_id, since))))
    return {key: InEstate(whole.get(key), frozenset(ids)) for key, ids in found.items()}


def of_account(session: Session, account_id: int) -> InEstate:
    """The same of one account; NOTHING where there is none."""
    return in_estate(session, [account_id]).get(account_id, NOTHING)


def _before(account_id: int, since: date) -> ColumnElement[bool]:
    parent = aliased(Invoice)
    early = select(parent.id).where(parent.account_id == account_id, parent.issued_on < since)
    return (Invoice.account_id == account_id) & ((Invoice.issued_on < since) | Invoice.parent_id.in_(early))
