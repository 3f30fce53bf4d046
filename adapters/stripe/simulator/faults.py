"""Bad luck to order: the next call to an address is refused, cut off after it was executed, or kept waiting."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from adapters.stripe.simulator.errors import ApiError

Kind = Literal["answer", "cut", "stall"]


@dataclass
class Fault:
    """What befalls the next `times` calls of `method` to `path` (`*` stands for anything).

    answer: the API answers `status`; before that it acts only if `executes`.
    cut: it acts (unless `executes` is false), then the connection breaks without a byte of answer.
    stall: it waits, at most `seconds`, until it is released; then it acts and answers as usual.
    A test can wait for the events `reached` (a stalled call waits) and `over` (a call has done what it had to).
    """

    kind: Kind
    method: str
    path: str
    status: int = 500
    executes: bool = True
    times: int = 1
    seconds: float = 30.0
    reached: threading.Event = field(default_factory=threading.Event, repr=False)
    released: threading.Event = field(default_factory=threading.Event, repr=False)
    over: threading.Event = field(default_factory=threading.Event, repr=False)

    def fits(self, method: str, path: str) -> bool:
        """Whether this is a call that it waits for."""
        return self.times > 0 and self.method == method and fnmatchcase(path, self.path)

    def wait(self) -> None:
        """Keep the call of this thread waiting until it is released."""
        self.reached.set()
        self.released.wait(self.seconds)

    def error(self) -> ApiError:
        """The answer that is given in place of the real one."""
        if self.status == 429:
            message = "Too many requests hit the API too quickly. We recommend an exponential backoff of your requests."
            return ApiError(429, message, code="rate_limit", executed=False)
        message = "An unknown error occurred. Please try again, and if it persists contact support."
        return ApiError(self.status, message, kind="api_error")


class Faults:
    """The faults that have been ordered and not happened yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: list[Fault] = []
        self._stalled: list[Fault] = []

    def order(self, fault: Fault) -> Fault:
        """Have it happen to the next call that fits."""
        if fault.kind == "answer" and fault.status < 400:
            raise ValueError("A fault answers with a status of 400 or above.")
        with self._lock:
            self._ordered.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that befalls this call, if any; it counts as used."""
        with self._lock:
            for fault in self._ordered:
                if fault.fits(method, path):
                    fault.times -= 1
                    if fault.kind == "stall":
                        self._stalled.append(fault)
                    return fault
        return None

    def release(self) -> None:
        """Let the calls that are kept waiting go on."""
        with self._lock:
            for fault in self._stalled:
                fault.released.set()
            self._stalled.clear()

    def clear(self) -> None:
        """Forget what was ordered, and release what waits."""
        with self._lock:
            self._ordered.clear()
        self.release()
