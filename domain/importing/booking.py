"""Booking: turn a previewed file into accounts, invoices, payments and ledger entries, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, insert, literal, select, update
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.audit import recording as audit
from domain.documents import filing
from domain.documents.model import Category
from domain.documents.storage import Store
from domain.importing import validating
from domain.importing.mapping import BookedAs, FileMapping
from domain.importing.model import (
    ALLOCATIONS,
    CREDIT_ITEMS,
    INVOICE_LINES,
    INVOICES,
    PAYMENT_CHANGES,
    PAYMENTS,
    ROWS,
    BatchState,
    ImportBatch,
    RowAct,
)
from domain.importing.opening import open_new_accounts
from domain.importing.progress import Progress, Step, silent
from domain.importing.reading import blocks
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import Draft, EntryKind, credit, debit, post_many
from domain.payments.model import PaymentMethod, PaymentStatus
from domain.receivables.model import CreditKind, InvoiceKind, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.money import Money

CHUNK = 2_000
CSV = "text/csv"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IS_INVOICE = ROWS.c.act == RowAct.INVOICE
IS_PAID = ROWS.c.pay_minor.is_not(None)


class ImportRefused(Conflict):
    """The file has errors, or has got some since it was previewed: nothing was booked."""


def lock_batch(session: Session, batch_id: int) -> ImportBatch:
    """The batch, locked against a second booking of it; NotFound where there is none."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NotFound
    return batch


def book(
    session: Session, batch_id: int, *, actor: Actor, store: Store | None = None, progress: Progress = silent
) -> ImportBatch:
    """Book a previewed batch in the session's one transaction; its counts and totals then say what was added.

    The file itself is filed as a document where the store is given that it was prepared with. Safe to repeat: a
    batch that is done comes back unchanged. Raises ImportRefused when the file has errors, Conflict when it is undone.
    """
    batch = lock_batch(session, batch_id)
    if batch.state is BatchState.DONE:
        return batch
    if batch.state is not BatchState.PREVIEWED:
        raise Conflict(N_("This file is not ready to be imported."))
    mapping = FileMapping.from_values(batch.mapping)
    progress(Step.BOOKING, 0, None)
    opened = open_new_accounts(session, batch_id, invite=mapping.invite, actor=actor)
    _lock_accounts(session, batch_id)
    validating.validate(session, batch_id)
    if batch.counts["errors"]:
        raise ImportRefused(N_("The file has {count} errors; nothing was imported."), count=batch.counts["errors"])
    _insert_invoices(session, batch_id)
    _insert_payments(session, batch_id, actor)
    _post(session, batch_id, mapping.booked_as, progress)
    if store is not None:
        _file(session, store, batch, actor)
    return _finish(session, batch, opened, actor)


def _file(session: Session, store: Store, batch: ImportBatch, actor: Actor) -> None:
    with store.open(batch.sha256) as content:
        filing.file(
            session,
            store,
            blocks(content),
            media_type=WORKBOOK if "sheet" in batch.read_as else CSV,
            category=Category.IMPORT,
            filename=batch.file_name,
            account_id=None,
            subject=("import", batch.id),
            actor=actor,
        )


def _finish(session: Session, batch: ImportBatch, opened: int, actor: Actor) -> ImportBatch:
    session.execute(delete_from(ROWS).where(ROWS.c.batch_id == batch.id))
    batch.state = BatchState.DONE
    batch.booked_at = now(session)
    batch.counts = {**batch.counts, "accounts": opened}
    audit.record(
        session,
        "import.booked",
        actor=actor,
        subject=("import", batch.id),
        after={"file": batch.file_name, "sha256": batch.sha256, **batch.counts},
    )
    session.flush()
    return batch


def _lock_accounts(session: Session, batch_id: int) -> None:
    """Every account that the file touches, in ascending id, as everybody locks them."""
    touched = select(ROWS.c.account_number).where(ROWS.c.batch_id == batch_id)
    session.execute(
        select(ACCOUNTS.c.id).where(ACCOUNTS.c.number.in_(touched)).order_by(ACCOUNTS.c.id).with_for_update()
    ).all()


