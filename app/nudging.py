"""Nudging: wake the worker of this process, so that what was just left for it does not wait for the next look."""

from __future__ import annotations

import threading


class Nudge:
    """Call it to wake everybody who listens."""

    def __init__(self) -> None:
        self._listeners: list[threading.Event] = []

    def __call__(self) -> None:
        """Wake them."""
        for listener in self._listeners:
            listener.set()

    def listen(self) -> threading.Event:
        """An event that is set by each nudge; whoever waits for it clears it."""
        listener = threading.Event()
        self._listeners.append(listener)
        return listener
