"""Remarks: keep what there is to say about a file, the first thousand of each kind, and count the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from domain.importing.model import REMARKS, RemarkKind
from domain.importing.problems import Problem

MOST = 1_000
"""Remarks of one kind that are kept of a batch."""


class Remarks:
    """What is found about one batch in one go: while it is read, or while it is compared with what is stored."""

    def __init__(
        self, session: Session, batch_id: int, *, reading: bool, counts: dict[RemarkKind, int] | None = None
    ) -> None:
        self.session = session
        self.batch_id = batch_id
        self.reading = reading
        self.counts = dict.fromkeys(RemarkKind, 0) if counts is None else counts

    def clear(self) -> None:
        """Forget what an earlier look of the same sort had found."""
        self.session.execute(
            delete(REMARKS).where(REMARKS.c.batch_id == self.batch_id, REMARKS.c.reading == self.reading)
        )

    def add(self, kind: RemarkKind, problems: Iterable[Problem], *, more: int = 0) -> None:
        """Keep these, as far as there is room, and count them and `more` that were not even fetched."""
        kept = list(problems)
        room = max(0, MOST - self.counts[kind])
        self.counts[kind] += len(kept) + more
        rows = [self._row(kind, problem) for problem in kept[:room]]
        if rows:
            self.session.execute(insert(REMARKS), rows)

    def fetch(self, query: Select[Any]) -> tuple[list[Any], int]:
        """The first rows that `query` finds, and how many more there are."""
        rows = list(self.session.execute(query.limit(MOST + 1)))
        if len(rows) <= MOST:
            return rows, 0
        count = self.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        return rows[:MOST], count - MOST

    def _row(self, kind: RemarkKind, problem: Problem) -> dict[str, Any]:
        return {
            "batch_id": self.batch_id,
            "kind": kind,
            "reading": self.reading,
            "row": problem.row,
            "column": problem.column,
            "found": problem.found,
            "expected": problem.expected,
            "params": dict(problem.params),
        }
