"""The table of documents: immutable files, found by the hash of their content."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, enum_column
from domain.shared.db.guards import APPEND_ONLY


class Category(StrEnum):
    """What sort of paper it is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    STATEMENT = "statement"
    RECEIPT = "receipt"
    IMPORT = "import"
    BANK_FILE = "bank_file"
    ADVICE = "advice"
    CREDIT_APPLICATION = "credit_application"
    CREDIT_CHECK = "credit_check"
    TERMS = "terms"
    NOTICE = "notice"
    MESSAGE = "message"
    AGREEMENT = "agreement"
    DISCHARGE = "discharge"


class Document(Base):
    """One file as filed: its content lies in the store under its SHA-256 and never changes."""

    __tablename__ = "document"

    id: Mapped[PrimaryKey]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    category: Mapped[Category] = mapped_column(enum_column(Category))
    filename: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(Key)
    filed_at: Mapped[Instant]

    __table_args__ = (
        Index("ix_document_subject", "subject_kind", "subject_id", "category"),
        Index("ix_document_account", "account_id", "id"),
        {"info": {APPEND_ONLY: True}},
    )


DOCUMENTS = Base.metadata.tables[Document.__tablename__]
"""The table itself, for Core statements."""
