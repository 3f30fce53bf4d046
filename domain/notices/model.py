"""Tables of notices: what was decided on or held back, about which invoices, what it said, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.notices.wording.model import NoticeText
from domain.policies.contacting import Channel, Recipient, Wording
from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_
from domain.shared.money import Money


class NoticeStatus(StrEnum):
    """The stored states; a letter is sent once it is printed, a call once somebody wrote down how it went."""

    WAITING = "waiting"
    READY = "ready"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    REJECTED = "rejected"


ARROWS: dict[NoticeStatus, frozenset[NoticeStatus]] = {
    NoticeStatus.WAITING: frozenset({NoticeStatus.READY, NoticeStatus.SUPPRESSED, NoticeStatus.REJECTED}),
    NoticeStatus.READY: frozenset({NoticeStatus.SENT, NoticeStatus.FAILED, NoticeStatus.SUPPRESSED}),
    NoticeStatus.SENT: frozenset({NoticeStatus.DELIVERED, NoticeStatus.FAILED}),
    NoticeStatus.DELIVERED: frozenset({NoticeStatus.FAILED}),
    NoticeStatus.FAILED: frozenset(),
    NoticeStatus.SUPPRESSED: frozenset(),
    NoticeStatus.REJECTED: frozenset(),
}
"""Which state may follow which: a server can take an email and bounce it an hour later."""
WENT_OUT = frozenset({NoticeStatus.SENT, NoticeStatus.DELIVERED})
"""The states of what reached somebody, as far as we know."""
LIVE = frozenset({NoticeStatus.WAITING, NoticeStatus.READY, *WENT_OUT, NoticeStatus.FAILED})
"""The states of what was decided to go, and was not called off."""

STATUS_NAMES = {
    NoticeStatus.WAITING: N_("Waits for approval"),
    NoticeStatus.READY: N_("To be sent"),
    NoticeStatus.SENT: N_("Sent"),
    NoticeStatus.DELIVERED: N_("Delivered"),
    NoticeStatus.FAILED: N_("Not delivered"),
    NoticeStatus.SUPPRESSED: N_("Held back"),
    NoticeStatus.REJECTED: N_("Not approved"),
}


class HeldBack(StrEnum):
    """Why a notice, or an invoice within one, was held back."""

    PAID = "paid"
    PAYING = "paying"
    CREDIT = "credit"
    TOLD = "told"
    AUTOPAY = "autopay"
    DISPUTED = "disputed"
    CHARGEBACK = "chargeback"
    PROMISED = "promised"
    PLAN = "plan"
    OFFER = "offer"
    PLACED = "placed"
    BEFORE_COURT = "before_court"
    WRITTEN_OFF = "written_off"
    BARRED = "barred"
    INSOLVENT = "insolvent"
    BREATHING_SPACE = "breathing_space"
    CEASE = "cease"
    PAUSED = "paused"
    TRIFLE = "trifle"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"
    TOO_OFTEN = "too_often"
    OVERTAKEN = "overtaken"


HELD_BACK_NAMES = {
    HeldBack.PAID: N_("it is paid"),
    HeldBack.PAYING: N_("a payment is under way"),
    HeldBack.CREDIT: N_("unused credit covers it"),
    HeldBack.TOLD: N_("the customer has told us of a transfer"),
    HeldBack.AUTOPAY: N_("it will be collected automatically"),
    HeldBack.DISPUTED: N_("it is disputed"),
    HeldBack.CHARGEBACK: N_("a card payment is being contested with the bank"),
    HeldBack.PROMISED: N_("the customer has promised to pay"),
    HeldBack.PLAN: N_("it is being paid by a plan"),
    HeldBack.OFFER: N_("an offer to settle is open"),
    HeldBack.PLACED: N_("it was handed to an agency or an attorney"),
    HeldBack.BEFORE_COURT: N_("it is before a court, or decided by one"),
    HeldBack.WRITTEN_OFF: N_("it was written off"),
    HeldBack.BARRED: N_("it can no longer be enforced"),
    HeldBack.INSOLVENT: N_("insolvency proceedings"),
    HeldBack.BREATHING_SPACE: N_("breathing space"),
    HeldBack.CEASE: N_("the customer has asked us to stop contacting them"),
    HeldBack.PAUSED: N_("reminders are held by staff"),
    HeldBack.TRIFLE: N_("too little is open"),
    HeldBack.OPTED_OUT: N_("the customer does not want messages by any way that is open to us"),
    HeldBack.NO_ADDRESS: N_("there is no address to send it to"),
    HeldBack.TOO_OFTEN: N_("the customer was contacted as often as is allowed"),
    HeldBack.OVERTAKEN: N_("the day that it was for is over"),
}
"""What each reason is called on the screen."""


class Notice(Base):
    """One message to one person about an account, or the decision to hold it back (`why` then says why).

    `step_day` and `version_id` name the step of the sequence that it is, where it is one. `decided_on` is the
    business's day; nothing is sent before `due_at`. `mark` makes its message id, so that a repeat bears the same.
    """

    __tablename__ = "notice"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    wording: Mapped[Wording] = mapped_column(enum_column(Wording))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    recipient: Mapped[Recipient] = mapped_column(enum_column(Recipient))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    name: Mapped[str | None] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    status: Mapped[NoticeStatus] = mapped_column(enum_column(NoticeStatus))
    why: Mapped[HeldBack | None] = mapped_column(enum_column(HeldBack))
    step_day: Mapped[int | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"))
    act_by: Mapped[date | None] = mapped_column(Date)
    sender: Mapped[str | None] = mapped_column(String(200))
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(Key)
    currency: Mapped[CurrencyCode]
    total_minor: Mapped[Minor]
    mark: Mapped[str] = mapped_column(String(40), unique=True)
    decided_on: Mapped[date] = mapped_column(Date)
    decided_at: Mapped[Instant]
    due_at: Mapped[Instant]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("total_minor >= 0", name="total"),
        CheckConstraint("status <> 'suppressed' OR why IS NOT NULL", name="why"),
        Index("ix_notice_account", "account_id", "id"),
        Index("ix_notice_day", "account_id", "decided_on"),
        Index("ix_notice_status", "status", "id"),
        Index("ix_notice_decided", "decided_on", "id"),
        Index("ix_notice_address", "address", "channel"),
        Index(
            "uq_notice_subject",
            "account_id",
            "wording",
            "subject_kind",
            "subject_id",
            unique=True,
            postgresql_where=text("subject_id IS NOT NULL"),
            sqlite_where=text("subject_id IS NOT NULL"),
        ),
    )

    @property
    def total(self) -> Money:
        """How much it asks for; nothing where it asks for nothing."""
        return Money(self.total_minor, self.currency)


class NoticePart(Base):
    """How much of one invoice a notice asks for, and how much it left out and why, at which step of the sequence."""

    __tablename__ = "notice_part"

    id: Mapped[PrimaryKey]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    step_day: Mapped[int | None]
    due_on: Mapped[date] = mapped_column(Date)
    asked_minor: Mapped[Minor]
    left_out_minor: Mapped[Minor]
    why: Mapped[HeldBack | None] = mapped_column(enum_column(HeldBack, name="part_why"))

    __table_args__ = (
        UniqueConstraint("notice_id", "invoice_id"),
        CheckConstraint("asked_minor >= 0 AND left_out_minor >= 0", name="amounts"),
        CheckConstraint("(left_out_minor > 0) = (why IS NOT NULL)", name="left_out"),
        {"info": {APPEND_ONLY: True}},
    )


class NoticeChange(Base):
    """One change of a notice's state: who, when, and what was said of it."""

    __tablename__ = "notice_change"

    id: Mapped[PrimaryKey]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    before: Mapped[NoticeStatus | None] = mapped_column(enum_column(NoticeStatus, name="before_status"))
    after: Mapped[NoticeStatus] = mapped_column(enum_column(NoticeStatus, name="after_status"))
    at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)
    detail: Mapped[str | None] = mapped_column(Text)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class NoticeContent(Base):
    """What a notice said, kept as evidence: without the secret of its link; a letter is the document itself."""

    __tablename__ = "notice_content"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True, autoincrement=False)
    text_id: Mapped[int | None] = mapped_column(ForeignKey(NoticeText.id))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class PayLink(Base):
    """The bearer may pay, dispute or promise for the invoices of its notice, and nothing else; the token is a secret.

    `first_used_at` is when something was done with it: looking at the page proves nothing.
    """

    __tablename__ = "pay_link"

    id: Mapped[PrimaryKey]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    first_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CallOutcome(StrEnum):
    """How a call went."""

    REACHED = "reached"
    VOICEMAIL = "voicemail"
    UNREACHABLE = "unreachable"
    WRONG_NUMBER = "wrong_number"
    INVOICE_NOT_RECEIVED = "invoice_not_received"
    AWAITING_APPROVAL = "awaiting_approval"
    IN_PAYMENT_RUN = "in_payment_run"
    DISPUTE = "dispute"
    PROMISE = "promise"


