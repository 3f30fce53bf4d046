"""IBM's sample: every month end of 2012 and 2013 as DuckDB reckons it from the raw rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from domain.importing.mapping import FileMapping
from domain.shared.db.session import Database
from domain.shared.months import month_end
from tests.support.ibm import IBM, IBM_MAPPING, needs_ibm
from tests.support.importing import booked
from tests.support.independent import compare, independent

MONTH_ENDS = [month_end(date(year, month, 1)) for year in (2012, 2013) for month in range(1, 13)]


@needs_ibm
def test_every_month_end_of_two_years_is_what_the_raw_rows_say(db: Database, tmp_path: Path) -> None:
    booked(db, IBM.read_bytes(), FileMapping.from_toml(IBM_MAPPING.read_text()))

    with db.reading() as session, independent(session, tmp_path) as theirs:
        agreed = compare(session, theirs, MONTH_ENDS)

    assert agreed > 2_000
