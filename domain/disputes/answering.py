"""Answering: a dispute about a missing paper answers itself once that is filed; the customer has days to object."""

from __future__ import annotations

from sqlalchemy import and_, case, exists, or_, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.disputes import changing
from domain.disputes.messages import News
from domain.disputes.model import OURS, Dispute, DisputeMessage, MessageKind, Outcome
from domain.disputes.raising import under_lock
from domain.disputes.reasons import ANSWERED_BY
from domain.disputes.talking import await_customer
from domain.documents.model import Document, ForStaff
from domain.documents.queries import IS_ERASED
from domain.shared.actor import Actor

_PAPER = case(*((Dispute.reason == reason, category.value) for reason, category in ANSWERED_BY.items()))
_FOR_STAFF = exists().where(ForStaff.document_id == Document.id).correlate(Document)
_IS_FILED = exists().where(
    Document.category == _PAPER,
    ~_FOR_STAFF,
    ~IS_ERASED,
    or_(
        and_(Document.subject_kind == "invoice", Document.subject_id == Dispute.invoice_id),
        and_(Document.subject_kind == "dispute", Document.subject_id == Dispute.id),
    ),
)
_WAS_GIVEN = exists().where(DisputeMessage.dispute_id == Dispute.id, DisputeMessage.kind == MessageKind.PAPER)
ANSWERABLE = (
    select(Dispute.id)
    .where(Dispute.status.in_(OURS), Dispute.reason.in_(ANSWERED_BY), _IS_FILED, ~_WAS_GIVEN)
    .order_by(Dispute.id)
)
"""The disputes whose missing paper is filed about the invoice or the dispute, and was not given yet."""


def to_answer(session: Session) -> list[int]:
    """The disputes that answer themselves now."""
    return list(session.scalars(ANSWERABLE))


def answer_with_paper(session: Session, dispute_id: int, *, actor: Actor) -> bool:
    """Tell the customer that the paper is there, and wait for their objection; whether it was still to be done."""
    account_id = session.scalars(select(Dispute.account_id).where(Dispute.id == dispute_id)).one()
    dispute = under_lock(session, account_id, dispute_id)
    if session.scalars(ANSWERABLE.where(Dispute.id == dispute_id)).first() is None:
        return False
    message = changing.say(session, dispute, MessageKind.PAPER, "", from_us=True, actor=actor)
    await_customer(session, dispute, Outcome.ANSWERED, actor=actor)
    audit.record(
        session,
        "dispute.paper_given",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        after={"number": dispute.number, "category": ANSWERED_BY[dispute.reason]},
    )
    changing.tell(session, dispute, News.PAPER, message)
    return True
