"""Databases for tests on both engines: migrated once a run, one for each worker, and copies to commit into."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from sqlalchemy import Connection, Engine

from domain.shared.db.engine import WRITES, open_engine
from domain.shared.db.migrating import migrate
from tests.support.postgresql import Cluster, running

TEMPLATE = "template_quittance"


class Databases(Protocol):
    """What the fixtures need of an engine: migrated databases, each a copy that costs little."""

    def fresh(self) -> AbstractContextManager[str]:
        """The address of a database with the schema and nothing in it, removed at the end of the block."""
        ...


class OnSqlite:
    """Each database a file, copied from one that was migrated once a run."""

    def __init__(self, folder: Path, run_folder: Path) -> None:
        self.folder = folder
        self.template = run_folder / f"{TEMPLATE}.db"

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """A copy of the migrated file."""
        with once(self.template.with_suffix(".lock")):
            if not self.template.exists():
                making = self.template.with_suffix(".new")
                making.unlink(missing_ok=True)
                with opened(f"sqlite:///{making}") as engine:
                    migrate(engine)
                making.rename(self.template)
        copy = self.folder / f"{uuid4().hex}.db"
        shutil.copyfile(self.template, copy)
        try:
            yield f"sqlite:///{copy}"
        finally:
            for path in self.folder.glob(f"{copy.name}*"):
                path.unlink()


class OnPostgresql:
    """Each database cloned from one that was migrated once a run, on the run's own cluster."""

    def __init__(self, run_folder: Path, run_id: int) -> None:
        self.run_folder = run_folder
        self.run_id = run_id

    @property
    def cluster(self) -> Cluster:
        """The run's server, started by whoever asks first."""
        return running(self.run_folder / "postgresql", run_id=self.run_id)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """A clone of the migrated database."""
        cluster = self.cluster
        name = f"test_{uuid4().hex}"
        with once(self.run_folder / "clone.lock"):
            if not cluster.exists(TEMPLATE):
                making = f"{TEMPLATE}_new"
                cluster.drop(making)
                cluster.create(making)
                with opened(cluster.url(making)) as engine:
                    migrate(engine)
                cluster.rename(making, TEMPLATE)
            cluster.create(name, template=TEMPLATE)
        try:
            yield cluster.url(name)
        finally:
            cluster.drop(name)


@contextmanager
def once(path: Path) -> Iterator[None]:
    """Let one worker at a time into the block."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine for `url`, with all its connections closed at the end."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Connection]:
    """A connection inside one transaction that is never committed; sessions bound to it use savepoints."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin() as outer:
        yield connection
        outer.rollback()


def run_id() -> int:
    """The process that started the test run: xdist's controller when we are one of its workers."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
