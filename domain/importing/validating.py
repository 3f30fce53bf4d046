"""Validating: compare the waiting rows with each other and with what is stored; decide what each will do."""

from __future__ import annotations

from sqlalchemy import and_, case, func, literal_column, select, update
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.importing.comparing import all_comparisons
from domain.importing.mapping import FileMapping
from domain.importing.model import INVOICES, ROWS, ImportBatch, RemarkKind, RowAct
from domain.importing.remarks import Remarks

NOT_VOID = INVOICES.c.status != literal_column("'void'")
"""Written out, so that SQLite sees that its index of invoices in force answers the question."""


def validate(session: Session, batch_id: int) -> ImportBatch:
    """Check all rows of a batch anew: what each row will do, what is wrong, what is worth a note, and the counts.

    Looks at what is stored now, so the same batch may come to something else later.
    """
    batch = session.get_one(ImportBatch, batch_id, populate_existing=True)
    remarks = Remarks(session, batch_id, reading=False)
    remarks.clear()
    _find_accounts(session, batch_id)
    _skip_repeats(session, batch_id)
    _find_invoices(session, batch_id)
    _decide(session, batch_id)
    for comparison in all_comparisons(batch_id, FileMapping.from_values(batch.mapping)):
        rows, more = remarks.fetch(comparison.query)
        problems = [problem for row in rows for problem in comparison.tell(row)]
        remarks.add(comparison.kind, problems, more=more)
    read = {name: batch.counts[name] for name in ("rows", "read_errors", "read_notes")}
    batch.counts = {
        **read,
        **_counts(session, batch_id),
        "errors": read["read_errors"] + remarks.counts[RemarkKind.ERROR],
        "notes": read["read_notes"] + remarks.counts[RemarkKind.NOTE],
    }
    batch.totals = _totals(session, batch_id)
    session.flush()
    return batch


def _find_accounts(session: Session, batch_id: int) -> None:
    known = select(ACCOUNTS.c.id).where(ACCOUNTS.c.number == ROWS.c.account_number).scalar_subquery()
    session.execute(
        update(ROWS)
        .where(ROWS.c.batch_id == batch_id)
        .values(account_id=known, invoice_id=None, act=None, pay_minor=None)
    )


def _skip_repeats(session: Session, batch_id: int) -> None:
    """A row that comes again in the file adds nothing."""
    earlier = ROWS.alias("earlier")
    again = (
        select(earlier.c.row)
        .where(
            earlier.c.batch_id == batch_id,
            earlier.c.account_number == ROWS.c.account_number,
            earlier.c.invoice_number == ROWS.c.invoice_number,
            earlier.c.row < ROWS.c.row,
        )
        .exists()
    )
    session.execute(update(ROWS).where(ROWS.c.batch_id == batch_id, again).values(act=RowAct.SKIP))


def _find_invoices(session: Session, batch_id: int) -> None:
    known = (
        select(INVOICES.c.id)
        .where(INVOICES.c.account_id == ROWS.c.account_id, INVOICES.c.number == ROWS.c.invoice_number, NOT_VOID)
        .scalar_subquery()
    )
    session.execute(
        update(ROWS)
        .where(ROWS.c.batch_id == batch_id, ROWS.c.act.is_(None), ROWS.c.account_id.is_not(None))
        .values(invoice_id=known)
    )


def _decide(session: Session, batch_id: int) -> None:
    """A row is a new invoice, paid or not; or pays what is open of a known one; or says what we know."""
    still_open = (
        select(func.nullif(INVOICES.c.open_minor, 0)).where(INVOICES.c.id == ROWS.c.invoice_id).scalar_subquery()
    )
    is_new, is_paid = ROWS.c.invoice_id.is_(None), ROWS.c.paid_on.is_not(None)
    session.execute(
        update(ROWS)
        .where(ROWS.c.batch_id == batch_id, ROWS.c.act.is_(None))
        .values(
            act=case(
                (is_new, RowAct.INVOICE),
                (and_(is_paid, still_open.is_not(None)), RowAct.PAYMENT),
                else_=RowAct.SKIP,
            ),
            pay_minor=case((and_(is_new, is_paid), ROWS.c.amount_minor), (is_paid, still_open), else_=None),
        )
    )


def _counts(session: Session, batch_id: int) -> dict[str, int]:
    is_invoice = ROWS.c.act == RowAct.INVOICE
    unknown = case((and_(is_invoice, ROWS.c.account_id.is_(None)), ROWS.c.account_number))
    row = session.execute(
        select(
            func.count(unknown.distinct()).label("accounts"),
            func.count().filter(is_invoice).label("invoices"),
            func.count(ROWS.c.pay_minor).label("payments"),
            func.count().filter(ROWS.c.act == RowAct.SKIP).label("skipped"),
        ).where(ROWS.c.batch_id == batch_id)
    ).one()
    return dict(row._mapping)


def _totals(session: Session, batch_id: int) -> dict[str, dict[str, int]]:
    """In minor units by currency: what is invoiced, and what is paid."""
    invoiced = func.sum(ROWS.c.amount_minor).filter(ROWS.c.act == RowAct.INVOICE)
    rows = session.execute(
        select(ROWS.c.currency, func.coalesce(invoiced, 0), func.coalesce(func.sum(ROWS.c.pay_minor), 0))
        .where(ROWS.c.batch_id == batch_id, ROWS.c.act != RowAct.SKIP)
        .group_by(ROWS.c.currency)
        .order_by(ROWS.c.currency)
    )
    return {currency: {"invoiced": int(invoices), "paid": int(paid)} for currency, invoices, paid in rows}
