"""Tables of chargebacks, what we answered, what became of the debt, their changes and money, and fraud warnings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.chargebacks.states import OPEN, ChargebackState
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money

NOT_OVER = text("closed_at IS NULL")


class Chargeback(Base):
    """A bank contests one payment, or a part of it; `processor_state` is the processor's own word for where it stands.

    `account_id` is the account whose receivable its money moves; None while the payment is none that we recorded, and
    then the money stands on foreign receipts. `accepting_since` says that staff have given in and the processor is
    being told. `card` is the processor's fingerprint of what was paid with, where it has one.
    """

    __tablename__ = "chargeback"

    id: Mapped[PrimaryKey]
    chargeback_ref: Mapped[str] = mapped_column(String(120), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    charge_id: Mapped[str] = mapped_column(String(120))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    reason: Mapped[str] = mapped_column(String(60))
    state: Mapped[ChargebackState] = mapped_column(enum_column(ChargebackState))
    processor_state: Mapped[str] = mapped_column(String(60))
    respond_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    can_answer: Mapped[bool]
    opened_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    card: Mapped[str | None] = mapped_column(String(120), index=True)

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("account_id IS NULL OR payment_id IS NOT NULL", name="account"),
        Index("ix_chargeback_open", "respond_by", "id", postgresql_where=NOT_OVER, sqlite_where=NOT_OVER),
    )

    @property
    def amount(self) -> Money:
        """How much is contested, in the payer's currency."""
        return Money(self.amount_minor, self.currency)

    @property
    def source(self) -> str:
        """The name under which its withdrawals and stops stand."""
        return f"chargeback:{self.chargeback_ref}"

    @property
    def is_open(self) -> bool:
        """Whether nothing is decided yet."""
        return self.state in OPEN


class ChargebackChange(Base):
    """One change of a chargeback's state, or of the processor's word for it."""

    __tablename__ = "chargeback_change"

    id: Mapped[PrimaryKey]
    chargeback_id: Mapped[int] = mapped_column(ForeignKey("chargeback.id"), index=True)
    before: Mapped[ChargebackState | None] = mapped_column(enum_column(ChargebackState, name="before_chargeback"))
    after: Mapped[ChargebackState] = mapped_column(enum_column(ChargebackState, name="after_chargeback"))
    processor_state: Mapped[str] = mapped_column(String(60))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class ChargebackMovement(Base):
    """Money that a chargeback took (negative) or brought back (positive), in the payer's currency.

    `external_id` names the movement of our balance at the processor by which it was booked.
    """

    __tablename__ = "chargeback_movement"

    id: Mapped[PrimaryKey]
    chargeback_id: Mapped[int] = mapped_column(ForeignKey("chargeback.id"), index=True)
    external_id: Mapped[str] = mapped_column(String(120), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    occurred_at: Mapped[Instant]
    recorded_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        {"info": {APPEND_ONLY: True}},
    )


class AnswerState(StrEnum):
    """How far an answer to a bank has come; what was refused can be changed and handed in again."""

    DRAFT = "draft"
    SENDING = "sending"
    SUBMITTED = "submitted"
    REFUSED = "refused"


WORKED_ON = frozenset({AnswerState.DRAFT, AnswerState.REFUSED})
"""The states in which staff can change an answer."""


class ChargebackAnswer(Base):
    """What we say to the bank, and with which files; a bank that asks first and then takes the money is answered twice.

    `texts` is by field, `files` the ids of documents by field, `file_refs` the processor's names of what was uploaded.
    `mark` is how the processor names the answer back to us; `attempt` grows only after a definite refusal, or where
    looking has shown that nothing was handed in. `version` grows with each change, so that nobody overwrites another's.
    """

    __tablename__ = "chargeback_answer"

    id: Mapped[PrimaryKey]
    chargeback_id: Mapped[int] = mapped_column(ForeignKey("chargeback.id"))
    number: Mapped[int]
    mark: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[AnswerState] = mapped_column(enum_column(AnswerState))
    attempt: Mapped[int]
    version: Mapped[int]
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    files: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    file_refs: Mapped[dict[str, str]] = mapped_column(JSON)
    made_at: Mapped[Instant]
    edited_at: Mapped[Instant]
    edited_by: Mapped[int | None] = mapped_column(Key)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("chargeback_id", "number"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        CheckConstraint("state <> 'refused' OR refusal IS NOT NULL", name="refusal"),
    )


class Choice(StrEnum):
    """What becomes of a debt whose chargeback is lost."""

    STANDS = "stands"
    CREDITED = "credited"


CHOICE_NAMES = {Choice.STANDS: N_("The debt stands"), Choice.CREDITED: N_("The debt is credited")}
"""What each choice is called on the screen."""


class ChargebackChoice(Base):
    """What staff chose for the debt of a lost chargeback; one that is decided once more can be chosen for again."""

    __tablename__ = "chargeback_choice"

    id: Mapped[PrimaryKey]
    chargeback_id: Mapped[int] = mapped_column(ForeignKey("chargeback.id"), index=True)
    choice: Mapped[Choice] = mapped_column(enum_column(Choice))
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class FraudWarning(Base):
    """The card network suspects fraud before anybody has contested the payment; `actionable` while a refund helps."""

    __tablename__ = "fraud_warning"

    id: Mapped[PrimaryKey]
    warning_ref: Mapped[str] = mapped_column(String(120), unique=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    charge_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(60))
    actionable: Mapped[bool]
    warned_at: Mapped[Instant]
    recorded_at: Mapped[Instant]


CHARGEBACKS = Base.metadata.tables[Chargeback.__tablename__]
FRAUD_WARNINGS = Base.metadata.tables[FraudWarning.__tablename__]
