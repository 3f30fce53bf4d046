"""Posting: the ledger entries of a file's rows, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.importing.mapping import BookedAs
from domain.importing.model import ROWS, RowAct
from domain.importing.progress import Progress, Step
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import STREAMS
from domain.ledger.posting import Draft, EntryKind, credit, debit, post_many
from domain.shared.money import Money

CHUNK = 2_000


def post_rows(session: Session, batch_id: int, booked_as: BookedAs, progress: Progress) -> None:
    """Post each new invoice on its day of issue, and each payment on the day on which it came."""
    total = session.scalar(
        select(func.count()).select_from(ROWS).where(ROWS.c.batch_id == batch_id, ROWS.c.act != RowAct.SKIP)
    )
    _lock_streams(session, batch_id)
    done, last = 0, 0
    while rows := session.execute(_rows_to_post(batch_id, last)).all():
        post_many(session, (draft for row in rows for draft in _drafts(row, booked_as)))
        done, last = done + len(rows), rows[-1].row
        progress(Step.POSTING, done, total)


def _lock_streams(session: Session, batch_id: int) -> None:
    """All at once and by account, so that nobody who locks many in the house's order waits for us while we wait."""
    touched = select(ROWS.c.account_id).where(ROWS.c.batch_id == batch_id, ROWS.c.act != RowAct.SKIP)
    session.execute(
        select(STREAMS.c.id).where(STREAMS.c.account_id.in_(touched)).order_by(STREAMS.c.account_id).with_for_update()
    ).all()


def _rows_to_post(batch_id: int, after: int) -> Select[Any]:
    return (
        select(
            ROWS.c.row,
            ROWS.c.act,
            ROWS.c.account_id,
            ROWS.c.invoice_id,
            ROWS.c.currency,
            ROWS.c.amount_minor,
            func.coalesce(ROWS.c.tax_minor, 0).label("tax_minor"),
            ROWS.c.pay_minor,
            ROWS.c.issued_on,
            ROWS.c.paid_on,
            ROWS.c.payment_public_id,
        )
        .where(ROWS.c.batch_id == batch_id, ROWS.c.act != RowAct.SKIP, ROWS.c.row > after)
        .order_by(ROWS.c.row)
        .limit(CHUNK)
    )


def _drafts(row: Any, booked_as: BookedAs) -> Iterator[Draft]:
    if row.act is RowAct.INVOICE:
        yield _invoice_draft(row, booked_as)
    if row.pay_minor is not None:
        amount = Money(row.pay_minor, row.currency)
        yield Draft(
            EntryKind.IMPORTED_RECEIPT,
            f"payment:{row.payment_public_id}",
            row.paid_on,
            [
                debit(LedgerAccount.IMPORTED_RECEIPTS, amount),
                credit(LedgerAccount.RECEIVABLE, amount, account_id=row.account_id),
            ],
        )


def _invoice_draft(row: Any, booked_as: BookedAs) -> Draft:
    whole, tax = Money(row.amount_minor, row.currency), Money(row.tax_minor, row.currency)
    receivable = debit(LedgerAccount.RECEIVABLE, whole, account_id=row.account_id)
    source = f"invoice:{row.invoice_id}"
    if booked_as is BookedAs.OPENING_BALANCE:
        legs = [receivable, credit(LedgerAccount.OPENING_BALANCES, whole)]
        return Draft(EntryKind.OPENING_BALANCE, source, row.issued_on, legs)
    legs = [receivable, credit(LedgerAccount.SALES, whole - tax), credit(LedgerAccount.TAX_PAYABLE, tax)]
    return Draft(EntryKind.INVOICE_ISSUED, source, row.issued_on, legs)
