"""Delivery of events: signed, retried with back-off, and, for tests, held, reordered, doubled, dropped or delayed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

import stripe

from adapters.stripe.simulator import due
from adapters.stripe.simulator.posting import post
from adapters.stripe.simulator.store import written
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
Deliver = Callable[[bytes, Mapping[str, str]], int]
"""Hands a webhook's body and headers to its receiver, and returns the status that it answered."""
Order = Literal["made", "reversed", "shuffled"]
Action = Literal["drop", "duplicate", "delay"]
_BACK_OFF = (1, 5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600)
"""Seconds between the attempts; after the last the delivery has failed."""
_WATCH_EVERY = 0.2


@dataclass
class Rule:
    """What befalls the next `times` deliveries of the events whose type fits (`*` stands for anything)."""

    action: Action
    types: str = "*"
    times: int = 1
    seconds: int = 0


class Webhooks:
    """The one endpoint's deliveries. Time is the simulator's; no lock is held while the receiver works."""

    def __init__(self, world: World, *, url: str, secret: str) -> None:
        self._world = world
        self._url = url
        self._secret = secret
        self.held = False
        self._rules: list[Rule] = []
        self._delivering = threading.RLock()
        self._stop = threading.Event()
        self._courier: threading.Thread | None = None

    def hold(self) -> None:
        """Deliver nothing until `resume` or `flush`."""
        self.held = True

    def resume(self) -> None:
        """Deliver again as usual, what was held included."""
        self.held = False

    def rule(self, rule: Rule) -> None:
        """Have something befall deliveries to come."""
        with self._world.lock:
            self._rules.append(rule)

    def clear(self) -> None:
        """Forget all rules, and deliver as usual."""
        with self._world.lock:
            self._rules.clear()
        self.resume()

    def pending(self) -> list[Json]:
        """The events that wait for their delivery, oldest first."""
        with self._world.lock:
            due.run(self._world)
            return [self._event(delivery) for delivery in self._waiting()]

    def deliver_pending(self, deliver: Deliver | None = None) -> int:
        """Deliver what is due, and what that brings about, at once and in this thread; nothing while held.

        Returns how many deliveries were accepted (2xx). One that is not is tried again when its back-off has passed.
        """
        accepted = 0
        with self._delivering:
            while not self.held and (batch := self._due()):
                accepted += sum(self._attempt(delivery, deliver) for delivery in batch)
        return accepted

    def flush(self, deliver: Deliver | None = None, *, order: Order = "made", seed: int = 0, copies: int = 1) -> int:
        """Deliver all that waits, held and delayed included, in an order and each in so many copies."""
        with self._delivering:
            with self._world.lock:
                due.run(self._world)
                batch = self._waiting() * copies
            if order == "reversed":
                batch.reverse()
            if order == "shuffled":
                random.Random(seed).shuffle(batch)
            return sum(self._attempt(delivery, deliver) for delivery in batch)

    def deliver_event(self, event: str, deliver: Deliver | None = None) -> bool:
        """Deliver one event now, whether it waits or was delivered before; whether it was accepted."""
        with self._delivering:
            with self._world.lock:
                delivery = self._world.store.get("delivery", event) or {"event": event}
            return self._attempt(delivery, deliver)

    def start(self) -> None:
        """Deliver in the background from now on."""
        if self._courier is None:
            self._stop.clear()
            self._courier = threading.Thread(target=self._watch, name="simulator-webhooks", daemon=True)
            self._courier.start()

    def stop(self) -> None:
        """End the background delivery and wait for it."""
        self._stop.set()
        if self._courier is not None:
            self._courier.join()
            self._courier = None

    def _watch(self) -> None:
        while not self._stop.wait(_WATCH_EVERY):
            self.deliver_pending()

    def _due(self) -> list[Json]:
        with self._world.lock:
            due.run(self._world)
            self._world.store.save()
            now = self._world.now()
            return [
                changed for delivery in self._waiting() if delivery["due"] <= now for changed in self._ruled(delivery)
            ]

    def _ruled(self, delivery: Json) -> list[Json]:
        """The delivery as the rules leave it: not at all, later, twice, or as it was."""
        rule = next(
            (rule for rule in self._rules if rule.times > 0 and fnmatchcase(delivery["type"], rule.types)), None
        )
        if rule is None:
            return [delivery]
        rule.times -= 1
        if rule.action == "drop":
            self._world.store.remove("delivery", delivery["event"])
            return []
        if rule.action == "delay":
            self._keep(delivery, due=self._world.now() + rule.seconds)
            return []
        return [delivery, delivery]

    def _attempt(self, delivery: Json, deliver: Deliver | None) -> bool:
        with self._world.lock:
            body = written(self._event(delivery)).decode()
            signed_at = int(self._world.clock.outside().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": stripe.WebhookSignature.generate_signature_header(body, self._secret, signed_at),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        status = deliver(body.encode(), headers) if deliver else post(self._url, body.encode(), headers)
        with self._world.lock:
            self._note(delivery, accepted=200 <= status < 300)
            self._world.store.save()
        return 200 <= status < 300

    def _note(self, delivery: Json, *, accepted: bool) -> None:
        now = self._world.store.get("delivery", delivery["event"])
        if now is None:
            return
        attempts = now["attempts"] + 1
        if not accepted and attempts <= len(_BACK_OFF):
            self._keep(now, due=self._world.now() + _BACK_OFF[attempts - 1], attempts=attempts)
            return
        self._world.store.remove("delivery", now["event"])
        if accepted:
            self._world.keep(self._event(now) | {"pending_webhooks": 0})

    def _waiting(self) -> list[Json]:
        return self._world.store.all("delivery")

    def _event(self, delivery: Json) -> Json:
        return self._world.find("event", delivery["event"])

    def _keep(self, delivery: Json, **changes: Any) -> None:
        self._world.store.put("delivery", delivery["event"], delivery | changes)
