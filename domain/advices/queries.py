"""Queries: the advices of transfers that have not come yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain.advices.model import RemittanceAdvice, RemittanceAdviceLine
from domain.receivables.model import Invoice
from domain.shared.db.session import today
from domain.shared.money import Money

WAITED_FOR = timedelta(days=60)
"""So long after its day an advice still counts: then nobody waits for that transfer any more."""
TOLD = (
    select(RemittanceAdviceLine.invoice_id, func.sum(RemittanceAdviceLine.amount_minor).label("minor"))
    .join(RemittanceAdvice, RemittanceAdvice.id == RemittanceAdviceLine.advice_id)
    .where(
        RemittanceAdvice.account_id.in_(bindparam("accounts", expanding=True)),
        RemittanceAdvice.closed_at.is_(None),
        RemittanceAdvice.expected_on >= bindparam("since"),
    )
    .group_by(RemittanceAdviceLine.invoice_id)
)


@dataclass(frozen=True, slots=True)
class OpenAdvice:
    """A transfer that is coming; `lines` are (invoice id, how much of it), `numbers` the invoices' in that order.

    `is_settled` says that nothing is open on any of them: the money came in another way, and nobody waits for it.
    """

    id: int
    account_id: int
    total: Money
    lines: tuple[tuple[int, Money], ...]
    numbers: tuple[str, ...]
    expected_on: date
    document_id: int | None
    is_settled: bool


def told_of(session: Session, account_ids: Collection[int], *, since: date) -> dict[int, int]:
    """How much of each invoice of these accounts, by its id and in minor units, open advices say is on its way.

    Those alone that were expected on `since` or later.
    """
    rows = session.execute(TOLD, {"accounts": list(account_ids), "since": since})
    return {row.invoice_id: int(row.minor) for row in rows}


def open_advices(session: Session, account_id: int | None = None) -> list[OpenAdvice]:
    """What payers told us of and what has not come, of one account or of all, the soonest expected first."""
    query = select(RemittanceAdvice).where(
        RemittanceAdvice.closed_at.is_(None), RemittanceAdvice.expected_on >= today(session) - WAITED_FOR
    )
    if account_id is not None:
        query = query.where(RemittanceAdvice.account_id == account_id)
    found = session.scalars(query.order_by(RemittanceAdvice.expected_on, RemittanceAdvice.id)).all()
    lines: dict[int, list[tuple[int, Money, str]]] = defaultdict(list)
    unsettled: set[int] = set()
    rows = session.execute(
        select(
            RemittanceAdviceLine.advice_id,
            Invoice.id,
            RemittanceAdviceLine.amount_minor,
            Invoice.number,
            Invoice.open_minor,
        )
        .join(Invoice, Invoice.id == RemittanceAdviceLine.invoice_id)
        .where(RemittanceAdviceLine.advice_id.in_([advice.id for advice in found]))
        .order_by(Invoice.due_on, Invoice.id)
    )
    currency = {advice.id: advice.currency for advice in found}
    for row in rows:
        lines[row.advice_id].append((row.id, Money(row.amount_minor, currency[row.advice_id]), row.number))
        if row.open_minor:
            unsettled.add(row.advice_id)
    return [
        OpenAdvice(
            advice.id,
            advice.account_id,
            advice.total,
            tuple((invoice, amount) for invoice, amount, _ in lines[advice.id]),
            tuple(number for _, _, number in lines[advice.id]),
            advice.expected_on,
            advice.document_id,
            advice.id not in unsettled,
        )
        for advice in found
    ]
