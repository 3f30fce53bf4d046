"""Queries: what the pages and the command show of imports: the list, a preview, the mapping of such a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from domain.importing.mapping import FileMapping
from domain.importing.model import BATCHES, REMARKS, ROWS, BatchState, ImportBatch, RemarkKind
from domain.importing.preparing import header_print
from domain.importing.problems import Problem
from domain.shared.errors import NotFound
from domain.shared.money import Money

FIRST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import comes to, or came to."""

    rows: int
    accounts: int
    invoices: int
    payments: int
    skipped: int
    errors: int
    notes: int


@dataclass(frozen=True, slots=True)
class Total:
    """What an import adds in one currency: invoiced, and of this or earlier invoices paid."""

    invoiced: Money
    paid: Money


@dataclass(frozen=True, slots=True)
class Preview:
    """One import, before or after it was booked; `rows` are the first of those that wait."""

    id: int
    state: BatchState
    file_name: str
    read_as: dict[str, str]
    mapping: FileMapping
    counts: Counts
    totals: dict[str, Total]
    errors: list[Problem]
    notes: list[Problem]
    rows: Sequence[Row[Any]]

    @property
    def can_be_booked(self) -> bool:
        """Whether nothing is wrong with it, and it was not booked before."""
        return self.state is BatchState.PREVIEWED and not self.counts.errors

    @property
    def adds_nothing(self) -> bool:
        """Whether all that it says is known already."""
        return not self.counts.invoices and not self.counts.payments and not self.counts.errors


def is_awaited(session: Session, sha256: str) -> bool:
    """Whether an import that is not booked yet is of this file, which is filed only then."""
    waiting = BATCHES.c.state.in_((BatchState.READING, BatchState.PREVIEWED))
    return bool(session.scalar(select(exists().where(BATCHES.c.sha256 == sha256, waiting))))


def preview(session: Session, batch_id: int) -> Preview:
    """Counts, totals, the first rows, and errors and notes by row and column (the first thousand of each)."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or batch.state is BatchState.READING:
        raise NotFound
    rows = session.execute(select(ROWS).where(ROWS.c.batch_id == batch_id).order_by(ROWS.c.row).limit(FIRST_ROWS)).all()
    return Preview(
        id=batch.id,
        state=batch.state,
        file_name=batch.file_name,
        read_as=batch.read_as,
        mapping=FileMapping.from_values(batch.mapping),
        counts=Counts(**{name: batch.counts[name] for name in Counts.__dataclass_fields__}),
        totals={
            currency: Total(Money(total["invoiced"], currency), Money(total["paid"], currency))
            for currency, total in batch.totals.items()
        },
        errors=_problems(session, batch_id, RemarkKind.ERROR),
        notes=_problems(session, batch_id, RemarkKind.NOTE),
        rows=rows,
    )


def batches(session: Session, *, before: int | None = None, limit: int = 50) -> list[Any]:
    """Imports, the newest first; `before` is the id of the last one seen."""
    query = select(
        BATCHES.c.id,
        BATCHES.c.state,
        BATCHES.c.file_name,
        BATCHES.c.counts,
        BATCHES.c.actor_kind,
        BATCHES.c.actor_id,
        BATCHES.c.prepared_at,
        BATCHES.c.booked_at,
        BATCHES.c.undone_at,
    ).where(BATCHES.c.state != BatchState.READING)
    if before is not None:
        query = query.where(BATCHES.c.id < before)
    return list(session.execute(query.order_by(BATCHES.c.id.desc()).limit(limit)))


def remembered_mapping(session: Session, headers: Iterable[str]) -> FileMapping | None:
    """How the last imported file with the same names of columns was matched; None where there was none."""
    values = session.scalar(
        select(BATCHES.c.mapping)
        .where(
            BATCHES.c.header_print == header_print(headers),
            BATCHES.c.state.in_((BatchState.DONE, BatchState.UNDONE)),
        )
        .order_by(BATCHES.c.id.desc())
        .limit(1)
    )
    return None if values is None else FileMapping.from_values(values)


def _problems(session: Session, batch_id: int, kind: RemarkKind) -> list[Problem]:
    rows = session.execute(
        select(REMARKS.c.row, REMARKS.c.column, REMARKS.c.found, REMARKS.c.expected, REMARKS.c.params)
        .where(REMARKS.c.batch_id == batch_id, REMARKS.c.kind == kind)
        .order_by(REMARKS.c.row.nulls_first(), REMARKS.c.id)
    )
    return [Problem(*row) for row in rows]
