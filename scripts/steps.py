"""Steps: pieces of set-up that run only when their ingredients changed, one line each, with a log to read."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
LOGS = CACHE / "logs"
STAMPS = CACHE / "stamps"
TAIL = 25


class StepFailed(Exception):
    """A step could not be done; the text says what and where to read more."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the one lock of the set-up, so that two `make` in one folder do not tread on each other."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(files: Iterable[Path], *words: str) -> str:
    """One value for the contents of these files (a folder counts with all that is in it) and these words."""
    total = hashlib.sha256()
    for path in sorted(_flat(files)):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    for word in words:
        total.update(f"\0{word}".encode())
    return total.hexdigest()


def _flat(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (inner for inner in path.rglob("*") if inner.is_file() and "__pycache__" not in inner.parts)
        elif path.exists():
            yield path


def step(name: str, ingredients: str, act: Callable[[], None], *, made: Sequence[Path] = ()) -> None:
    """Run `act` unless it was already done with the same ingredients and all that it made is still there."""
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == ingredients and all(path.exists() for path in made):
        return
    stamp.unlink(missing_ok=True)
    log_of(name).unlink(missing_ok=True)
    print(f"  {name} …", end=" ", flush=True)
    began = time.monotonic()
    try:
        act()
    except (StepFailed, OSError) as problem:
        print("failed", flush=True)
        raise StepFailed(f"{name}: {problem}{_last_lines(log_of(name))}") from problem
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(ingredients)
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def was_done(name: str) -> bool:
    """Whether this step was ever done here, with whatever ingredients."""
    return (STAMPS / name).exists()


def run(name: str, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a command for the step `name`, its output going to that step's log."""
    LOGS.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    with log_of(name).open("a") as log:
        log.write(f"$ {' '.join(words)}\n")
        log.flush()
        try:
            done = subprocess.run(
                words,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        except FileNotFoundError as missing:
            raise StepFailed(f"{words[0]} is not there") from missing
    if done.returncode != 0:
        raise StepFailed(f"`{' '.join(words[:6])}` ended with {done.returncode}")


def log_of(name: str) -> Path:
    """Where the step writes what its commands say."""
    return LOGS / f"{name}.log"


def _last_lines(log: Path) -> str:
    if not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-TAIL:]
    return "".join(f"\n    {line}" for line in lines) + f"\n  All of it: {log.relative_to(ROOT)}"


def leave(problem: StepFailed) -> None:
    """Say what went wrong and end with status 1."""
    print(f"\nThe set-up stopped at {problem}", file=sys.stderr)
    sys.exit(1)
