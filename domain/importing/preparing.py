"""Preparing: read a file into rows that wait to be booked, with everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from pathlib import PurePath
from typing import Any, BinaryIO, TypeAlias

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.documents import removing
from domain.documents.storage import Store
from domain.importing import reading, validating
from domain.importing.mapping import FileMapping
from domain.importing.model import BATCHES, REMARKS, ROWS, BatchState, ImportBatch, RemarkKind
from domain.importing.problems import Problem, Unreadable, visible
from domain.importing.progress import Progress, Step, silent
from domain.importing.remarks import Remarks
from domain.importing.rows import RowReader, WaitingRow
from domain.importing.tables import Table
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_, Conflict, NotFound

Result: TypeAlias = WaitingRow | list[Problem]

CHUNK = 2_000
ABANDONED_READING = timedelta(days=1)
ABANDONED_PREVIEW = timedelta(days=30)

ENCODING_GUESSED = N_("an encoding that is certain; this was read as {encoding}: declare it where letters look wrong")
ROWS_BELOW = N_("at least one row below the names of the columns")


def prepare(
    database: Database,
    stream: BinaryIO,
    file_name: str,
    mapping: FileMapping,
    *,
    actor: Actor,
    store: Store | None = None,
    progress: Progress = silent,
) -> int:
    """Read a file (seekable) and check it; returns the batch, which `preview` shows and `book` books.

    Its content goes into the store, where one is given, so that booking can file it as a document. Whatever is wrong
    with the file becomes a remark of the batch. Works in short transactions of its own, so that nobody waits for a
    long file; a batch that is not read to its end is forgotten.
    """
    if store is not None:
        store.put(reading.blocks(stream))
    batch_id = _begin(database, stream, file_name, mapping, actor)
    try:
        _read(database, batch_id, stream, mapping, progress)
        progress(Step.CHECKING, 0, None)
        with database.transaction() as session:
            validating.validate(session, batch_id)
            session.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(state=BatchState.PREVIEWED))
    except BaseException:
        with database.transaction() as session:
            _forget(session, [batch_id])
        raise
    return batch_id


def discard(session: Session, batch_id: int) -> None:
    """Forget a batch that was not booked; Conflict where it was."""
    state = session.scalar(select(BATCHES.c.state).where(BATCHES.c.id == batch_id))
    if state is None:
        raise NotFound
    if state in (BatchState.DONE, BatchState.UNDONE):
        raise Conflict(N_("This file has been imported: undo it instead."))
    _forget(session, [batch_id])


def header_print(headers: Iterable[str]) -> str:
    """What the names of a file's columns have in common with those of the next such file."""
    return sha256("\x1f".join(header.strip().casefold() for header in headers).encode(errors="replace")).hexdigest()


def _begin(database: Database, stream: BinaryIO, file_name: str, mapping: FileMapping, actor: Actor) -> int:
    digest, size = reading.digest(stream)
    with database.transaction() as session:
        _forget_abandoned(session)
        removing.keep(session, digest)
        batch = ImportBatch(
            state=BatchState.READING,
            file_name=visible(PurePath(file_name).name),
            sha256=digest,
            size=size,
            mapping=mapping.as_values(),
            read_as={},
            counts={},
            totals={},
            actor_kind=actor.kind,
            actor_id=actor.id,
            prepared_at=now(session),
        )
        session.add(batch)
        session.flush()
        return batch.id


def _read(database: Database, batch_id: int, stream: BinaryIO, mapping: FileMapping, progress: Progress) -> None:
    """Put the rows of the file and the problems of its cells into the database, a chunk a transaction."""
    with database.reading() as session:
        day, at = today(session), now(session)
    counts: dict[RemarkKind, int] = dict.fromkeys(RemarkKind, 0)
    rows = 0
    try:
        with reading.opened(
            stream,
            wanted=tuple(mapping.columns.values()),
            encoding=mapping.encoding,
            separator=mapping.separator,
            sheet=mapping.sheet,
        ) as table:
            reader = RowReader(mapping, table, today=day, at=at)
            _note_reading(database, batch_id, table, counts)
            results = _results(reader, table)
            while chunk := list(islice(results, CHUNK)):
                rows += len(chunk)
                _keep(database, batch_id, chunk, counts)
                progress(Step.READING, rows, None)
        if rows == 0:
            raise Unreadable(ROWS_BELOW, found="", row=table.header_row)
    except Unreadable as problem:
        _keep(database, batch_id, [[problem.problem, *problem.further]], counts)
    with database.transaction() as session:
        session.execute(
            update(BATCHES)
            .where(BATCHES.c.id == batch_id)
            .values(
                counts={
                    "rows": rows,
                    "read_errors": counts[RemarkKind.ERROR],
                    "read_notes": counts[RemarkKind.NOTE],
                }
            )
        )


def _note_reading(database: Database, batch_id: int, table: Table, counts: dict[RemarkKind, int]) -> None:
    with database.transaction() as session:
        session.execute(
            update(BATCHES)
            .where(BATCHES.c.id == batch_id)
            .values(read_as=table.read_as, header_print=header_print(table.headers))
        )
        if "guessed" in table.read_as:
            encoding = table.read_as["encoding"]
            note = Problem(None, None, encoding, ENCODING_GUESSED, {"encoding": encoding})
            Remarks(session, batch_id, reading=True, counts=counts).add(RemarkKind.NOTE, [note])


def _keep(database: Database, batch_id: int, chunk: list[Result], counts: dict[RemarkKind, int]) -> None:
    waiting: list[dict[str, Any]] = [{"batch_id": batch_id, **row} for row in chunk if isinstance(row, dict)]
    problems = [problem for row in chunk if isinstance(row, list) for problem in row]
    with database.transaction() as session:
        if waiting:
            session.execute(insert(ROWS), waiting)
        Remarks(session, batch_id, reading=True, counts=counts).add(RemarkKind.ERROR, problems)


def _results(reader: RowReader, table: Table) -> Iterator[Result]:
    """What each row comes to; a row that cannot be read is the last."""
    try:
        for row, cells in table.records:
            yield reader.read(row, cells)
    except Unreadable as problem:
        yield [problem.problem]


def _forget_abandoned(session: Session) -> None:
    """Forget files that were never booked: those whose reading broke off, and previews a month old."""
    old = and_(BATCHES.c.state == BatchState.READING, BATCHES.c.prepared_at < now(session) - ABANDONED_READING)
    stale = and_(BATCHES.c.state == BatchState.PREVIEWED, BATCHES.c.prepared_at < now(session) - ABANDONED_PREVIEW)
    _forget(session, session.scalars(select(BATCHES.c.id).where(or_(old, stale))).all())


def _forget(session: Session, batches: Iterable[int]) -> None:
    for batch_id in batches:
        session.execute(delete(ROWS).where(ROWS.c.batch_id == batch_id))
        session.execute(delete(REMARKS).where(REMARKS.c.batch_id == batch_id))
        session.execute(delete(BATCHES).where(BATCHES.c.id == batch_id))
