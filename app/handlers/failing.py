"""Failing: one of the things that a duty does fails; it is logged and counted, and keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

import structlog
from sqlalchemy.orm import Session

from app.handlers.looking import Busy
from domain.dunning.turns import Did
from domain.payments.processor import ProcessorConfused, ProcessorUnreachable
from domain.shared.db.session import Database
from domain.shared.errors import Refused

log = structlog.get_logger("duties")

About = ParamSpec("About")
EXPECTED = (Refused, ProcessorUnreachable)
"""Bad luck that needs no traceback: it is tried again the next time."""


def failed(duty: str, what: str, problem: Exception) -> Did:
    """The failure of one thing (`account 7`); none where somebody else is at it just now."""
    if isinstance(problem, Busy):
        return Did()
    log.warning("failed", duty=duty, what=what, reason=str(problem), exc_info=not isinstance(problem, EXPECTED))
    return Did(failures=1, error=f"{what}: {problem}")


def in_turn(
    database: Database,
    duty: str,
    what: str,
    act: Callable[Concatenate[Session, About], int],
    *args: About.args,
    **kwargs: About.kwargs,
) -> Did:
    """Do one thing (`account 7`) in a transaction of its own; one that fails keeps no other from its turn."""
    try:
        with database.transaction() as session:
            return Did(int(act(session, *args, **kwargs)))
    except Exception as problem:
        return failed(duty, what, problem)


def each_in_turn(
    database: Database,
    duty: str,
    kind: str,
    find: Callable[[Session], list[int]],
    act: Callable[[Session, int], int],
) -> Did:
    """The same with all that is found, by their ids; `kind` is what they are."""
    with database.reading() as session:
        found = find(session)
    return sum((in_turn(database, duty, f"{kind} {one}", act, one) for one in found), Did())


def is_away(problem: Exception) -> bool:
    """Whether the processor gives no answer to anything; one that it cannot give about one thing says nothing else."""
    return isinstance(problem, ProcessorUnreachable) and not isinstance(problem, ProcessorConfused)
