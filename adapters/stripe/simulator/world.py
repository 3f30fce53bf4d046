"""What every resource of the simulator works with: records, time, ids, settings and the one lock."""

from __future__ import annotations

import secrets
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from adapters.stripe.simulator.clock import SimulatorClock
from adapters.stripe.simulator.errors import no_such
from adapters.stripe.simulator.store import Store, copied

Json = dict[str, Any]
_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Fee:
    """What Stripe keeps of a charge: a part in per cent and a fixed part in minor units of the charge's currency."""

    percent: Decimal = Decimal("2.9")
    fixed: int = 30

    def of(self, amount: int) -> int:
        """The fee on `amount` (minor units), rounded half up, never more than the amount."""
        share = (amount * self.percent / 100).to_integral_value(ROUND_HALF_UP)
        return min(int(share) + self.fixed, amount)


@dataclass(frozen=True)
class RequestMark:
    """The API request that an event was caused by; both empty for what people or time did."""

    id: str | None = None
    idempotency_key: str | None = None


class World:
    """The simulator's state; `lock` is held by whoever reads or changes it."""

    def __init__(
        self,
        *,
        store: Store,
        clock: SimulatorClock,
        public_url: str,
        fee: Fee,
        settle_after: timedelta,
        subscribed: frozenset[str],
    ) -> None:
        self.lock = threading.RLock()
        self.store = store
        self.clock = clock
        self.public_url = public_url.rstrip("/")
        self.fee = fee
        self.settle_after = settle_after
        self.subscribed = subscribed
        self.request = RequestMark()
        self._acting_at: int | None = None

    def now(self) -> int:
        """Seconds since 1970: of the due act that is being caught up on, otherwise of the clock."""
        return int(self.clock.now().timestamp()) if self._acting_at is None else self._acting_at

    def new_id(self, prefix: str) -> str:
        """A fresh id such as `ch_…`."""
        return f"{prefix}_{self.new_secret(24)}"

    def new_secret(self, length: int) -> str:
        """Random letters and digits."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(length))

    def keep(self, thing: Json) -> Json:
        """Store an API object, new or changed, under its own type and id."""
        self.store.put(thing["object"], thing["id"], copied(thing))
        return thing

    def find(self, kind: str, key: str, *, param: str = "id") -> Json:
        """A copy of an API object (changes count once it is kept), or Stripe's words that there is none."""
        thing = self.store.get(kind, key)
        if thing is None:
            raise no_such(_SPOKEN.get(kind, kind), key, param=param)
        return copied(thing)

    def schedule(self, act: str, target: str, at: int) -> None:
        """Have `act` done to the object `target` at the second `at` (see `due.py`)."""
        self.store.put("job", f"{act}:{target}", {"act": act, "target": target, "at": at})

    @contextmanager
    def acting_at(self, at: int) -> Iterator[None]:
        """Let what happens inside bear the time at which it was due."""
        self._acting_at = at
        try:
            yield
        finally:
            self._acting_at = None

    @contextmanager
    def caused_by(self, mark: RequestMark) -> Iterator[None]:
        """Let the events inside name the request that caused them."""
        before, self.request = self.request, mark
        try:
            yield
        finally:
            self.request = before


_SPOKEN = {"payment_method": "PaymentMethod"}
