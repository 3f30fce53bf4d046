"""To do: how much waits for a person at each place, in one statement: every page of the back office asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.inbox import queries as inbox
from domain.notices import printing
from domain.notices import queries as notices
from domain.notices.incoming import queries as messages
from domain.plans import queries as plans
from domain.shared.db.session import now
from domain.tasks import queries as tasks

_COUNTED = {
    "failed_events": inbox.HOW_MANY_FAILED,
    "notices": notices.HOW_MANY_WAIT,
    "letters": printing.HOW_MANY_WAIT,
    "messages": messages.HOW_MANY_WAIT,
    "plans": plans.HOW_MANY_ASK,
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """How much waits on the worklist; how many failed events, notices and calls, letters, messages, plans of that.

    `approvals` are those that one person may decide; 0 where nobody in particular looks.
    """

    tasks: int
    failed_events: int
    notices: int
    letters: int
    messages: int
    plans: int
    approvals: int = 0


def to_do(session: Session) -> ToDo:
    """What waits now, whoever looks."""
    wanted = {"tasks": tasks.how_many_wait(now(session)), **_COUNTED}
    counted = select(*(found.scalar_subquery().label(name) for name, found in wanted.items()))
    return ToDo(**session.execute(counted).mappings().one())
