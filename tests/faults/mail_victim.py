"""A worker process that decides on reminders and sends them, and dies over the first mail where it is told to.

It dies when the server has taken that mail: before our next commit, or right after it. Its death is the status 9.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.handlers import outbox
from app.handlers.dunning import decide_due
from app.settings import read_settings
from app.wiring import wired
from domain.shared.clock import MovableClock
from domain.shared.mail import Email, Mailer
from tests.faults.victim import POINTS, die


@dataclass(frozen=True)
class Doomed:
    """The mailer; after the server has taken one mail, the next point of a commit is fatal."""

    mailer: Mailer
    point: str

    def send(self, email: Email) -> None:
        """Hand it over, and have not long to live."""
        self.mailer.send(email)
        event.listen(Session, self.point, die)


def live(environ: Mapping[str, str], at: datetime, point: str | None) -> None:
    """Do all there is to do about reminders with these settings; die at the point, where one is given."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with wired(read_settings(environ), MovableClock(at)) as everything:
        if point is not None:
            everything = replace(everything, mailer=Doomed(everything.mailer, POINTS[point]))
        decide_due(everything.database)
        while outbox.handle_due(everything):
            pass
