"""The table of evidence packs: what each is about, who asked for it, how far it is, and what it was sealed with."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.actor import ActorKind
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.errors import N_
from domain.shared.money import Money


class About(StrEnum):
    """What a pack is about: a whole account, an invoice or a dispute of it, or what went with a placement."""

    ACCOUNT = "account"
    INVOICE = "invoice"
    DISPUTE = "dispute"
    PLACEMENT = "placement"


class Audience(StrEnum):
    """Who gets it: staff, for a third party; or a customer or a partner, without what is ours alone."""

    STAFF = "staff"
    CUSTOMER = "customer"
    PARTNER = "partner"


class PackStatus(StrEnum):
    """How far it is."""

    QUEUED = "queued"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


UNDER_WAY = frozenset({PackStatus.QUEUED, PackStatus.MAKING})
"""The states in which somebody waits for it."""
NOT_DONE = text("status IN ('queued', 'making')")
STATUS_NAMES = {
    PackStatus.QUEUED: N_("Waits for its turn"),
    PackStatus.MAKING: N_("Being made"),
    PackStatus.READY: N_("Ready"),
    PackStatus.FAILED: N_("Could not be made"),
}
"""What each state is called on the screen."""


class EvidencePack(Base):
    """One pack. `subject_id` is the id of what it is about; `files_done` of `files_in_all` are in it so far.

    While it is made, `heard_at` is when the worker that makes it last said so. Once it is ready: the document, the
    SHA-256 of its manifest, and the ledger's head and balance that it ends with.
    """

    __tablename__ = "evidence_pack"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    about: Mapped[About] = mapped_column(enum_column(About))
    subject_id: Mapped[int] = mapped_column(Key)
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    language: Mapped[str] = mapped_column(String(5))
    status: Mapped[PackStatus] = mapped_column(enum_column(PackStatus))
    asked_at: Mapped[Instant]
    asked_on: Mapped[date] = mapped_column(Date)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_column(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(Key)
    attempts: Mapped[int]
    files_done: Mapped[int]
    files_in_all: Mapped[int | None]
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    manifest_sha256: Mapped[str | None] = mapped_column(String(64))
    head_seq: Mapped[int | None] = mapped_column(Key)
    head_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    currency: Mapped[CurrencyCode]
    balance_minor: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(
            "(status = 'ready') = (document_id IS NOT NULL AND manifest_sha256 IS NOT NULL AND made_at IS NOT NULL)",
            name="ready",
        ),
        Index("ix_evidence_pack_account", "account_id", "id"),
        Index(
            "uq_evidence_pack_under_way",
            "account_id",
            "about",
            "subject_id",
            "audience",
            unique=True,
            postgresql_where=NOT_DONE,
            sqlite_where=NOT_DONE,
        ),
        Index("ix_evidence_pack_waiting", "id", postgresql_where=NOT_DONE, sqlite_where=NOT_DONE),
    )

    @property
    def balance(self) -> Money | None:
        """What the account owed by the ledger in it; None before it is ready."""
        return None if self.balance_minor is None else Money(self.balance_minor, self.currency)
