"""Calling off: a notice that was decided on does not go after all, and the step that it was counts as not taken."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.dunning.model import DunningStage
from domain.notices import changing
from domain.notices.model import LIVE, HeldBack, Notice, NoticePart, NoticeStatus
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import today

TAKEN = LIVE | {NoticeStatus.REJECTED}
"""The states of a notice whose step was taken: after one that somebody rejected the sequence goes on too."""


def call_off(session: Session, notice: Notice, why: HeldBack, *, actor: Actor) -> None:
    """Hold a notice back that was to go, under the account's lock; its step is looked at again tomorrow.

    Nothing is said twice then, but that there is no address: that is when somebody is asked to find one.
    """
    changing.change(session, notice, NoticeStatus.SUPPRESSED, actor=actor, why=why)
    parts = session.scalars(
        select(NoticePart).where(
            NoticePart.notice_id == notice.id, NoticePart.step_day.is_not(None), NoticePart.asked_minor > 0
        )
    )
    for part in parts.all():
        stage = session.get(DunningStage, part.invoice_id, populate_existing=True)
        if stage is None or stage.day != part.step_day:
            continue  # another step has been taken since
        before = _taken_before(session, part)
        stage.day, stage.reached_on = (before.step_day, before.decided_on) if before else (None, None)
        stage.looked_on = today(session)
        if why is not HeldBack.NO_ADDRESS:
            stage.held_day, stage.held_why = part.step_day, why
    session.flush()


def _taken_before(session: Session, part: NoticePart) -> AnyRow | None:
    """The step that was taken last for an invoice before this part of a notice: its day, and when that was."""
    return session.execute(
        select(NoticePart.step_day, Notice.decided_on)
        .join(Notice, Notice.id == NoticePart.notice_id)
        .where(
            NoticePart.invoice_id == part.invoice_id,
            NoticePart.step_day.is_not(None),
            NoticePart.asked_minor > 0,
            Notice.id < part.notice_id,
            Notice.status.in_(TAKEN),
        )
        .order_by(Notice.id.desc())
        .limit(1)
    ).one_or_none()
