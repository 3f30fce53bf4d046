"""Failing: one of the things that a duty does fails; it is logged and counted, and keeps no other from its turn."""

from __future__ import annotations

import structlog

from app.handlers.looking import Busy
from domain.dunning.turns import Did
from domain.payments.processor import ProcessorConfused, ProcessorUnreachable
from domain.shared.errors import Refused

log = structlog.get_logger("duties")

EXPECTED = (Refused, ProcessorUnreachable)
"""Bad luck that needs no traceback: it is tried again the next time."""


def failed(duty: str, what: str, problem: Exception) -> Did:
    """The failure of one thing (`account 7`); none where somebody else is at it just now."""
    if isinstance(problem, Busy):
        return Did()
    log.warning("failed", duty=duty, what=what, reason=str(problem), exc_info=not isinstance(problem, EXPECTED))
    return Did(failures=1, error=f"{what}: {problem}")


def is_away(problem: Exception) -> bool:
    """Whether the processor gives no answer to anything; one that it cannot give about one thing says nothing else."""
    return isinstance(problem, ProcessorUnreachable) and not isinstance(problem, ProcessorConfused)
