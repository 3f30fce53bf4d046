"""Fault 14: an old backup is restored, and the books find again what the processor knows, to the cent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from app.handlers.backfilling import backfill
from app.handlers.tying import tie_out
from app.worker import Worker
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.conftest import Workshop
from tests.faults.conftest import Prove
from tests.faults.month import Month
from tests.faults.scene import Scene, a_scene
from tests.support.databases import OnPostgresql, opened

LENGTHS = [
    pytest.param(1, 4, id="sample"),
    pytest.param(6, 14, id="in full", marks=pytest.mark.faults),
]
"""Days before the backup and as many after it, and payments a day."""


@contextmanager
def backup(workshop: Workshop, kind: str, engine: Engine, folder: Path) -> Iterator[str]:
    """A copy of a database as it is now: its address."""
    if kind == "sqlite":
        copy = folder / "backup.db"
        with closing(sqlite3.connect(engine.url.database or "")) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        yield f"sqlite:///{copy}"
        return
    databases, name = workshop.kinds[kind], f"backup_{uuid4().hex}"
    assert isinstance(databases, OnPostgresql)
    engine.dispose()
    databases.cluster.create(name, template=engine.url.database or "")
    yield databases.cluster.url(name)
    databases.cluster.drop(name)


def expect_nothing_unexplained(scene: Scene) -> int:
    """Everything at the processor is in the books; how many cents are not explained."""
    scene.expect_whole_books()
    last = scene.clock.now().date()
    found = tie_out(scene.wired, last - timedelta(days=60), last)
    assert not found.missing
    return sum(abs(gap.amount.minor) for gap in found.gaps)


@pytest.mark.parametrize(("days", "payments_a_day"), LENGTHS)
def test_the_books_of_an_old_backup_are_brought_forward_to_the_cent(
    workshop: Workshop,
    engine_kind: str,
    committed_db: Database,
    clock: MovableClock,
    tmp_path: Path,
    days: int,
    payments_a_day: int,
    prove: Prove,
) -> None:
    assert isinstance(committed_db.bind, Engine)
    with a_scene(committed_db, clock, tmp_path) as before:
        month = Month(before, seed=14)
        month.live(days, payments_a_day)
        with backup(workshop, engine_kind, committed_db.bind, tmp_path) as url, opened(url) as engine:
            held = before.simulator.truth().net["gbp"]
            month.live(days, payments_a_day)
            lost = before.simulator.truth().net["gbp"] - held
            restored = replace(before.wired, database=Database(engine, clock, committed_db.business))
            after = Scene(restored, before.simulator, clock)

            Worker(restored).drain()
            left = backfill(restored).left
            cents = expect_nothing_unexplained(after)
            month.scene = after
            month.live(1, 2)
            cents += expect_nothing_unexplained(after)

    what = f"a backup {days + 12} days old restored; the balance had moved by {lost / 100:.2f}"
    prove(14, what, f"{cents} cents unexplained")
    assert left == []
    assert cents == 0
