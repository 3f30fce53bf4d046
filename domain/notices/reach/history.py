"""History: how and when somebody was contacted before, as the governor asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain.notices.model import LIVE, TALKED, Call, Notice
from domain.notices.reach.governor import Contacted
from domain.policies.contacting import Channel

WRITTEN = select(Notice.account_id, Notice.due_at).where(
    Notice.account_id.in_(bindparam("accounts", expanding=True)),
    Notice.decided_at > bindparam("since"),
    Notice.status.in_(LIVE),
    Notice.channel.in_({Channel.EMAIL, Channel.SMS}),
    Notice.step_day.is_not(None),
)
CALLED = select(Call.account_id, Call.called_at).where(
    Call.account_id.in_(bindparam("accounts", expanding=True)), Call.called_at > bindparam("since")
)
TALKS = (
    select(Call.account_id, func.max(Call.called_at).label("at"))
    .where(Call.account_id.in_(bindparam("accounts", expanding=True)), Call.outcome.in_(TALKED))
    .group_by(Call.account_id)
)


def contacted(session: Session, account_ids: Collection[int], *, since: datetime) -> Mapping[int, Contacted]:
    """The emails and texts decided on for each of these accounts since then, its calls, and its last conversation."""
    written, called = defaultdict[int, list[datetime]](list), defaultdict[int, list[datetime]](list)
    of_them = {"accounts": list(account_ids)}
    for notice in session.execute(WRITTEN, {**of_them, "since": since}):
        written[notice.account_id].append(notice.due_at)
    for call in session.execute(CALLED, {**of_them, "since": since}):
        called[call.account_id].append(call.called_at)
    talked = {row.account_id: row.at for row in session.execute(TALKS, of_them)}
    return {each: Contacted(written[each], called[each], talked.get(each)) for each in account_ids}
