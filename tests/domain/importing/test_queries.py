"""Queries: the list of imports, and the mapping that is proposed for the next file of the same sort."""

from __future__ import annotations

from domain.importing.mapping import FileMapping, Ours
from domain.importing.queries import batches, remembered_mapping
from domain.shared.db.session import Database
from tests.support.importing import COLUMNS, HEADERS, a_csv, a_row, booked, prepared


def test_imports_are_listed_newest_first_a_page_at_a_time(db: Database) -> None:
    ids = [prepared(db, a_csv(a_row(invoice=number))).id for number in range(3)]

    with db.reading() as session:
        page = batches(session, limit=2)
        rest = batches(session, before=page[-1].id, limit=2)

    assert [batch.id for batch in page] == [ids[2], ids[1]]
    assert [batch.id for batch in rest] == [ids[0]]


def test_the_last_mapping_that_was_booked_is_remembered_for_the_same_columns(db: Database) -> None:
    booked(db, a_csv(a_row()), decimal=".")
    booked(db, a_csv(a_row(invoice="1002")), decimal=None, currency="GBP", invite=True)
    prepared(db, a_csv(a_row(invoice="1003")), date="%d/%m/%Y")

    with db.reading() as session:
        remembered = remembered_mapping(session, [name.upper() for name in HEADERS])

    assert remembered == FileMapping(COLUMNS, currency="GBP", invite=True)


def test_nothing_is_remembered_for_other_columns(db: Database) -> None:
    booked(db, a_csv(a_row()))

    with db.reading() as session:
        assert remembered_mapping(session, HEADERS[1:]) is None


def test_a_preview_shows_how_the_file_was_matched(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(), separator=";"))

    assert seen.read_as == {"encoding": "utf-8", "separator": ";"}
    assert seen.mapping.columns[Ours.AMOUNT] == "amount"
