"""Resolving: staff look into a dispute, reject it, or end it because what was contested is owed no more."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.disputes import changing
from domain.disputes.model import BY_SILENCE, LIVE, Dispute, DisputeStatus, MessageKind, Outcome
from domain.disputes.raising import under_lock
from domain.disputes.reasons import RootCause
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money

LONGEST_ANSWER = 2_000


def begin_review(session: Session, account_id: int, dispute_id: int, *, actor: Actor) -> Dispute:
    """Somebody looks into it: the customer sees that. Conflict once it is looked into, or has ended."""
    dispute = under_lock(session, account_id, dispute_id)
    if dispute.status is DisputeStatus.UNDER_REVIEW:
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


def reject(
    session: Session, account_id: int, dispute_id: int, *, answer: str, actor: Actor, cause: RootCause | None = None
) -> Dispute:
    """The invoice stands, and the customer is told why: it is owed and chased as before."""
    dispute = under_lock(session, account_id, dispute_id)
    resolve(session, dispute, Outcome.REJECTED, answer=answer, actor=actor, cause=cause)
    return dispute


def accept_settled(
    session: Session, account_id: int, dispute_id: int, *, answer: str, actor: Actor, cause: RootCause | None = None
) -> Dispute:
    """The customer is right, and nothing is left to credit: the invoice is settled. Conflict where it is not."""
    dispute = under_lock(session, account_id, dispute_id)
    invoice = session.get_one(Invoice, dispute.invoice_id, populate_existing=True)
    if invoice.open:
        raise Conflict(
            N_("{open} of invoice {number} is still open: credit what is contested, or reject the dispute."),
            open=invoice.open,
            number=invoice.number,
        )
    resolve(session, dispute, Outcome.ACCEPTED, answer=answer, actor=actor, cause=cause)
    return dispute


def accept_withdrawn(session: Session, invoice: Invoice, *, answer: str, actor: Actor) -> None:
    """The invoice was withdrawn: every live dispute of it ends with that. The account's lock is held."""
    live = select(Dispute).where(Dispute.invoice_id == invoice.id, Dispute.status.in_(LIVE)).order_by(Dispute.id)
    for dispute in session.scalars(live.execution_options(populate_existing=True)).all():
        resolve(session, dispute, Outcome.ACCEPTED, answer=answer, actor=actor)


def resolve(
    session: Session,
    dispute: Dispute,
    outcome: Outcome,
    *,
    answer: str,
    actor: Actor,
    credited: Money | None = None,
    cause: RootCause | None = None,
) -> None:
    """End a dispute that was read under its account's lock with what the customer reads; Invalid without an answer.

    One that ends because the customer said nothing needs no words of ours. `cause` is what was behind it.
    """
    answer = answer.strip()
    if not answer and outcome not in BY_SILENCE:
        raise Invalid(N_("Tell the customer how this was decided and why."), field="answer")
    if len(answer) > LONGEST_ANSWER:
        raise Invalid(N_("Use at most {most} characters."), field="answer", most=LONGEST_ANSWER)
    dispute.answer = answer or None
    dispute.credited_minor = credited.minor if credited else None
    handling = changing.handling_of(session, dispute)
    handling.cause = cause or handling.cause
    handling.answered_at = handling.answered_at or now(session)
    changing.say(session, dispute, MessageKind.DECISION, answer, from_us=True, actor=actor)
    changing.end(session, dispute, DisputeStatus.RESOLVED, actor=actor, outcome=outcome, why=answer or None)
    audit.record(
        session,
        "dispute.closed" if outcome in BY_SILENCE else "dispute.resolved",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=dispute.account_id,
        after={"number": dispute.number, "outcome": outcome, "why": answer or None, "amount": credited, "cause": cause},
    )
