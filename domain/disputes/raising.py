"""Raising: a customer contests an invoice or a part of it, and thinks better of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.disputes import changing, queries
from domain.disputes.messages import News, TellDispute
from domain.disputes.model import Dispute, DisputeStatus, Reason
from domain.invoicing import numbering
from domain.invoicing.numbering import Series
from domain.outbox import sending as outbox
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice, InvoiceKind, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

LONGEST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody says is wrong with an invoice; without an amount, all that is open of it."""

    reason: Reason
    words: str
    amount: Money | None = None


def raise_dispute(
    session: Session, account_id: int, invoice_id: int, complaint: Complaint, *, login_id: int | None, actor: Actor
) -> Dispute:
    """Write a dispute down and leave what it contests alone from now on; a task and a mail follow.

    Raises NotFound, Conflict where nothing more of the invoice can be contested, Invalid beside the field.
    """
    account = accounts.lock(session, account_id)
    receivables.invoices(session, account_id, [invoice_id])
    invoice = session.get_one(Invoice, invoice_id, populate_existing=True)
    amount = _contestable(session, invoice, complaint)
    dispute = Dispute(
        number=numbering.take(session, Series.DISPUTE),
        account_id=account_id,
        invoice_id=invoice_id,
        currency=account.currency,
        amount_minor=amount.minor,
        reason=complaint.reason,
        words=complaint.words.strip(),
        status=DisputeStatus.OPEN,
        raised_at=now(session),
        raised_by=login_id,
    )
    session.add(dispute)
    session.flush()
    changing.note(session, dispute, None, actor=actor)
    stops.write(
        session, account_id, StopKind.DISPUTE, dispute.source, actor=actor, invoice_id=invoice_id, amount=amount
    )
    tasks.open_task(
        session,
        TaskKind.DISPUTE,
        subject=("dispute", dispute.id),
        account_id=account_id,
        worth=amount,
        detail={"number": dispute.number, "invoice": invoice.number},
    )
    audit.record(
        session,
        "dispute.raised",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        after={"number": dispute.number, "invoices": [invoice.number], "amount": amount, "reason": complaint.reason},
    )
    outbox.add(session, TellDispute(dispute_id=dispute.id, news=News.RAISED), account_id=account_id)
    return dispute


def withdraw(session: Session, account_id: int, dispute_id: int, *, actor: Actor, why: str = "") -> Dispute:
    """The customer no longer contests it: it is owed and chased as before. NotFound, or Conflict once it has ended.

    Staff say `why` when they write it down on the customer's word.
    """
    dispute = under_lock(session, account_id, dispute_id)
    changing.end(session, dispute, DisputeStatus.WITHDRAWN, actor=actor, why=why.strip() or None)
    audit.record(
        session,
        "dispute.withdrawn",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        after={"number": dispute.number, "why": why.strip() or None},
    )
    return dispute


def left_to_contest(session: Session, invoice_id: int, open_: Money) -> Money:
    """What is open of an invoice and in no live dispute; nothing where more is contested than is open."""
    contested = queries.contested(session, [invoice_id]).get(invoice_id, 0)
    return Money(max(0, open_.minor - contested), open_.currency)


def under_lock(session: Session, account_id: int, dispute_id: int) -> Dispute:
    """A dispute of this account, read under the account's lock; NotFound."""
    accounts.lock(session, account_id)
    dispute = session.get(Dispute, dispute_id, populate_existing=True)
    if dispute is None or dispute.account_id != account_id:
        raise NotFound(queries.NO_SUCH_DISPUTE)
    return dispute


def _contestable(session: Session, invoice: Invoice, complaint: Complaint) -> Money:
    """How much is contested: what the customer said, within what is open and not contested yet."""
    if invoice.kind is InvoiceKind.OWED_AGAIN:
        raise Conflict(
            N_("{number} stands for money that was taken back: it cannot be disputed here. Write to us instead."),
            number=invoice.number,
        )
    left = left_to_contest(session, invoice.id, invoice.open)
    if invoice.status is not InvoiceStatus.ISSUED or not left:
        raise Conflict(N_("Nothing more of invoice {number} can be disputed."), number=invoice.number)
    if not complaint.words.strip():
        raise Invalid(N_("Say what is wrong, so that we can look into it."), field="words")
    if len(complaint.words) > LONGEST_WORDS:
        raise Invalid(N_("Use at most {most} characters."), field="words", most=LONGEST_WORDS)
    amount = left if complaint.amount is None else complaint.amount
    if amount.minor <= 0 or amount > left:
        raise Invalid(N_("Enter an amount up to {most}."), field="amount", most=left)
    return amount
