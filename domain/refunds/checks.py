"""Checks: what was taken for each refund is its amount, and what passes through the ledger is what is under way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import Session

from domain.ledger.balances import posted_on
from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.receivables.model import Invoice, OwedAgain, Withdrawal, WithdrawalKind
from domain.refunds.model import ENDED, Refund, RefundSource


def check_refunds(session: Session) -> Iterator[Finding]:
    """Everything that does not add up between refunds, what was taken for them, and the ledger."""
    yield from _taken(session)
    yield from _passing(session)


def _taken(session: Session) -> Iterator[Finding]:
    """A refund that lives has taken its amount (from credit, or owed again); one that ended, or waits, nothing."""
    for row in session.execute(_unlike_taken()):
        words = "what was taken from the account for a refund is not what goes back"
        yield Finding("refund_taken", f"refund:{row.public_id}", words, str(row.expected), str(row.found))


def _passing(session: Session) -> Iterator[Finding]:
    """Granted and not yet moved stands in transit; moved and not yet explained stands among what is to explain."""
    for account, outside in ((LedgerAccount.REFUNDS_IN_TRANSIT, False), (LedgerAccount.REFUNDS_TO_EXPLAIN, True)):
        rows = session.execute(_passed(outside=outside))
        expected = {currency: int(minor) for currency, minor in rows}
        posted = posted_on(session, account)
        for currency in sorted(expected.keys() | posted.keys()):
            want, have = expected.get(currency, 0), posted.get(currency, 0)
            if want != have:
                words = f"{account.line.name.lower()} is not the sum of the refunds that are there"
                yield Finding("refunds_passing", f"{account.value}:{currency.lower()}", words, str(want), str(have))


@cache
def _unlike_taken() -> Select[Any]:
    gone = (
        select(Withdrawal.source, func.sum(Withdrawal.amount_minor).label("minor"))
        .where(Withdrawal.kind == WithdrawalKind.REFUND)
        .group_by(Withdrawal.source)
        .subquery()
    )
    back = (
        select(Withdrawal.source, func.sum(Withdrawal.amount_minor).label("minor"))
        .where(Withdrawal.kind == WithdrawalKind.REFUND, Withdrawal.amount_minor < 0)
        .group_by(Withdrawal.source)
        .subquery()
    )
    owed = (
        select(OwedAgain.source, func.sum(Invoice.amount_minor).label("minor"))
        .join(Invoice, Invoice.id == OwedAgain.invoice_id)
        .group_by(OwedAgain.source)
        .subquery()
    )
    name = literal("refund:").concat(Refund.public_id)
    idle = Refund.status.in_(ENDED) | (Refund.source == RefundSource.UNEXPLAINED)
    expected = case((idle, 0), else_=Refund.amount_minor)
    again = case((idle, 0), else_=func.coalesce(owed.c.minor, 0))
    found = func.coalesce(gone.c.minor, 0) + func.coalesce(back.c.minor, 0) + again
    return (
        select(Refund.public_id, expected.label("expected"), found.label("found"))
        .outerjoin(gone, gone.c.source == name)
        .outerjoin(back, back.c.source == name.concat(":undone"))
        .outerjoin(owed, owed.c.source == name)
        .where(expected != found)
        .order_by(Refund.id)
    )


@cache
def _passed(*, outside: bool) -> Select[str, int]:
    """By currency: what has moved, less what was granted."""
    granted = case((Refund.status.in_(ENDED) | (Refund.source == RefundSource.UNEXPLAINED), 0), else_=1)
    moved = case((Refund.moved_at.is_(None), 0), else_=1) - case((Refund.moved_back_at.is_(None), 0), else_=1)
    return (
        select(Refund.currency, func.sum(Refund.amount_minor * (moved - granted)))
        .where(Refund.outside.is_(outside))
        .group_by(Refund.currency)
    )
