"""Bulk: what staff asked for on many accounts is done, or undone, account by account."""

from __future__ import annotations

from app.wired import Wired
from domain.bulk import running
from domain.bulk.running import WorkOn


def work_on_accounts(wired: Wired, message: WorkOn) -> None:
    """Work on the next accounts of a run."""
    running.work_on(wired.database, message)
