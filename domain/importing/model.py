"""Tables of importing: one batch a file, its rows while they wait to be booked, and what there is to say about them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.payments.model import Payment, PaymentChange, PaymentClaim
from domain.receivables.model import Allocation, CreditItem, Invoice, InvoiceLine, Withdrawal
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column


class BatchState(StrEnum):
    """How far an import has come."""

    READING = "reading"
    PREVIEWED = "previewed"
    DONE = "done"
    UNDONE = "undone"


class RowAct(StrEnum):
    """What booking will do with a row."""

    INVOICE = "invoice"
    PAYMENT = "payment"
    SKIP = "skip"


class RemarkKind(StrEnum):
    """An error stops the import; a note only tells."""

    ERROR = "error"
    NOTE = "note"


class ImportBatch(Base):
    """One file: how it was read and matched, what it came to, and what became of it."""

    __tablename__ = "import_batch"

    id: Mapped[PrimaryKey]
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    read_as: Mapped[dict[str, Any]] = mapped_column(JSON)
    header_print: Mapped[str | None] = mapped_column(String(64))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    totals: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    prepared_at: Mapped[Instant]
    booked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_import_batch_headers", "header_print", "id"),)


class ImportRow(Base):
    """One row as it was read, waiting to be booked; gone once it is."""

    __tablename__ = "import_row"

    batch_id: Mapped[int] = mapped_column(Key, ForeignKey("import_batch.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_number: Mapped[str] = mapped_column(String(64))
    invoice_number: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    tax_minor: Mapped[int | None] = mapped_column(BigInteger)
    paid_on: Mapped[date | None] = mapped_column(Date)
    account_name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    country: Mapped[str | None] = mapped_column(String(2))
    language: Mapped[str | None] = mapped_column(String(5))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    description: Mapped[str | None] = mapped_column(Text)
    purchase_order: Mapped[str | None] = mapped_column(String(100))
    delivered_on: Mapped[date | None] = mapped_column(Date)
    payment_public_id: Mapped[str | None] = mapped_column(String(26))
    account_id: Mapped[int | None] = mapped_column(Key)
    invoice_id: Mapped[int | None] = mapped_column(Key)
    act: Mapped[RowAct | None] = mapped_column(enum_column(RowAct))
    pay_minor: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_import_row_invoice", "batch_id", "account_number", "invoice_number", "row"),)


class ImportRemark(Base):
    """One error or note: where, what was found there, what was expected."""

    __tablename__ = "import_remark"

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(Key, ForeignKey("import_batch.id"))
    kind: Mapped[RemarkKind] = mapped_column(enum_column(RemarkKind))
    reading: Mapped[bool]
    row: Mapped[int | None]
    column: Mapped[str | None] = mapped_column(Text)
    found: Mapped[str] = mapped_column(Text)
    expected: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index("ix_import_remark_batch", "batch_id", "kind", "row", "id"),)


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


BATCHES, ROWS, REMARKS = map(_table, (ImportBatch, ImportRow, ImportRemark))
INVOICES, INVOICE_LINES, CREDIT_ITEMS = map(_table, (Invoice, InvoiceLine, CreditItem))
ALLOCATIONS, WITHDRAWALS = map(_table, (Allocation, Withdrawal))
PAYMENTS, PAYMENT_CHANGES, CLAIMS = map(_table, (Payment, PaymentChange, PaymentClaim))
