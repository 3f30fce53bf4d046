"""Insolvency: what a customer reads while proceedings about them are open, and which invoices fall into the estate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.insolvencies import queries
from domain.insolvencies.model import PROCEEDING_NAMES
from domain.receivables import estates
from domain.shared.errors import N_


@dataclass(frozen=True, slots=True)
class Estate:
    """The invoices that are not asked for or paid here, and, while a proceeding is open, whom to turn to."""

    invoice_ids: frozenset[int]
    since: date | None = None
    kind: str = N_("Insolvency proceedings")
    practitioner: str | None = None
    email: str | None = None
    phone: str | None = None
    number: str | None = None


def estate_of(session: Session, account_id: int) -> Estate | None:
    """What of an account falls into an estate; None where nothing does and no proceeding is open."""
    found = estates.in_estate(session, [account_id]).get(account_id)
    if found is None:
        return None
    proceeding = queries.open_of(session, account_id)
    if proceeding is None:
        return Estate(found.invoice_ids, found.since)
    return Estate(
        found.invoice_ids,
        found.since,
        PROCEEDING_NAMES[proceeding.kind],
        proceeding.practitioner,
        proceeding.email,
        proceeding.phone,
        proceeding.number,
    )


def ids_in(estate: Estate | None) -> frozenset[int]:
    """The invoices in it; none where there is none."""
    return estate.invoice_ids if estate else frozenset()
