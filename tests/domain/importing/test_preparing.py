"""Preparing: a file becomes a batch with rows and remarks; nothing is booked, and what breaks off is forgotten."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.accounts.model import Account
from domain.importing import preparing, reading
from domain.importing.model import ImportBatch, ImportRemark, ImportRow
from domain.importing.progress import Step
from domain.importing.queries import batches
from domain.importing.remarks import MOST
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from tests.support.importing import MAPPING, a_csv, a_row, a_workbook, booked, places, prepared
from tests.support.outside import MemoryStore


def kept(db: Database) -> tuple[int, int, int]:
    """How many batches, waiting rows and remarks there are."""
    with db.reading() as session:
        return tuple(  # type: ignore[return-value]
            session.scalar(select(func.count()).select_from(table)) for table in (ImportBatch, ImportRow, ImportRemark)
        )


@pytest.mark.parametrize("content", [a_csv(a_row(), a_row("C-2")), a_workbook(a_row(), a_row("C-2"))])
def test_a_preview_counts_and_books_nothing(db: Database, content: bytes) -> None:
    seen = prepared(db, content)

    assert (seen.counts.rows, seen.counts.accounts, seen.counts.invoices, seen.counts.payments) == (2, 2, 2, 0)
    assert str(seen.totals["GBP"].invoiced) == "240.00 GBP"
    assert [row.account_number for row in seen.rows] == ["C-1", "C-2"]
    assert seen.can_be_booked
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_every_error_has_its_row_and_column(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(amount="x"), a_row("C-2"), a_row("", issued="y")))

    assert list(places(seen)) == [(2, "amount", "x"), (4, "account", ""), (4, "issued", "y")]
    assert seen.counts.errors == 3
    assert not seen.can_be_booked


def test_of_very_many_errors_the_first_thousand_are_kept_and_all_are_counted(db: Database) -> None:
    seen = prepared(db, a_csv(*(a_row(amount="x") for _ in range(MOST + 5))))

    assert (len(seen.errors), seen.counts.errors) == (MOST, MOST + 5)
    assert seen.errors[-1].row == MOST + 1


def test_what_was_read_before_a_broken_row_is_told_with_it(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(amount="x")) + b'"1"2,3\r\n')

    assert [(row, column) for row, column, _ in places(seen)] == [(2, "amount"), (3, None)]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", a_csv(), b"a,b\r\n1,2\r\n", b"\x00" * 300])
def test_a_file_without_anything_to_import_says_so(db: Database, content: bytes) -> None:
    seen = prepared(db, content)

    assert seen.counts.errors == len(seen.errors) > 0
    assert not seen.can_be_booked


def test_a_guessed_encoding_is_a_note(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(name="Café"), encoding="cp1252"))

    assert seen.counts.notes == 1
    assert seen.notes[0].found == "cp1252"
    assert seen.can_be_booked


def test_a_file_whose_reading_breaks_off_is_forgotten(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("domain.importing.validating.validate", fail)
    with pytest.raises(ConnectionError):
        prepared(db, a_csv(a_row(), a_row(amount="x")))

    assert kept(db) == (0, 0, 0)


def test_a_discarded_preview_is_gone(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(), a_row(amount="x")))

    with db.transaction() as session:
        preparing.discard(session, seen.id)

    assert kept(db) == (0, 0, 0)


def test_a_booked_import_is_not_discarded(db: Database) -> None:
    seen = booked(db, a_csv(a_row()))

    with pytest.raises(Conflict), db.transaction() as session:
        preparing.discard(session, seen.id)
    with pytest.raises(NotFound), db.transaction() as session:
        preparing.discard(session, seen.id + 1)


def test_previews_that_nobody_booked_are_forgotten_in_time(db: Database, clock: MovableClock) -> None:
    prepared(db, a_csv(a_row()))
    clock.advance(days=preparing.ABANDONED_PREVIEW / timedelta(days=1) + 1)

    later = prepared(db, a_csv(a_row("C-2")))

    with db.reading() as session:
        assert [batch.id for batch in batches(session)] == [later.id]


def test_progress_is_told_as_the_file_is_read(db: Database) -> None:
    told: list[tuple[Step, int]] = []
    content = a_csv(*(a_row(invoice=number) for number in range(preparing.CHUNK + 1)))

    preparing.prepare(
        db,
        io.BytesIO(content),
        "x.csv",
        MAPPING,
        actor=OPERATOR,
        progress=lambda step, done, total: told.append((step, done)),
    )

    assert told == [(Step.READING, preparing.CHUNK), (Step.READING, preparing.CHUNK + 1), (Step.CHECKING, 0)]


def test_the_content_goes_into_the_store(db: Database) -> None:
    store, content = MemoryStore(), a_csv(a_row())

    preparing.prepare(db, io.BytesIO(content), "../a/b.csv", MAPPING, actor=OPERATOR, store=store)

    digest, size = reading.digest(io.BytesIO(content))
    with db.reading() as session:
        batch = session.scalars(select(ImportBatch)).one()
        assert (batch.sha256, batch.size, batch.file_name) == (digest, size, "b.csv")
    assert store.contents == {digest: content}
