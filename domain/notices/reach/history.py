"""History: how and when somebody was contacted before, as the governor asks for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.notices.model import LIVE, TALKED, Call, Notice
from domain.notices.reach.governor import Contacted
from domain.policies.contacting import Channel


def contacted(session: Session, account_id: int, *, since: datetime) -> Contacted:
    """The emails and texts that were decided on for an account since then, its calls, and its last conversation."""
    written = session.scalars(
        select(Notice.due_at).where(
            Notice.account_id == account_id,
            Notice.decided_at > since,
            Notice.status.in_(LIVE),
            Notice.channel.in_({Channel.EMAIL, Channel.SMS}),
            Notice.step_day.is_not(None),
        )
    ).all()
    called = session.scalars(select(Call.called_at).where(Call.account_id == account_id, Call.called_at > since)).all()
    talked = session.scalar(
        select(func.max(Call.called_at)).where(Call.account_id == account_id, Call.outcome.in_(TALKED))
    )
    return Contacted(written, called, talked)
