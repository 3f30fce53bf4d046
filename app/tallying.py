"""Tallying: counts of what came to the hooks, kept in this process for staff to see."""

from __future__ import annotations

import threading
from collections import Counter


class Tally:
    """How many messages came, how many for the second time, and how many were turned away, by reason."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, what: str) -> None:
        """Count one."""
        with self._lock:
            self._counts[what] += 1

    def counts(self) -> dict[str, int]:
        """All counts since this process began."""
        with self._lock:
            return dict(self._counts)
