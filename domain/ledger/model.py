"""The ledger's tables: streams, entries, postings, seals with their leaves and checkpoints, and closed periods."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey
from domain.shared.db.guards import APPEND_ONLY

GENESIS = bytes(32)
"""What stands where the first link of a chain has no predecessor."""


class LedgerStream(Base):
    """One chain of entries and its head; the ledger's only row that changes, under its own lock.

    An account's stream also keeps what that account owes, so that it need not be summed up. Each stream knows through
    which day the books are closed, so that whoever holds its lock posts by the latest word on it.
    """

    __tablename__ = "ledger_stream"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(60), unique=True)
    account_id: Mapped[int | None] = mapped_column(Key, unique=True)
    currency: Mapped[str | None] = mapped_column(String(3))
    head_seq: Mapped[int] = mapped_column(Key, default=0)
    head_hash: Mapped[bytes] = mapped_column(LargeBinary(32), default=GENESIS)
    balance: Mapped[Minor] = mapped_column(default=0)
    closed_through: Mapped[date | None]


class JournalEntry(Base):
    """A balanced entry: what happened, when it happened, and when we learned of it.

    `kind` is text without a CHECK: a new kind of entry must not mean rewriting a table that is only ever added to.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("source", "kind"),
        UniqueConstraint("stream_id", "seq"),
        Index(None, "account_id", "effective_on", "id"),
        Index(
            "uq_journal_entry_reverses_id",
            "reverses_id",
            unique=True,
            sqlite_where=text("reverses_id IS NOT NULL"),
            postgresql_where=text("reverses_id IS NOT NULL"),
        ),
        {"info": {APPEND_ONLY: True}},
    )

    id: Mapped[PrimaryKey]
    stream_id: Mapped[int] = mapped_column(Key, ForeignKey("ledger_stream.id"))
    seq: Mapped[int] = mapped_column(Key)
    kind: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(120))
    effective_on: Mapped[date]
    occurred_on: Mapped[date | None]
    recorded_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(Key)
    reverses_id: Mapped[int | None] = mapped_column(Key, ForeignKey("journal_entry.id"))
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Posting(Base):
    """One signed leg of an entry, debit positive, in minor units."""

    __tablename__ = "posting"
    __table_args__ = (
        Index(None, "ledger_account", "currency"),
        {"info": {APPEND_ONLY: True}, "sqlite_with_rowid": False},
    )

    entry_id: Mapped[int] = mapped_column(Key, ForeignKey("journal_entry.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    ledger_account: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int | None] = mapped_column(Key)
    currency: Mapped[CurrencyCode]
    amount: Mapped[Minor]


class PeriodClose(Base):
    """The act of closing the books through a day, chained to the act before it; the last one holds."""

    __tablename__ = "period_close"
    __table_args__ = ({"info": {APPEND_ONLY: True}},)

    number: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    closed_through: Mapped[date]
    at: Mapped[Instant]
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Seal(Base):
    """One link of the chain of seals: a Merkle root over every head and sealed row that moved since the last one."""

    __tablename__ = "seal"
    __table_args__ = ({"info": {APPEND_ONLY: True}},)

    number: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[Instant]
    leaf_count: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class SealLeaf(Base):
    """What one seal says of one stream (its head's seq and hash), or of one row of a sealed table (its id and hash)."""

    __tablename__ = "seal_leaf"
    __table_args__ = ({"info": {APPEND_ONLY: True}, "sqlite_with_rowid": False},)

    stream: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(Key, primary_key=True)
    seal_number: Mapped[int] = mapped_column(Key, ForeignKey("seal.number"), index=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class SealedBalance(Base):
    """The checkpoint: a ledger account's sum over all sealed postings in one currency, written when it changed."""

    __tablename__ = "sealed_balance"
    __table_args__ = ({"info": {APPEND_ONLY: True}, "sqlite_with_rowid": False},)

    ledger_account: Mapped[str] = mapped_column(String(40), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    seal_number: Mapped[int] = mapped_column(Key, ForeignKey("seal.number"), primary_key=True)
    balance: Mapped[Minor]


STREAMS = Base.metadata.tables["ledger_stream"]
ENTRIES = Base.metadata.tables["journal_entry"]
POSTINGS = Base.metadata.tables["posting"]
CLOSES = Base.metadata.tables["period_close"]
SEALS = Base.metadata.tables["seal"]
LEAVES = Base.metadata.tables["seal_leaf"]
CHECKPOINTS = Base.metadata.tables["sealed_balance"]
