"""Forecasting: every night the delays of all accounts are learned anew, and once a week the cash forecast is kept."""

from __future__ import annotations

from datetime import timedelta

from app.wired import Wired
from domain.reporting.forecasting import learning, making
from domain.shared.db.session import Database, today

AT_ONCE = 1_000
"""So many accounts are learned in one transaction."""


def look_ahead(wired: Wired) -> int:
    """Learn what has not been learned today, and keep this week's forecast where there is none; how much was done."""
    return _learn(wired.database) + _keep(wired.database)


def _learn(database: Database) -> int:
    with database.reading() as session:
        is_stale = learning.is_stale(session)
    done, after = 0, 0
    while is_stale:
        with database.transaction() as session:
            account_ids = learning.accounts_after(session, after, AT_ONCE)
            if not account_ids:
                break
            done += learning.learn(session, account_ids)
        after = account_ids[-1]
    return done


def _keep(database: Database) -> int:
    with database.transaction() as session:
        day = today(session)
        if making.is_kept(session, day - timedelta(days=day.weekday())):
            return 0
        return making.keep(session)
