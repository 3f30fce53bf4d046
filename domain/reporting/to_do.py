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
from domain.tasks import queries as tasks

_COUNTED = {
    "tasks": tasks.HOW_MANY_OPEN,
    "failed_events": inbox.HOW_MANY_FAILED,
    "notices": notices.HOW_MANY_WAIT,
    "letters": printing.HOW_MANY_WAIT,
    "messages": messages.HOW_MANY_WAIT,
    "plans": plans.HOW_MANY_ASK,
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """How many tasks are open, events failed, notices and calls, letters to print, messages and plans wait for us."""

    tasks: int
    failed_events: int
    notices: int
    letters: int
    messages: int
    plans: int


def to_do(session: Session) -> ToDo:
    """What waits now, whoever looks."""
    counted = select(*(found.scalar_subquery().label(name) for name, found in _COUNTED.items()))
    return ToDo(**session.execute(counted).mappings().one())
