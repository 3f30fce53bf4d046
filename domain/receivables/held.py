"""Held: which open invoices stops hold today, and how much of each."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from sqlalchemy import Date, Select, bindparam, select
from sqlalchemy.orm import Session

from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.stops import holding
from domain.stops.model import StopKind
from domain.stops.queries import is_held

DISPUTED = frozenset({StopKind.DISPUTE})
"""The stops over what customers contest: nobody asks them for that, though they may pay it."""
ON_PLAN = frozenset({StopKind.PLAN, StopKind.PLAN_BEARING})
"""The stops over what a payment plan pays, part by part."""
WITH_PARTNERS = frozenset({StopKind.PLACEMENT})
"""The stops over what an agency or an attorney collects for us: more time and parts are agreed with them."""


def held_parts(session: Session, account_ids: Collection[int], kinds: Collection[StopKind]) -> dict[int, Money]:
    """How much of what is open on each invoice of these accounts is held by stops of these kinds, by invoice.

    Invoices without any are left out; a stop on a whole account holds all that is open on it.
    """
    asked = {"accounts": list(account_ids), "day": today(session)}
    rows = session.execute(_held_invoices(frozenset(kinds)), asked).all()
    if not rows:
        return {}
    holds = holding.holds_on(session, {row.id: row.account_id for row in rows}, kinds)
    return {row.id: Money(holding.held(holds[row.id], today(session), row.open_minor), row.currency) for row in rows}


@cache
def _held_invoices(kinds: frozenset[StopKind]) -> Select[int, int, str, int]:
    return select(Invoice.id, Invoice.account_id, Invoice.currency, Invoice.open_minor).where(
        Invoice.account_id.in_(bindparam("accounts", expanding=True)),
        Invoice.open_minor > 0,
        Invoice.status == InvoiceStatus.ISSUED,
        is_held(Invoice.account_id, Invoice.id, kinds, bindparam("day", type_=Date)),
    )
