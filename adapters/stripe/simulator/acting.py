"""How a control acts on the world: under its lock, after all that is due, and saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.stripe.simulator import due
from adapters.stripe.simulator.world import World


class Acting:
    """What the controls have in common."""

    world: World

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Under the lock, after all that is due; what was done is saved."""
        with self.world.lock:
            due.run(self.world)
            try:
                yield
            finally:
                self.world.store.save()
