"""Relation views: who answers for an account besides the customer, which accounts belong to it, what they owe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts.relations import queries
from domain.receivables import queries as receivables
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class GuarantorView:
    """Somebody who answers for an account: for all of it, or up to `most`."""

    id: int
    name: str
    is_person: bool
    email: str | None
    phone: str | None
    address: str | None
    most: Money | None
    since_on: date
    document_id: int | None


@dataclass(frozen=True, slots=True)
class RelatedView:
    """An account that belongs to this one, what it is to it, and what it owes."""

    relation_id: int
    account_id: int
    number: str
    name: str
    words: str
    open: Money
    late: Money


def guarantor_views(session: Session, account_id: int, currency: str) -> list[GuarantorView]:
    """Who answers for an account."""
    return [guarantor_view(row, currency) for row in queries.guarantors(session, account_id)]


def related_views(session: Session, account_id: int) -> list[RelatedView]:
    """The accounts that belong to this one, with what they owe in one more query for all of them."""
    rows = queries.related(session, account_id)
    owed = receivables.owed_by_account(session, [row.account_id for row in rows]) if rows else {}
    return [
        RelatedView(
            relation_id=row.id,
            account_id=row.account_id,
            number=row.number,
            name=row.name,
            words=row.words,
            open=Money(owed.get(row.account_id, (0, 0))[0], row.currency),
            late=Money(owed.get(row.account_id, (0, 0))[1], row.currency),
        )
        for row in rows
    ]


def guarantor_view(row: AnyRow, currency: str) -> GuarantorView:
    """A row of the guarantors as its template wants it."""
    given = {name: getattr(row, name) for name in GuarantorView.__dataclass_fields__ if name != "most"}
    return GuarantorView(**given, most=Money(row.most_minor, currency) if row.most_minor is not None else None)
