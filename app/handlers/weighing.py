"""Weighing: new work gets its place in the worklist within seconds, all the rest its place anew within the hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.shared.db.session import Database, now
from domain.worklist import gathering, settling, weighing

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
        """Gather what has no task yet, end what money has settled, and weigh what is due; how much it was.

        Safe to repeat, and beside others.
        """
        with self._database.reading() as session:
            missing, over, due = gathering.is_missing(session), settling.is_over(session), weighing.is_due(session)
        total = self._settle_paid() if over else 0
        if missing:
            with self._database.transaction() as session:
                gathering.gather(session)
        if not (missing or due):
            return total
        usual = self._compared_with()
        for _ in range(MOST):
            with self._database.transaction() as session:
                weighed = weighing.weigh(session, usual)
            total += weighed
            if weighed < weighing.AT_ONCE:
                break
        return total

    def _settle_paid(self) -> int:
        total = 0
        for _ in range(MOST):
            with self._database.transaction() as session:
                settled = settling.settle_paid(session)
            total += settled
            if settled < settling.AT_ONCE:
                break
        return total

    def _compared_with(self) -> dict[str, int]:
        with self._database.reading() as session:
            moment = now(session)
            if self._until is None or moment >= self._until:
                self._usual, self._until = weighing.usual_amounts(session), moment + USUAL_FOR
        return self._usual