def _insert_invoices(session: Session, batch_id: int) -> None:
    tax = func.coalesce(ROWS.c.tax_minor, 0)
    _insert_selected(
        session,
        INVOICES,
        {
            "account_id": ROWS.c.account_id,
            "kind": InvoiceKind.INVOICE,
            "number": ROWS.c.invoice_number,
            "status": InvoiceStatus.ISSUED,
            "issued_on": ROWS.c.issued_on,
            "due_on": ROWS.c.due_on,
            "currency": ROWS.c.currency,
            "amount_minor": ROWS.c.amount_minor,
            "tax_minor": tax,
            "open_minor": ROWS.c.amount_minor,
            "description": ROWS.c.description,
            "purchase_order": ROWS.c.purchase_order,
            "import_id": batch_id,
            "recorded_at": now(session),
        },
        select().where(ROWS.c.batch_id == batch_id, IS_INVOICE).order_by(ROWS.c.row),
    )
    known = (
        select(INVOICES.c.id)
        .where(
            INVOICES.c.account_id == ROWS.c.account_id,
            INVOICES.c.number == ROWS.c.invoice_number,
            validating.NOT_VOID,
        )
        .scalar_subquery()
    )
    session.execute(update(ROWS).where(ROWS.c.batch_id == batch_id, IS_INVOICE).values(invoice_id=known))
    _insert_selected(
        session,
        INVOICE_LINES,
        {
            "invoice_id": ROWS.c.invoice_id,
            "position": 1,
            "description": func.coalesce(ROWS.c.description, ROWS.c.invoice_number),
            "amount_minor": ROWS.c.amount_minor - tax,
            "tax_minor": tax,
        },
        select().where(ROWS.c.batch_id == batch_id, IS_INVOICE).order_by(ROWS.c.row),
    )


def _insert_payments(session: Session, batch_id: int, actor: Actor) -> None:
    """A succeeded payment for each paid row, its credit, wholly allocated, and the invoice settled."""
    at = now(session)
    paid = select().where(ROWS.c.batch_id == batch_id, IS_PAID).order_by(ROWS.c.row)
    _insert_selected(
        session,
        PAYMENTS,
        {
            "public_id": ROWS.c.payment_public_id,
            "account_id": ROWS.c.account_id,
            "method": PaymentMethod.IMPORTED,
            "status": PaymentStatus.SUCCEEDED,
            "currency": ROWS.c.currency,
            "amount_minor": ROWS.c.pay_minor,
            "created_at": at,
            "effective_on": ROWS.c.paid_on,
            "recorded_at": at,
            "import_id": batch_id,
        },
        paid,
    )
    _insert_selected(
        session,
        PAYMENT_CHANGES,
        {
            "payment_id": PAYMENTS.c.id,
            "after": PaymentStatus.SUCCEEDED,
            "at": at,
            "actor_kind": actor.kind.value,
            "actor_id": actor.id,
        },
        select().where(PAYMENTS.c.import_id == batch_id).order_by(PAYMENTS.c.id),
    )
    _insert_selected(
        session,
        CREDIT_ITEMS,
        {
            "account_id": ROWS.c.account_id,
            "kind": CreditKind.PAYMENT,
            "source": ROWS.c.payment_public_id,
            "currency": ROWS.c.currency,
            "amount_minor": ROWS.c.pay_minor,
            "unapplied_minor": 0,
            "effective_on": ROWS.c.paid_on,
            "import_id": batch_id,
            "recorded_at": at,
        },
        paid,
    )
    _insert_selected(
        session,
        ALLOCATIONS,
        {
            "account_id": ROWS.c.account_id,
            "credit_item_id": CREDIT_ITEMS.c.id,
            "invoice_id": ROWS.c.invoice_id,
            "amount_minor": ROWS.c.pay_minor,
            "effective_on": ROWS.c.paid_on,
            "recorded_at": at,
        },
        paid.join_from(
            ROWS,
            CREDIT_ITEMS,
            (CREDIT_ITEMS.c.kind == CreditKind.PAYMENT) & (CREDIT_ITEMS.c.source == ROWS.c.payment_public_id),
        ),
    )
    settled = select(ROWS.c.invoice_id).where(ROWS.c.batch_id == batch_id, IS_PAID)
    session.execute(update(INVOICES).where(INVOICES.c.id.in_(settled)).values(open_minor=0))


def _insert_selected(session: Session, table: Any, values: dict[str, Any], where: Select[Any]) -> None:
    """INSERT … SELECT: each column of `values` an expression over the selected rows, or the same value for all."""
    columns = [
        value if hasattr(value, "comparator") else literal(value, table.c[name].type) for name, value in values.items()
    ]
    session.execute(insert(table).from_select(list(values), where.add_columns(*columns)))


def _post(session: Session, batch_id: int, booked_as: BookedAs, progress: Progress) -> None:
    total = session.scalar(
        select(func.count()).select_from(ROWS).where(ROWS.c.batch_id == batch_id, ROWS.c.act != RowAct.SKIP)
    )
    done, last = 0, 0
    while rows := session.execute(_rows_to_post(batch_id, last)).all():
        post_many(session, (draft for row in rows for draft in _drafts(row, booked_as)))
        done, last = done + len(rows), rows[-1].row
        progress(Step.POSTING, done, total)


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