OUTCOME_NAMES = {
    CallOutcome.REACHED: N_("Reached, nothing agreed"),
    CallOutcome.VOICEMAIL: N_("Left a voicemail"),
    CallOutcome.UNREACHABLE: N_("Nobody answered"),
    CallOutcome.WRONG_NUMBER: N_("Wrong number"),
    CallOutcome.INVOICE_NOT_RECEIVED: N_("They have not received the invoice"),
    CallOutcome.AWAITING_APPROVAL: N_("They wait for an approval on their side"),
    CallOutcome.IN_PAYMENT_RUN: N_("It is in their next payment run"),
    CallOutcome.DISPUTE: N_("They contest it"),
    CallOutcome.PROMISE: N_("They promise to pay"),
}
TALKED = frozenset(CallOutcome) - {CallOutcome.VOICEMAIL, CallOutcome.UNREACHABLE, CallOutcome.WRONG_NUMBER}
"""The outcomes of which a conversation was part."""


class Call(Base):
    """A telephone call with a customer that somebody wrote down: for a call task, or out of turn (no notice)."""

    __tablename__ = "call"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    number: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[CallOutcome] = mapped_column(enum_column(CallOutcome))
    words: Mapped[str | None] = mapped_column(Text)
    called_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[int] = mapped_column(Key)

    __table_args__ = (Index("ix_call_account", "account_id", "called_at"), {"info": {APPEND_ONLY: True}})


class PrintBatch(Base):
    """Letters that were printed together: one merged document, and the list for franking."""

    __tablename__ = "print_batch"

    id: Mapped[PrimaryKey]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    letters: Mapped[int]
    pages: Mapped[int]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


class PrintedLetter(Base):
    """Which letter went with which batch, and on how many pages."""

    __tablename__ = "printed_letter"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True, autoincrement=False)
    batch_id: Mapped[int] = mapped_column(ForeignKey("print_batch.id"), index=True)
    pages: Mapped[int]

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


NOTICES = Base.metadata.tables[Notice.__tablename__]
PARTS = Base.metadata.tables[NoticePart.__tablename__]
"""The tables themselves, for Core statements."""
