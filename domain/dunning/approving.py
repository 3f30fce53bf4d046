"""Approving: a person has looked at a notice and lets it go, or not; what is no longer true does not go."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning import pausing
from domain.dunning.calling_off import call_off
from domain.dunning.last_look import why_untrue
from domain.dunning.model import DunningStage
from domain.dunning.planning import judged
from domain.notices import changing
from domain.notices.deciding import address_to, hand_over, settle_task
from domain.notices.model import HeldBack, Notice, NoticePart, NoticeStatus
from domain.notices.reach import reaching
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid


def approve(session: Session, notice_id: int, *, actor: Actor) -> Notice:
    """Let a notice that waits go; it is held back instead where the second look finds that it is no longer true.

    Where less is open than it asked for, or more of it is held, it says what is open now: its words are made when it
    is sent. Whoever gets it has as many days to act as its step gives, however long it waited, and so has the step
    after it to wait. Out of its hours it goes when they begin. Conflict where it does not wait (any more).
    """
    account, notice = _waiting(session, notice_id)
    why = _why_not(session, account, notice)
    if why is not None:
        call_off(session, notice, why, actor=actor)
        return notice
    _begin_today(session, notice)
    changing.change(session, notice, NoticeStatus.READY, actor=actor)
    settle_task(session, notice)
    hand_over(session, notice)
    return notice


def reject(session: Session, notice_id: int, *, why: str, actor: Actor) -> Notice:
    """Keep a notice that waits from going, with the reason; the sequence goes on with the next step."""
    if not why.strip():
        raise Invalid(N_("Say why it is not to go."), field="why")
    _, notice = _waiting(session, notice_id)
    changing.change(session, notice, NoticeStatus.REJECTED, actor=actor, detail=why.strip())
    settle_task(session, notice)
    return notice


def _waiting(session: Session, notice_id: int) -> tuple[Account, Notice]:
    account, notice = changing.locked(session, notice_id)
    if notice.status is not NoticeStatus.WAITING:
        raise Conflict(N_("This notice does not wait for approval any more."))
    return account, notice


def _why_not(session: Session, account: Account, notice: Notice) -> HeldBack | None:
    """Why it is not to go after all; an address that meanwhile does not work or want it is looked for anew."""
    if pausing.paused(session) is not None:
        return HeldBack.PAUSED
    if (why := why_untrue(session, account, notice)) is not None:
        return why
    reached = reaching.reach(
        session, account, wording=notice.wording, channel=notice.channel, recipient=notice.recipient
    )
    if isinstance(reached, HeldBack):
        return reached
    address_to(notice, reached)
    verdict = judged(session, account, reached)
    if verdict.too_often:
        return HeldBack.TOO_OFTEN
    notice.due_at = now(session) if verdict.now or verdict.from_at is None else verdict.from_at
    return None


def _begin_today(session: Session, notice: Notice) -> None:
    """Count the days to act, and those before the next step, from today: it goes now, not when it was decided on."""
    waited = today(session) - notice.decided_on
    if notice.act_by is not None:
        notice.act_by += waited
    parts = select(NoticePart.invoice_id).where(NoticePart.notice_id == notice.id, NoticePart.asked_minor > 0)
    taken = select(DunningStage).where(
        DunningStage.invoice_id.in_(parts),
        DunningStage.day <= notice.step_day,
        DunningStage.reached_on == notice.decided_on,
    )
    for stage in session.scalars(taken, execution_options={"populate_existing": True}):
        stage.reached_on = today(session)
