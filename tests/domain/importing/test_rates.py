"""Files of reference rates: entered once, whole or not at all, with what is wrong in each row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from domain.importing.rates import COLUMNS, BadRows, Imported, import_rates
from domain.policies.rates import RateMissing
from domain.policies.reference_rates import PUBLISHED, entered, looked_up, rate_table
from domain.policies.sections import Reference
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid

EXAMPLE = Path("docs/examples/reference-rates.csv")
HEAD = ",".join(COLUMNS)


def imported(db: Database, raw: bytes) -> Imported:
    """What a file with these bytes comes to."""
    with db.transaction() as session:
        return import_rates(session, BytesIO(raw), actor=OPERATOR)


def test_the_published_history_is_imported_once(db: Database) -> None:
    first, again = imported(db, EXAMPLE.read_bytes()), imported(db, EXAMPLE.read_bytes())

    rows = len(EXAMPLE.read_text("utf-8").splitlines()) - 1
    assert (first, again) == (Imported(rows, 0), Imported(0, rows))
    with db.reading() as session:
        table = rate_table(session)
        assert set(looked_up(session)) == set(PUBLISHED)
    assert table.at(Reference.BOE, date(2012, 12, 31)) == Decimal("0.5")
    assert table.at(Reference.ECB_MRO, date(2013, 1, 1)) == Decimal("0.75")
    assert table.at(Reference.DE_BASE, date(2013, 1, 1)) == Decimal("-0.13")
    with pytest.raises(RateMissing):
        table.at(Reference.BOE, date(2026, 6, 30))


def test_what_a_spreadsheet_of_another_country_saves_is_read_too(db: Database) -> None:
    text = (
        "Reference;From;Percent;Source;Complete_through\r\nde_basiszinssatz;2026-01-01;1,27 %;Für 2026;2026-01-01\r\n"
    )

    found = imported(db, text.encode("cp1252"))

    with db.reading() as session:
        [row] = entered(session)
    assert (found, row.rate, row.source) == (Imported(1, 0), Decimal("1.27"), "Für 2026")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("boe,2026-01-01,viel,BoE,", "“viel” is not a rate in per cent"),
        ("boe,gestern,1,BoE,", "“gestern” is not a day"),
        ("libor,2026-01-01,1,x,", "“libor” is none of"),
        ("fixed,2026-01-01,1,x,", "“fixed” is none of"),
        ("boe,2026-01-01,1", "Say where the rate is published."),
        ("boe", "“” is not a day"),
        ("boe,2026-01-01,99,BoE,", "Enter a percentage"),
        ("boe,2026-01-01,NaN,BoE,", "Enter a percentage"),
        ("boe,2026-01-01,1,BoE,2030-01-01", "Nobody can know yet"),
    ],
)
def test_a_file_with_bad_rows_is_refused_whole_and_each_of_them_is_named(db: Database, row: str, words: str) -> None:
    text = "\n".join((HEAD, "boe,2025-12-18,3.75,BoE,", row, "boe,2025-08-07,4,BoE,", row))

    with pytest.raises(BadRows) as refused:
        imported(db, text.encode())

    assert [each.number for each in refused.value.rows] == [3, 5]
    assert all(words in str(each.problem) for each in refused.value.rows)
    with db.reading() as session:
        assert entered(session) == []


@pytest.mark.parametrize(
    ("raw", "words"), [(b"a,b\n1,2\n", "complete_through"), (b"", "cannot be read"), (b'"\n' * 9, "needs|cannot be")]
)
def test_a_file_that_is_no_table_of_rates_is_refused(db: Database, raw: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        imported(db, raw)
