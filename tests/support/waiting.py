"""Waiting: ask again until something is there, with a deadline and never longer than needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")

_NEVER = Event()

PATIENT = 60.0
"""Seconds that even a machine with far too much to do needs for one answer."""
IMPATIENT = 0.5
"""Seconds that we wait for what will not answer; what answers late on a busy machine would look the same."""


def until(look: Callable[[], T | None], what: str, *, seconds: float = PATIENT) -> T:
    """The first answer of `look` that is not empty; AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        assert time.monotonic() < deadline, f"waited {seconds} seconds for {what}"
        _NEVER.wait(0.02)
