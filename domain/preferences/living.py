"""Living: the business as its preferences describe it now, in every process, for one small look every few seconds.

A process that changes a preference sees it at once, the others within `EVERY` seconds. What is given is one value that
never changes; whoever holds it keeps it for as long as their page or transaction takes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from domain.preferences.setting import changes, holding
from domain.preferences.values import applied
from domain.shared.business import Business

EVERY = 3.0
"""Seconds after which changes are looked for again."""


class LiveBusiness:
    """Gives the business of an installation with its preferences; one for each process."""

    def __init__(
        self, engine: Engine, installation: Business, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.installation = installation
        self._engine = engine
        self._seconds = seconds
        self._lock = threading.Lock()
        self._looked_at: float | None = None
        self._forgotten = 0
        self._changes = -1
        self._business = installation

    def __call__(self) -> Business:
        """The business as it is described now.

        While one looks, the others take what is known: they may hold connections that whoever looks is waiting for.
        Only the first look is waited for; it comes before any connection.
        """
        if self._is_due() and self._lock.acquire(blocking=self._changes < 0):
            try:
                if self._is_due():
                    self._look()
            finally:
                self._lock.release()
        return self._business

    def forget(self) -> None:
        """Look again before it is given the next time: something was changed here."""
        self._forgotten += 1
        self._looked_at = None

    def _is_due(self) -> bool:
        looked_at = self._looked_at
        return looked_at is None or self._seconds() - looked_at >= EVERY

    def _look(self) -> None:
        """Look for more changes; a database that does not answer, or has no such table yet, leaves all as it was."""
        looked_at, forgotten = self._seconds(), self._forgotten
        try:
            with Session(self._engine) as session:
                many = changes(session)
                if many != self._changes:
                    self._business, self._changes = applied(self.installation, holding(session)), many
        except SQLAlchemyError:
            self._changes = max(self._changes, 0)
        if forgotten == self._forgotten:
            self._looked_at = looked_at
