"""A process of the product that dies: between an answer of the processor's and our commit, or right after the commit.

It does what the portal (`open`) or the worker (`work`) does at one instant, and its death is the status 9.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.handlers import inbox
from app.settings import read_settings
from app.wiring import wired
from domain.payments import sending
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock

DEAD = 9
ASKED = {"open": "open_checkout", "work": "intent"}
"""The call after whose answer the process is doomed."""
POINTS = {"before the commit": "before_commit", "after the commit": "after_commit"}


class Doomed:
    """The processor; after it has answered one call, the next point of a commit is fatal."""

    def __init__(self, processor: Any, call: str, point: str) -> None:
        self._processor = processor
        self._call = call
        self._point = point

    def __getattr__(self, name: str) -> Any:
        if name == self._call:
            return self._last
        return getattr(self._processor, name)

    def _last(self, *given: Any, **named: Any) -> Any:
        answer = getattr(self._processor, self._call)(*given, **named)
        event.listen(Session, self._point, die)
        return answer


def die(session: Session) -> None:
    """At the commit of the whole, not of a savepoint; nothing is closed, flushed or rolled back."""
    if not session.in_nested_transaction():
        os._exit(DEAD)


def live(environ: Mapping[str, str], at: datetime, what: str, point: str, attempt_id: int) -> None:
    """Do it with these settings, and die."""
    with wired(read_settings(environ), MovableClock(at)) as everything:
        doomed: Any = Doomed(everything.processor, ASKED[what], POINTS[point])
        if what == "open":
            sending.send(everything.database, doomed, attempt_id, actor=WORKER)
        else:
            inbox.handle_due(replace(everything, processor=doomed))
