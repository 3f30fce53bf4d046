"""Approving: a person has looked at a notice and lets it go, or not; what is no longer true does not go."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.dunning import pausing
from domain.dunning.calling_off import call_off
from domain.dunning.last_look import as_it_stands
from domain.dunning.model import DunningStage
from domain.dunning.second_look import look, still_true
from domain.dunning.stepping import judged
from domain.notices import changing
from domain.notices.deciding import hand_over
from domain.notices.model import HeldBack, Notice, NoticePart, NoticeStatus
from domain.notices.reach import reaching
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.tasks.model import TaskKind
from domain.tasks.working import settle

NO_SUCH_NOTICE = N_("We could not find that notice.")


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
    else:
        _begin_today(session, notice)
        changing.change(session, notice, NoticeStatus.READY, actor=actor)
        hand_over(session, notice)
    _settle(session, notice)
    return notice


def reject(session: Session, notice_id: int, *, why: str, actor: Actor) -> Notice:
    """Keep a notice that waits from going, with the reason; the sequence goes on with the next step."""
    if not why.strip():
        raise Invalid(N_("Say why it is not to go."), field="why")
    _, notice = _waiting(session, notice_id)
    changing.change(session, notice, NoticeStatus.REJECTED, actor=actor, detail=why.strip())
    _settle(session, notice)
    return notice


def _waiting(session: Session, notice_id: int) -> tuple[Account, Notice]:
    account_id = session.scalar(select(Notice.account_id).where(Notice.id == notice_id))
    if account_id is None:
        raise NotFound(NO_SUCH_NOTICE)
    account = accounts.lock(session, account_id)
    notice = session.get_one(Notice, notice_id, populate_existing=True)
    if notice.status is not NoticeStatus.WAITING:
        raise Conflict(N_("This notice does not wait for approval any more."))
    return account, notice


def _why_not(session: Session, account: Account, notice: Notice) -> HeldBack | None:
    """Why it is not to go after all; an address that meanwhile does not work or want it is looked for anew."""
    if pausing.paused(session) is not None:
        return HeldBack.PAUSED
    due = as_it_stands(session, notice)
    parts = look(session, account, due)
    if not still_true(due, parts):
        return next((part.why for part in parts if part.why), HeldBack.PAID)
    reached = reaching.reach(
        session, account, wording=notice.wording, channel=notice.channel, recipient=notice.recipient
    )
    if isinstance(reached, HeldBack):
        return reached
    notice.channel, notice.recipient, notice.contact_id = reached.channel, reached.recipient, reached.contact_id
    notice.name, notice.address, notice.language = reached.name, reached.address, reached.language
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


def _settle(session: Session, notice: Notice) -> None:
    settle(session, TaskKind.NOTICES_TO_APPROVE, subject=("notice", notice.id))
