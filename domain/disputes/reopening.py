"""Reopening: somebody does not agree with how a dispute ended; it is looked at once more, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.disputes import changing
from domain.disputes.messages import News
from domain.disputes.model import Dispute, DisputeHandling, DisputeStatus, MessageKind, Outcome
from domain.disputes.raising import check_words, left_to_contest, under_lock
from domain.disputes.routes import route_of
from domain.documents.intake import TakenIn
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.shared.working_week import working_week

REOPEN_DAYS = 60
"""For so long after the decision: an end has to be one some day, and a quarter's books are closed by then."""
CAN_REOPEN = frozenset({Outcome.PARTLY_ACCEPTED, Outcome.REJECTED, Outcome.ANSWERED, Outcome.UNANSWERED})


def reopen(
    session: Session, account_id: int, dispute_id: int, words: str, *, files: Sequence[TakenIn] = (), actor: Actor
) -> Dispute:
    """Look at a dispute once more, over what was not credited and is still open; its service level begins anew.

    Raises NotFound, Conflict where it cannot be opened again, Invalid without words.
    """
    dispute = under_lock(session, account_id, dispute_id)
    handling = changing.handling_of(session, dispute)
    invoice = session.get_one(Invoice, dispute.invoice_id, populate_existing=True)
    amount = _refuse_final(session, dispute, handling, invoice)
    check_words(words, missing=N_("Say what we should look at again."))
    message = changing.say(session, dispute, MessageKind.REOPENING, words, from_us=False, actor=actor)
    changing.keep_files(session, dispute, files, about=message, actor=actor)
    route, week, at = route_of(session, dispute.reason), working_week(session), now(session)
    handling.reopened_at, handling.answered_at = at, None
    handling.answer_by = week.after_hours(at, route.answer_hours)
    handling.resolve_by = week.after_days(at, route.resolve_days)
    session.flush()
    before, dispute.outcome, dispute.ended_at = dispute.outcome, None, None
    dispute.answer, dispute.credited_minor, dispute.amount_minor = None, None, amount.minor
    changing.move(session, dispute, DisputeStatus.OPEN, actor=actor, why=words.strip())
    changing.hold(session, dispute, actor=actor)
    changing.needs_us(session, dispute)
    audit.record(
        session,
        "dispute.reopened",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        before={"outcome": before},
        after={"number": dispute.number, "amount": amount},
    )
    changing.tell(session, dispute, News.REOPENED)
    return dispute


def can_reopen(session: Session, dispute: Dispute) -> bool:
    """Whether it can be looked at once more."""
    try:
        _refuse_final(
            session,
            dispute,
            session.get_one(DisputeHandling, dispute.id),
            session.get_one(Invoice, dispute.invoice_id),
        )
    except Conflict:
        return False
    return True


def _refuse_final(session: Session, dispute: Dispute, handling: DisputeHandling, invoice: Invoice) -> Money:
    """What would be contested again; Conflict where there is nothing to look at once more."""
    if dispute.status is not DisputeStatus.RESOLVED or dispute.outcome not in CAN_REOPEN:
        raise Conflict(N_("Dispute {number} cannot be opened again."), number=dispute.number)
    if handling.reopened_at is not None:
        raise Conflict(N_("Dispute {number} was looked at twice: write to us instead."), number=dispute.number)
    ended = dispute.ended_at
    if ended is None or ended + timedelta(days=REOPEN_DAYS) < now(session):
        raise Conflict(N_("Dispute {number} ended more than {days} days ago."), number=dispute.number, days=REOPEN_DAYS)
    left = left_to_contest(session, invoice.id, invoice.open)
    amount = min(left, dispute.amount - Money(dispute.credited_minor or 0, dispute.currency))
    if invoice.status is not InvoiceStatus.ISSUED or amount.minor <= 0:
        raise Conflict(N_("Nothing more of invoice {number} can be disputed."), number=invoice.number)
    return amount
