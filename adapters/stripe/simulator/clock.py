"""The simulator's time: the house's clock plus a lead that tests and control calls can add to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.shared.clock import Clock


class SimulatorClock:
    """Runs with the clock that it was given, ahead of it by as much as it was moved."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self.lead = timedelta()

    def now(self) -> datetime:
        """The instant by which sessions expire, charges settle and deliveries fall due, in UTC."""
        return self._base.now().astimezone(UTC) + self.lead

    def outside(self) -> datetime:
        """The instant on the clock given: what the receiver of a webhook compares its signature with."""
        return self._base.now().astimezone(UTC)

    def advance(self, **amount: float) -> None:
        """Move the simulator alone on by a `timedelta`'s keywords (`days=1, hours=2`); never back."""
        step = timedelta(**amount)
        if step < timedelta():
            raise ValueError("The simulator's clock moves forward only.")
        self.lead += step
