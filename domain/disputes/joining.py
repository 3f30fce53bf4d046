"""Joining: two disputes about one invoice become one, and a part of one becomes another with its own reason."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.disputes import changing
from domain.disputes.messages import News
from domain.disputes.model import Dispute, DisputeLine, DisputeStatus
from domain.disputes.raising import Complaint, begin, check_words, live_under_lock
from domain.invoicing import numbering
from domain.invoicing.numbering import Series
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money


def merge(session: Session, account_id: int, dispute_id: int, into_id: int, *, actor: Actor) -> Dispute:
    """Go on with a dispute in another one about the same invoice; what both contest is contested there.

    Its thread is read there too, and it is our turn. Raises NotFound, Conflict where one has ended or they are not
    about one invoice.
    """
    dispute, into = (live_under_lock(session, account_id, one) for one in (dispute_id, into_id))
    if dispute.id == into.id or dispute.invoice_id != into.invoice_id:
        raise Conflict(N_("Only two disputes about the same invoice can become one."))
    changing.handling_of(session, dispute).merged_into_id = into.id
    changing.end(session, dispute, DisputeStatus.MERGED, actor=actor, news=News.MERGED, why=into.number)
    _move_lines(session, dispute, into)
    changing.resize(session, into, into.amount + dispute.amount, actor=actor, why=dispute.number)
    if into.status is DisputeStatus.AWAITING_CUSTOMER:
        changing.move(session, into, DisputeStatus.UNDER_REVIEW, actor=actor, why=dispute.number)
    changing.needs_us(session, into)
    audit.record(
        session,
        "dispute.merged",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        after={"number": dispute.number, "into": into.number},
    )
    return into


def split(session: Session, account_id: int, dispute_id: int, part: Complaint, *, actor: Actor) -> Dispute:
    """Make a part of a dispute another one, with its own reason and words: by an amount, or by some of its lines.

    Raises NotFound, Conflict once it has ended, Invalid where nothing would stay, or beside the field.
    """
    dispute = live_under_lock(session, account_id, dispute_id)
    check_words(part.words, missing=N_("Say what this part is about."))
    lines = _lines_of(session, dispute, part.line_ids)
    amount = part.amount or Money(sum(line.amount_minor for line in lines), dispute.currency)
    if not 0 < amount.minor < dispute.amount_minor:
        raise Invalid(N_("Enter an amount below {amount}."), field="amount", amount=dispute.amount)
    other = Dispute(
        number=numbering.take(session, Series.DISPUTE),
        account_id=account_id,
        invoice_id=dispute.invoice_id,
        currency=dispute.currency,
        amount_minor=amount.minor,
        reason=part.reason,
        words=part.words.strip(),
        status=DisputeStatus.OPEN,
        raised_at=now(session),
        raised_by=dispute.raised_by,
    )
    changing.resize(session, dispute, dispute.amount - amount, actor=actor, why=other.number)
    gone = {line.line_id: Money(line.amount_minor, dispute.currency) for line in lines}
    for line in lines:
        session.delete(line)
    session.flush()
    begin(session, other, gone, actor=actor, split_from_id=dispute.id)
    audit.record(
        session,
        "dispute.split",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        after={"number": dispute.number, "into": other.number, "amount": amount},
    )
    changing.tell(session, other, News.RAISED)
    return other


def _lines_of(session: Session, dispute: Dispute, line_ids: Collection[int]) -> list[DisputeLine]:
    lines = session.scalars(
        select(DisputeLine).where(DisputeLine.dispute_id == dispute.id, DisputeLine.line_id.in_(line_ids))
    ).all()
    if len(lines) != len(set(line_ids)):
        raise Invalid(N_("Choose lines that this dispute is about."), field="line")
    return list(lines)


def _move_lines(session: Session, dispute: Dispute, into: Dispute) -> None:
    there = {
        line.line_id: line for line in session.scalars(select(DisputeLine).where(DisputeLine.dispute_id == into.id))
    }
    for line in session.scalars(select(DisputeLine).where(DisputeLine.dispute_id == dispute.id)).all():
        if line.line_id not in there:
            session.add(DisputeLine(dispute_id=into.id, line_id=line.line_id, amount_minor=line.amount_minor))
    session.flush()
