"""Rate limits: how often somebody may try, kept in the memory of this process.

Each key owns one number, the moment at which it would be free again (the generic cell rate algorithm): a burst of
`count` is let through at once, then one for each `seconds / count`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from threading import Lock


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` tries within `seconds`."""

    count: int
    seconds: float


class TooOften(Exception):
    """Refused for now; `wait` is after how many whole seconds another try is welcome."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"try again in {wait} s")
        self.wait = wait


class RateLimiter:
    """Counts tries by key; forgets those that no longer matter, so that its size stays bounded."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, largest: int = 100_000) -> None:
        self._clock = clock
        self._largest = largest
        self._free_at: dict[tuple[str, str], float] = {}
        self._lock = Lock()

    def count(self, what: str, who: str, rate: Rate) -> None:
        """Count one try of `who` at `what` (an address, an email, an account); raises `TooOften` when it is too many.

        A refused try is not counted, so waiting always helps.
        """
        interval = rate.seconds / rate.count
        with self._lock:
            now = self._clock()
            free_at = max(self._free_at.get((what, who), now), now)
            too_early = free_at - now - (rate.seconds - interval)
            if too_early > 1e-9:
                raise TooOften(max(1, ceil(too_early)))
            if len(self._free_at) >= self._largest:
                self._forget(now)
            self._free_at[what, who] = free_at + interval

    def _forget(self, now: float) -> None:
        self._free_at = {key: free_at for key, free_at in self._free_at.items() if free_at > now}
        if len(self._free_at) >= self._largest:
            self._free_at.clear()
