"""Retrying: how often background work is tried, and how long it rests in between."""

from datetime import timedelta

MOST_ATTEMPTS = 12
"""After so many failures somebody has to look; that is three and a half hours after the first."""
LEASE = timedelta(minutes=5)
"""How long a worker may hold a piece of work; then it counts as dead, and another takes over."""
LONGEST = timedelta(hours=1)


def rest(attempts: int) -> timedelta:
    """How long to wait after failure number `attempts`: 10 s, doubled each time, at most an hour."""
    doublings = max(0, min(attempts - 1, 20))
    return min(timedelta(seconds=10 << doublings), LONGEST)
