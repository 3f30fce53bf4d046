"""Resolving: staff look into a dispute, and accept it with a credit note, accept a part of it, or reject it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.disputes import changing
from domain.disputes.messages import TellDispute
from domain.disputes.model import Dispute, DisputeStatus, Outcome
from domain.disputes.raising import under_lock
from domain.invoicing.credit_notes import issue_credit_note
from domain.outbox import sending as outbox
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role


def begin_review(session: Session, account_id: int, dispute_id: int, *, actor: Actor) -> Dispute:
    """Somebody looks into it: the customer sees that. Conflict once it is looked into, or has ended."""
    dispute = under_lock(session, account_id, dispute_id)
    if dispute.status is not DisputeStatus.OPEN:
        raise Conflict(N_("Somebody is looking into dispute {number} already."), number=dispute.number)
    changing.move(session, dispute, DisputeStatus.UNDER_REVIEW, actor=actor)
    audit.record(
        session,
        "dispute.under_review",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        after={"number": dispute.number},
    )
    return dispute


def accept(
    session: Session, account_id: int, dispute_id: int, amount: Money, *, answer: str, role: Role, actor: Actor
) -> Dispute:
    """The customer is right, about all that is contested or about `amount` of it: a credit note is issued over that.

    Raises Invalid beside its field, NotAllowed beyond the role's authority, Conflict once it has ended.
    """
    dispute = under_lock(session, account_id, dispute_id)
    if not 0 < amount.minor <= dispute.amount_minor:
        raise Invalid(N_("Enter an amount up to {most}."), field="amount", most=dispute.amount)
    authority.check(session, role, Act.CREDIT_NOTE, amount, account_id=account_id)
    outcome = Outcome.ACCEPTED if amount == dispute.amount else Outcome.PARTLY_ACCEPTED
    _resolve(session, dispute, outcome, answer, actor)
    dispute.credited_minor = amount.minor
    account = session.get_one(Account, account_id)
    invoice = session.get_one(Invoice, dispute.invoice_id, populate_existing=True)
    reason = f"{dispute.number}: {dispute.answer}"
    issue_credit_note(session, account, invoice, amount, reason=reason, actor=actor)
    return dispute


def reject(session: Session, account_id: int, dispute_id: int, *, answer: str, actor: Actor) -> Dispute:
    """The invoice stands, and the customer is told why: it is owed and chased as before."""
    dispute = under_lock(session, account_id, dispute_id)
    _resolve(session, dispute, Outcome.REJECTED, answer, actor)
    return dispute


def _resolve(session: Session, dispute: Dispute, outcome: Outcome, answer: str, actor: Actor) -> None:
    if not answer.strip():
        raise Invalid(N_("Tell the customer how this was decided and why."), field="answer")
    dispute.answer = answer.strip()
    changing.end(session, dispute, DisputeStatus.RESOLVED, actor=actor, outcome=outcome, why=dispute.answer)
    audit.record(
        session,
        "dispute.resolved",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=dispute.account_id,
        after={"number": dispute.number, "outcome": outcome, "answer": dispute.answer},
    )
    outbox.add(session, TellDispute(dispute_id=dispute.id, news="ended"), account_id=dispute.account_id)
