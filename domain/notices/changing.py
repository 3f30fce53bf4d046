"""Changing: the one place where a notice changes its state."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.notices.model import ARROWS, WENT_OUT, HeldBack, Notice, NoticeChange, NoticeStatus
from domain.notices.queries import NO_SUCH_NOTICE
from domain.policies.contacting import Channel
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound

GONE_ON = N_("This notice has gone on meanwhile: look at it again.")


def locked(session: Session, notice_id: int) -> tuple[Account, Notice]:
    """A notice as it is now, under the lock of its account; NotFound."""
    account_id = session.scalar(select(Notice.account_id).where(Notice.id == notice_id))
    if account_id is None:
        raise NotFound(NO_SUCH_NOTICE)
    account = accounts.lock(session, account_id)
    return account, session.get_one(Notice, notice_id, populate_existing=True)


def change(
    session: Session,
    notice: Notice,
    after: NoticeStatus,
    *,
    actor: Actor,
    why: HeldBack | None = None,
    detail: str | None = None,
) -> None:
    """The notice is in another state; Conflict where that does not follow from the one that it is in."""
    before = notice.status
    if after not in ARROWS[before]:
        raise Conflict(GONE_ON)
    notice.status = after
    if why is not None:
        notice.why = why
    if after is NoticeStatus.SENT:
        notice.sent_at = now(session)
    if not ARROWS[after] or after is NoticeStatus.DELIVERED:
        notice.ended_at = now(session)
    note(session, notice, before, actor=actor, detail=detail)


def note(
    session: Session, notice: Notice, before: NoticeStatus | None, *, actor: Actor, detail: str | None = None
) -> None:
    """Write down the state that a notice is in, as a change and in the audit trail."""
    session.add(
        NoticeChange(
            notice_id=notice.id,
            before=before,
            after=notice.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            detail=detail,
        )
    )
    session.flush()
    audit.record(
        session,
        _act(notice),
        actor=actor,
        subject=("notice", notice.id),
        account_id=notice.account_id,
        before={"status": before} if before else None,
        after={
            "wording": notice.wording,
            "channel": notice.channel,
            "amount": notice.total,
            "to": notice.address,
            "held_back": notice.why,
            "why": detail,
        },
    )


def _act(notice: Notice) -> str:
    """What a change is called in the audit trail; that a call was made, and how it went, is told by the call itself."""
    is_made = notice.channel is Channel.CALL and notice.status in {*WENT_OUT, NoticeStatus.FAILED}
    return f"call_notice.{notice.status}" if is_made else f"notice.{notice.status}"
