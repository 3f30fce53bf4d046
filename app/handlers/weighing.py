"""Weighing: new work gets its place in the worklist within seconds, all the rest its place anew within the hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.shared.db.session import Database, now
from domain.worklist import gathering, weighing

USUAL_FOR = timedelta(hours=1)
"""So long what is usual in each currency is remembered: to work it out reads every late invoice."""
MOST = 4
"""So many transactions in one turn, so that other housework has its turn as well."""


class Weigher:
    """Keeps the worklist in order, and remembers for a while what amounts are compared with."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._usual: dict[str, int] = {}
        self._until: datetime | None = None

    def weigh_due(self) -> int:
        """Gather what has no task yet, and weigh what is due; how much it was. Safe to repeat, and beside others."""
        with self._database.reading() as session:
            missing, due = gathering.is_missing(session), weighing.is_due(session)
        if missing:
            with self._database.transaction() as session:
                gathering.gather(session)
        if not (missing or due):
            return 0
        usual, total = self._compared_with(), 0
        for _ in range(MOST):
            with self._database.transaction() as session:
                weighed = weighing.weigh(session, usual)
            total += weighed
            if weighed < weighing.AT_ONCE:
                break
        return total

    def _compared_with(self) -> dict[str, int]:
        with self._database.reading() as session:
            moment = now(session)
            if self._until is None or moment >= self._until:
                self._usual, self._until = weighing.usual_amounts(session), moment + USUAL_FOR
        return self._usual
