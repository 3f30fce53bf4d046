"""The table of tasks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, Instant, Key, PrimaryKey, UtcDateTime, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class TaskKind(StrEnum):
    """Why somebody has to look."""

    SURPLUS = "surplus"
    PAYMENT_UNKNOWN = "payment_unknown"
    PAYMENT_MISMATCH = "payment_mismatch"
    PAYMENT_RECOVERED = "payment_recovered"
    FOREIGN_RECEIPT = "foreign_receipt"
    REFUND_APPROVAL = "refund_approval"
    REFUND_UNKNOWN = "refund_unknown"
    REFUND_FAILED = "refund_failed"
    REFUND_TO_EXPLAIN = "refund_to_explain"
    CHARGEBACK = "chargeback"
    CHARGEBACK_LOST = "chargeback_lost"
    CHARGEBACK_NOT_ACCEPTED = "chargeback_not_accepted"
    CHARGEBACK_NOT_ANSWERED = "chargeback_not_answered"
    FRAUD_WARNING = "fraud_warning"
    PAYOUT_FAILED = "payout_failed"
    MOVEMENT_UNKNOWN = "movement_unknown"
    UNIDENTIFIED_RECEIPT = "unidentified_receipt"
    TIE_OUT = "tie_out"
    AUTOPAY_STOPPED = "autopay_stopped"
    METHOD_LOST = "method_lost"
    DISPUTE = "dispute"
    PROMISE_BROKEN = "promise_broken"
    PLAN_REQUEST = "plan_request"
    PLAN_UNSIGNED = "plan_unsigned"
    PLAN_DEFAULTED = "plan_defaulted"
    SETTLEMENT_APPROVAL = "settlement_approval"
    PLACEMENT_APPROVAL = "placement_approval"
    PLACEMENT_REFUSED = "placement_refused"
    PLACEMENT_BACK = "placement_back"
    PARTNER_QUESTION = "partner_question"
    PARTNER_COST = "partner_cost"
    REMITTANCE_DIFFERENCE = "remittance_difference"
    REMITTANCE_LATE = "remittance_late"
    LEGAL_DEADLINE = "legal_deadline"
    LIMITATION_NEAR = "limitation_near"
    WRITE_OFF_APPROVAL = "write_off_approval"
    TAX_RELIEF_DUE = "tax_relief_due"
    PROOF_DUE = "proof_due"
    SETTLEMENT_BROKEN = "settlement_broken"
    CALL_DUE = "call_due"
    NOTICES_TO_APPROVE = "notices_to_approve"
    LETTERS_TO_PRINT = "letters_to_print"
    ESCALATION = "escalation"
    TRACE = "trace"
    COMPLAINT = "complaint"
    MESSAGE_IN = "message_in"
    MESSAGE_UNMATCHED = "message_unmatched"
    CREDIT_APPLICATION = "credit_application"
    CREDIT_REVIEW = "credit_review"
    RATE_MISSING = "rate_missing"
    PAPERS_DUE = "papers_due"
    MAIL_UNDELIVERABLE = "mail_undeliverable"
    APPROVAL_REQUESTED = "approval_requested"
    APPROVAL_ANSWERED = "approval_answered"
    MENTIONED = "mentioned"
    EVENT_FAILED = "event_failed"
    WORK_FAILED = "work_failed"


TASK_WORDS = {
    TaskKind.SURPLUS: N_("More came than was open: decide whether to refund it or keep it as credit"),
    TaskKind.PAYMENT_UNKNOWN: N_("We do not know whether a payment went through"),
    TaskKind.PAYMENT_MISMATCH: N_("The processor reports another amount than we asked for"),
    TaskKind.PAYMENT_RECOVERED: N_("A payment was found at the processor that our books had lost: see what it was for"),
    TaskKind.FOREIGN_RECEIPT: N_("Money arrived at the processor that is not ours to match"),
    TaskKind.REFUND_APPROVAL: N_("A refund waits for somebody who may approve it"),
    TaskKind.REFUND_UNKNOWN: N_("We do not know whether the processor has taken a refund"),
    TaskKind.REFUND_FAILED: N_("A refund did not reach the customer: decide how to pay it back"),
    TaskKind.REFUND_TO_EXPLAIN: N_("Somebody refunded at the processor: say what it was taken from"),
    TaskKind.CHARGEBACK: N_("A customer's bank takes a payment back: answer it in time, or accept it"),
    TaskKind.CHARGEBACK_LOST: N_("A chargeback is lost: decide what becomes of the debt"),
    TaskKind.CHARGEBACK_NOT_ACCEPTED: N_("The processor did not let us accept a chargeback: answer it, or try again"),
    TaskKind.CHARGEBACK_NOT_ANSWERED: N_("The processor did not take our answer to a chargeback: mend it in time"),
    TaskKind.FRAUD_WARNING: N_("A card network suspects fraud: look at the payment before it is contested"),
    TaskKind.PAYOUT_FAILED: N_("A payout did not reach our bank"),
    TaskKind.MOVEMENT_UNKNOWN: N_("The processor moved money in a way that we do not know"),
    TaskKind.UNIDENTIFIED_RECEIPT: N_("Money at the bank that nobody has identified"),
    TaskKind.TIE_OUT: N_("Something at the processor does not add up"),
    TaskKind.AUTOPAY_STOPPED: N_("Automatic payment has stopped itself after failures"),
    TaskKind.METHOD_LOST: N_("A saved method is gone at the processor, and automatic payment with it"),
    TaskKind.DISPUTE: N_("A customer disputes an invoice: look into it and answer"),
    TaskKind.PROMISE_BROKEN: N_("A promise to pay was not kept: get in touch"),
    TaskKind.PLAN_REQUEST: N_("A customer asks for a payment plan beyond what your policy allows: answer"),
    TaskKind.PLAN_UNSIGNED: N_("A payment plan waits for a signature, and nobody on the account can sign: invite them"),
    TaskKind.PLAN_DEFAULTED: N_("A payment plan was not kept: decide what else to do"),
    TaskKind.SETTLEMENT_APPROVAL: N_("An offer to settle waits for somebody who may approve it"),
    TaskKind.PLACEMENT_APPROVAL: N_("A debt is proposed to be handed over: decide"),
    TaskKind.PLACEMENT_REFUSED: N_("A partner has refused a debt: find another way"),
    TaskKind.PLACEMENT_BACK: N_("A debt came back from a partner and is open still: decide what else to do"),
    TaskKind.PARTNER_QUESTION: N_("A partner asks something about a debt: answer"),
    TaskKind.PARTNER_COST: N_("A partner asks us for what it has spent: accept or refuse it"),
    TaskKind.REMITTANCE_DIFFERENCE: N_("A partner took another commission than its card says: put it right"),
    TaskKind.REMITTANCE_LATE: N_("A partner has not paid over what it collected: ask for it"),
    TaskKind.LEGAL_DEADLINE: N_("Something is due in a legal case"),
    TaskKind.LIMITATION_NEAR: N_("A debt can soon no longer be enforced: act in time"),
    TaskKind.WRITE_OFF_APPROVAL: N_("A debt is proposed to be written off: decide"),
    TaskKind.TAX_RELIEF_DUE: N_("Tax on a debt that was written off can be claimed back"),
    TaskKind.PROOF_DUE: N_("A customer is insolvent: file our claim in time"),
    TaskKind.SETTLEMENT_BROKEN: N_("An accepted offer to settle was not kept: the whole debt stands again"),
    TaskKind.CALL_DUE: N_("A customer is to be called"),
    TaskKind.NOTICES_TO_APPROVE: N_("Notices wait for somebody who looks at them before they go"),
    TaskKind.LETTERS_TO_PRINT: N_("Letters wait to be printed and posted"),
    TaskKind.ESCALATION: N_("The reminders are through and the debt is open: decide what else to do"),
    TaskKind.TRACE: N_("Nothing reaches this customer any more: find an address that does"),
    TaskKind.COMPLAINT: N_("A customer reported our email as unwanted: see why"),
    TaskKind.MESSAGE_IN: N_("A customer has written to us: answer"),
    TaskKind.MESSAGE_UNMATCHED: N_("A message came, and we do not know from whom"),
    TaskKind.CREDIT_APPLICATION: N_("A customer applies for credit: look into it and decide"),
    TaskKind.CREDIT_REVIEW: N_("A refusal of credit waits for a second person"),
    TaskKind.RATE_MISSING: N_("A reference rate is missing: late interest waits for it"),
    TaskKind.PAPERS_DUE: N_("Papers are older than we keep them: look at what is due to be erased"),
    TaskKind.MAIL_UNDELIVERABLE: N_("An email could not be delivered"),
    TaskKind.APPROVAL_REQUESTED: N_("A colleague may not decide something alone: approve it or not"),
    TaskKind.APPROVAL_ANSWERED: N_("What you asked approval for has been decided: read it"),
    TaskKind.MENTIONED: N_("A colleague mentions you in a note: read it"),
    TaskKind.EVENT_FAILED: N_("A message from the processor could not be handled"),
    TaskKind.WORK_FAILED: N_("Something that was to be done in the background could not be done"),
}
"""What each kind is called on the screen."""


DECIDED = frozenset({TaskKind.APPROVAL_REQUESTED})
"""Kinds that a decision ends, never a hand: what is asked for would be out of sight, and still wait."""
OPEN = "done_at IS NULL"
"""Which tasks still wait, as the database reads it."""
UNWEIGHED = -69_300
"""Where a task stands until it is weighed: among those of a usual amount about which nothing else is known."""


class Task(Base):
    """One thing that a person has to look at; at most one open of a kind for a subject."""

    __tablename__ = "task"

    id: Mapped[PrimaryKey]
    kind: Mapped[TaskKind] = mapped_column(enum_column(TaskKind))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    account_id: Mapped[int | None] = mapped_column(Key, index=True)
    worth_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_at: Mapped[Instant]
    owner_id: Mapped[int | None] = mapped_column(Key)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(Key)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then nobody is shown it on the worklist, by somebody's own choice."""
    rank: Mapped[int] = mapped_column(default=UNWEIGHED, server_default=str(UNWEIGHED))
    """Where it stands on the worklist: the smallest first."""
    weighed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its place was last worked out; None before that."""

    __table_args__ = (
        Index(
            "uq_task_open",
            "kind",
            "subject_kind",
            "subject_id",
            unique=True,
            postgresql_where=text(OPEN),
            sqlite_where=text(OPEN),
        ),
        Index("ix_task_list", "done_at", "id"),
        Index("ix_task_rank", "rank", "id", postgresql_where=text(OPEN), sqlite_where=text(OPEN)),
        Index("ix_task_weighed", "weighed_at", "id", postgresql_where=text(OPEN), sqlite_where=text(OPEN)),
    )


class TaskRole(Base):
    """A role of staff whose authority is enough to decide what a task asks for: on their worklists it waits."""

    __tablename__ = "task_role"

    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id), primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)

    __table_args__ = ({"info": {APPEND_ONLY: True}},)


TASKS = Base.metadata.tables[Task.__tablename__]
TASK_ROLES = Base.metadata.tables[TaskRole.__tablename__]
"""The tables themselves, for Core statements."""
