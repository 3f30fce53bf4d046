"""History: how and when somebody was contacted before, as the governor asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.notices.model import LIVE, TALKED, Call, Notice
from domain.notices.reach.governor import Contacted
from domain.policies.contacting import Channel


def contacted(session: Session, account_ids: Collection[int], *, since: datetime) -> Mapping[int, Contacted]:
    """The emails and texts decided on for each of these accounts since then, its calls, and its last conversation."""
    written, called = defaultdict[int, list[datetime]](list), defaultdict[int, list[datetime]](list)
    notices = session.execute(
        select(Notice.account_id, Notice.due_at).where(
            Notice.account_id.in_(account_ids),
            Notice.decided_at > since,
            Notice.status.in_(LIVE),
            Notice.channel.in_({Channel.EMAIL, Channel.SMS}),
            Notice.step_day.is_not(None),
        )
    )
    for notice in notices:
        written[notice.account_id].append(notice.due_at)
    calls = select(Call.account_id, Call.called_at).where(Call.account_id.in_(account_ids), Call.called_at > since)
    for call in session.execute(calls):
        called[call.account_id].append(call.called_at)
    talks = (
        select(Call.account_id, func.max(Call.called_at).label("at"))
        .where(Call.account_id.in_(account_ids), Call.outcome.in_(TALKED))
        .group_by(Call.account_id)
    )
    talked = {row.account_id: row.at for row in session.execute(talks)}
    return {each: Contacted(written[each], called[each], talked.get(each)) for each in account_ids}
