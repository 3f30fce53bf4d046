"""Tables of documents: immutable files, found by the hash of their content, and what became of them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column
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
    CONTRACT = "contract"
    PURCHASE_ORDER = "purchase_order"
    PROOF_OF_DELIVERY = "proof_of_delivery"
    CORRESPONDENCE = "correspondence"
    GUARANTEE = "guarantee"
    EVIDENCE = "evidence"
    EVIDENCE_PACK = "evidence_pack"


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
        Index("ix_document_category", "category", "id"),
        Index("ix_document_filed", "category", "filed_at"),
        {"info": {APPEND_ONLY: True}},
    )


class Picture(Base):
    """A content that we made anew from its pixels, and so may show inside a page; its size in pixels."""

    __tablename__ = "picture"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    width: Mapped[int]
    height: Mapped[int]

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class ForStaff(Base):
    """A document of an account that its customer never sees, whatever its category."""

    __tablename__ = "document_for_staff"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class Misfiling(Base):
    """A document that turned out to be another account's: the lists and packs of the one it is under leave it out."""

    __tablename__ = "document_misfiling"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class Succession(Base):
    """A document that stands in the place of an older one; the older one stays as it is."""

    __tablename__ = "document_succession"

    id: Mapped[PrimaryKey]
    older_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    newer_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    superseded_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("newer_id > older_id", name="order"),
        UniqueConstraint("older_id"),
        UniqueConstraint("newer_id"),
        {"info": {APPEND_ONLY: True}},
    )


class TextState(StrEnum):
    """How reading the words of a document went; NONE: its name has to do, as of a picture, or of what we print."""

    READ = "read"
    NONE = "none"
    UNREADABLE = "unreadable"


class DocumentText(Base):
    """The words of a document and of its name, each once, as they are looked for; made after it was filed."""

    __tablename__ = "document_text"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, autoincrement=False)
    state: Mapped[TextState] = mapped_column(enum_column(TextState))
    words: Mapped[str] = mapped_column(Text)
    read_at: Mapped[Instant]


class Erasure(Base):
    """The end of a document's content: its row and hash stay, and say that it was here."""

    __tablename__ = "document_erasure"

    id: Mapped[PrimaryKey]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    why: Mapped[str] = mapped_column(String(500))
    erased_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (UniqueConstraint("document_id"), {"info": {APPEND_ONLY: True}})


class Removal(Base):
    """A content that is to leave the store, or has left it and was not filed again since."""

    __tablename__ = "content_removal"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_at: Mapped[Instant]
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RetentionRule(Base):
    """For how long papers of a category are kept from a day on, and why; never shorter than the law says."""

    __tablename__ = "retention_rule"

    id: Mapped[PrimaryKey]
    category: Mapped[Category] = mapped_column(enum_column(Category))
    years: Mapped[int]
    from_on: Mapped[date] = mapped_column(Date)
    why: Mapped[str] = mapped_column(String(500))
    set_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (CheckConstraint("years > 0", name="years"), {"info": {APPEND_ONLY: True}})


class LegalHold(Base):
    """Nothing of this account is erased, because it may be needed before a court."""

    __tablename__ = "legal_hold"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    why: Mapped[str] = mapped_column(String(500))
    placed_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class LegalHoldLift(Base):
    """The end of a legal hold."""

    __tablename__ = "legal_hold_lift"

    id: Mapped[PrimaryKey]
    hold_id: Mapped[int] = mapped_column(ForeignKey("legal_hold.id"))
    lifted_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (UniqueConstraint("hold_id"), {"info": {APPEND_ONLY: True}})


DOCUMENTS = Base.metadata.tables[Document.__tablename__]
"""The table itself, for Core statements."""
PICTURES = Base.metadata.tables[Picture.__tablename__]
FOR_STAFF = Base.metadata.tables[ForStaff.__tablename__]
MISFILINGS = Base.metadata.tables[Misfiling.__tablename__]
SUCCESSIONS = Base.metadata.tables[Succession.__tablename__]
DOCUMENT_TEXTS = Base.metadata.tables[DocumentText.__tablename__]
ERASURES = Base.metadata.tables[Erasure.__tablename__]
REMOVALS = Base.metadata.tables[Removal.__tablename__]
RETENTION_RULES = Base.metadata.tables[RetentionRule.__tablename__]
LEGAL_HOLDS = Base.metadata.tables[LegalHold.__tablename__]
LEGAL_HOLD_LIFTS = Base.metadata.tables[LegalHoldLift.__tablename__]
