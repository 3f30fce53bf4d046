"""Holding: one process at a time works on the demo of a folder; the operating system lets go when it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.environment import WrongSetting

LOCK = "demo.lock"


@contextmanager
def held(home: Path, doing: str) -> Iterator[None]:
    """Be alone with the demo in `home`; WrongSetting, with what the other one does, where somebody is there already.

    `doing` completes the sentence "The demo in this folder is …".
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            lock.seek(0)
            raise WrongSetting(
                f"The demo in {home} is {lock.read() or 'in use'}: end that one first (Ctrl-C in its terminal), "
                "or choose another QUITTANCE_HOME."
            ) from taken
        lock.truncate(0)
        lock.write(doing)
        lock.flush()
        yield
