"""Forecasting: every night the delays of all accounts are learned anew, and once a week the cash forecast is kept.

Both read from one moment of the books first and write shortly afterwards, so that nobody who writes waits for them.
"""

from __future__ import annotations

from datetime import date, timedelta

from domain.reporting.forecasting import learning, making
from domain.shared.db.session import Database, today

AT_ONCE = 1_000
"""So many accounts are learned in one transaction."""


class Forecaster:
    """Learns and looks ahead; remembers on which day this process went through all accounts, whatever it learned."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learned_on: date | None = None

    def look_ahead(self) -> int:
        """Learn what has not been learned today, and keep this week's forecast where there is none; how much it was."""
        return self._learn() + self._keep()

    def _learn(self) -> int:
        with self._database.reading() as session:
            day = today(session)
            is_due = self._learned_on != day and learning.is_stale(session)
        done, after = 0, 0
        while is_due:
            with self._database.reading() as session:
                account_ids = learning.accounts_after(session, after, AT_ONCE)
                found = learning.learned_of(session, account_ids) if account_ids else []
            if not account_ids:
                break
            with self._database.transaction() as session:
                learning.keep(session, account_ids, found)
            done += len(found)
            after = account_ids[-1]
        self._learned_on = day
        return done

    def _keep(self) -> int:
        with self._database.reading() as session:
            day = today(session)
            if making.is_kept(session, day - timedelta(days=day.weekday())):
                return 0
            found = making.forecast(session)
        with self._database.transaction() as session:
            return making.keep(session, day, found)
