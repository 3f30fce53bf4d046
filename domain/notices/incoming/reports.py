"""Reports: what mail servers tell of an email of ours: it arrived, it will not, it is late, it was not wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices import changing
from domain.notices.incoming.matching import marks_in
from domain.notices.model import ARROWS, Notice, NoticeStatus
from domain.notices.reach import addresses, tracing, unsubscribing
from domain.notices.reach.model import AddressKind
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

GIVEN_UP = timedelta(days=30)
"""After so long no mail server reports a failure any more (RFC 5321 has them try for four to five days)."""


class Outcome(StrEnum):
    """What a report says; DELAYED is noted only, for the mail server goes on trying."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    FAILED = "failed"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Report:
    """One report: the message ids that it may be about, and what the server said in its own words.

    `dead_address` where it failed because of the address itself, so that no other message will arrive there either.
    """

    outcome: Outcome
    references: tuple[str, ...]
    dead_address: bool = False
    detail: str = ""


def is_ours(session: Session, report: Report) -> bool:
    """Whether it is about a notice of ours: nobody who has not had the message knows its id."""
    return _notice_id(session, report) is not None


def hear(session: Session, report: Report, *, how: str, actor: Actor) -> bool:
    """Draw the consequences for the notice and its address; whether it was one of ours. Safe to repeat."""
    notice_id = _notice_id(session, report)
    if notice_id is None:
        return False
    account, notice = changing.locked(session, notice_id)
    match report.outcome:
        case Outcome.DELIVERED:
            _delivered(session, notice, report, actor)
        case Outcome.FAILED:
            _failed(session, account, notice, report, how, actor)
        case Outcome.COMPLAINED:
            _complained(session, account, notice, report, how, actor)
        case Outcome.OPTED_OUT if notice.address is not None:
            unsubscribing.opt_out(session, notice.channel, notice.address, how=how, actor=actor, notice_id=notice.id)
    return True


def _notice_id(session: Session, report: Report) -> int | None:
    marks = marks_in(report.references)
    found = select(Notice.id).where(Notice.mark.in_(marks)).order_by(Notice.id.desc()).limit(1)
    return session.scalars(found).first() if marks else None


def _delivered(session: Session, notice: Notice, report: Report, actor: Actor) -> None:
    if notice.status is NoticeStatus.SENT:
        changing.change(session, notice, NoticeStatus.DELIVERED, actor=actor, detail=report.detail or None)


def _failed(session: Session, account: Account, notice: Notice, report: Report, how: str, actor: Actor) -> None:
    if NoticeStatus.FAILED not in ARROWS[notice.status]:
        return
    if notice.sent_at is not None and now(session) - notice.sent_at > GIVEN_UP:
        return
    if report.dead_address:
        tracing.bounced(session, account, notice, how=how, detail=report.detail, actor=actor)
    else:
        changing.change(session, notice, NoticeStatus.FAILED, actor=actor, detail=report.detail)


def _complained(session: Session, account: Account, notice: Notice, report: Report, how: str, actor: Actor) -> None:
    """Whoever presses "this is spam" does not want to be written to; a person looks why."""
    if notice.address is None:
        return
    new = addresses.note(
        session,
        notice.channel,
        notice.address,
        AddressKind.COMPLAINED,
        how=how,
        actor=actor,
        account_id=account.id,
        notice_id=notice.id,
        detail=report.detail or None,
    )
    if new:
        tasks.open_task(
            session,
            TaskKind.COMPLAINT,
            subject=("notice", notice.id),
            account_id=account.id,
            worth=receivables.totals(session, account.id, account.currency).open,
            detail={"why": report.detail} if report.detail else {},
        )
