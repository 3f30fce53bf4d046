"""Checks: open amounts and unapplied credit are what allocations say, and together what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Select, String, Subquery, cast, func, literal, select
from sqlalchemy.orm import Session

from domain.ledger.balances import posted_on
from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.ledger.model import STREAMS
from domain.receivables.model import (
    Allocation,
    CreditItem,
    CreditKind,
    CreditMove,
    Invoice,
    InvoiceStatus,
    Withdrawal,
    WithdrawalKind,
)


def check_receivables(session: Session) -> Iterator[Finding]:
    """Everything that does not add up between invoices, credit, allocations and the receivable of each account."""
    yield from _open_amounts(session)
    yield from _unapplied(session)
    yield from _receivables(session)
    yield from _moves(session)


def _open_amounts(session: Session) -> Iterator[Finding]:
    for row in session.execute(_open_otherwise()):
        words = f"invoice {row.number} is open by another amount than its allocations leave"
        yield Finding("invoice_open", f"invoice:{row.id}", words, str(row.expected), str(row.open_minor))
    for row in session.execute(_void_and_settled()):
        words = f"invoice {row.number} is not issued, and yet something is open or settled on it"
        yield Finding("invoice_void", f"invoice:{row.id}", words, "0", f"{row.open_minor} open, {row.minor} settled")


def _unapplied(session: Session) -> Iterator[Finding]:
    for row in session.execute(_left_otherwise()):
        words = "a credit item has another amount left than its allocations and withdrawals leave"
        yield Finding("credit_unapplied", f"credit_item:{row.id}", words, str(row.expected), str(row.unapplied_minor))


def _receivables(session: Session) -> Iterator[Finding]:
    for row in session.execute(_owed_otherwise()):
        words = "open amounts less unapplied credit are not the account's receivable"
        yield Finding("receivable", f"account:{row.account_id}", words, str(row.expected), str(row.balance))


def _moves(session: Session) -> Iterator[Finding]:
    """Nothing stays in transit, and each move took away and brought what it says."""
    for currency, minor in posted_on(session, LedgerAccount.TRANSFERS_IN_TRANSIT).items():
        if minor:
            words = "credit has left one account and not arrived at another"
            yield Finding("transfers_in_transit", f"transfers_in_transit:{currency}", words, "0", str(minor))
    for row in session.execute(_moved_otherwise()):
        words = "a move of credit took away or brought another amount"
        found = f"{row.taken} taken, {row.brought} brought"
        yield Finding("credit_move", f"credit_move:{row.id}", words, str(row.amount_minor), found)


def _settled() -> Subquery:
    """What is allocated to each invoice."""
    return (
        select(Allocation.invoice_id, func.sum(Allocation.amount_minor).label("minor"))
        .group_by(Allocation.invoice_id)
        .subquery()
    )


@cache
def _open_otherwise() -> Select[int, str, int, int]:
    settled = _settled()
    expected = Invoice.amount_minor - func.coalesce(settled.c.minor, 0)
    return (
        select(Invoice.id, Invoice.number, Invoice.open_minor, expected.label("expected"))
        .outerjoin(settled, settled.c.invoice_id == Invoice.id)
        .where(Invoice.status == InvoiceStatus.ISSUED, Invoice.open_minor != expected)
        .order_by(Invoice.id)
    )


@cache
def _void_and_settled() -> Select[Any]:
    settled = _settled()
    return (
        select(Invoice.id, Invoice.number, Invoice.open_minor, settled.c.minor)
        .outerjoin(settled, settled.c.invoice_id == Invoice.id)
        .where(
            Invoice.status != InvoiceStatus.ISSUED,
            (Invoice.open_minor != 0) | (func.coalesce(settled.c.minor, 0) != 0),
        )
        .order_by(Invoice.id)
    )


@cache
def _left_otherwise() -> Select[int, int, int]:
    applied = (
        select(Allocation.credit_item_id, func.sum(Allocation.amount_minor).label("minor"))
        .group_by(Allocation.credit_item_id)
        .subquery()
    )
    gone = (
        select(Withdrawal.credit_item_id, func.sum(Withdrawal.amount_minor).label("minor"))
        .group_by(Withdrawal.credit_item_id)
        .subquery()
    )
    left = CreditItem.amount_minor - func.coalesce(applied.c.minor, 0) - func.coalesce(gone.c.minor, 0)
    return (
        select(CreditItem.id, CreditItem.unapplied_minor, left.label("expected"))
        .outerjoin(applied, applied.c.credit_item_id == CreditItem.id)
        .outerjoin(gone, gone.c.credit_item_id == CreditItem.id)
        .where(CreditItem.voided_at.is_(None), CreditItem.unapplied_minor != left)
        .order_by(CreditItem.id)
    )


@cache
def _owed_otherwise() -> Select[Any]:
    opened = (
        select(Invoice.account_id, func.sum(Invoice.open_minor).label("minor")).group_by(Invoice.account_id).subquery()
    )
    credit = (
        select(CreditItem.account_id, func.sum(CreditItem.unapplied_minor).label("minor"))
        .group_by(CreditItem.account_id)
        .subquery()
    )
    expected = func.coalesce(opened.c.minor, 0) - func.coalesce(credit.c.minor, 0)
    return (
        select(STREAMS.c.account_id, STREAMS.c.balance, expected.label("expected"))
        .outerjoin(opened, opened.c.account_id == STREAMS.c.account_id)
        .outerjoin(credit, credit.c.account_id == STREAMS.c.account_id)
        .where(STREAMS.c.account_id.is_not(None), STREAMS.c.balance != expected)
        .order_by(STREAMS.c.account_id)
    )


@cache
def _moved_otherwise() -> Select[Any]:
    source = literal("credit_move:").concat(cast(CreditMove.id, String))
    taken = (
        select(func.coalesce(func.sum(Withdrawal.amount_minor), 0))
        .where(Withdrawal.kind == WithdrawalKind.MOVED, Withdrawal.source == source)
        .scalar_subquery()
    )
    brought = (
        select(func.coalesce(func.sum(CreditItem.amount_minor), 0))
        .where(CreditItem.kind == CreditKind.MOVED, CreditItem.source == source)
        .scalar_subquery()
    )
    return (
        select(CreditMove.id, CreditMove.amount_minor, taken.label("taken"), brought.label("brought"))
        .where((taken != CreditMove.amount_minor) | (brought != CreditMove.amount_minor))
        .order_by(CreditMove.id)
    )
