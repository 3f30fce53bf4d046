"""The demo's company: its ageing and figures as DuckDB reckons them from the raw rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.opening import opened_database
from app.settings import Settings
from domain.receivables.model import Invoice
from domain.shared.db.session import today
from domain.shared.months import month_end
from tests.support.independent import compare, independent
from tests.support.told import told

__all__ = ["told"]


@pytest.mark.slow
def test_the_demos_books_are_what_the_raw_rows_say(told: Settings, tmp_path: Path) -> None:
    with (
        opened_database(told) as database,
        database.reading() as session,
        independent(session, tmp_path) as theirs,
    ):
        day, begins = today(session), session.scalar(select(func.min(Invoice.issued_on)))
        assert begins is not None
        ends = {month_end(begins + timedelta(days=each)) for each in range(0, (day - begins).days + 1, 28)}
        agreed = compare(session, theirs, [*sorted(end for end in ends if end < day), day])

    assert agreed > 500
