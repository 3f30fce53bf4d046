"""The simulator as one object: its application, its controls for tests and for the demo, and its own truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property

from litestar.types import ASGIApp

from adapters.stripe.simulator import due, snapshots
from adapters.stripe.simulator.api import Api, ApiRequest, Reply
from adapters.stripe.simulator.faults import Fault, Faults
from adapters.stripe.simulator.in_process import InProcessClient
from adapters.stripe.simulator.incidents import Incidents
from adapters.stripe.simulator.people import People
from adapters.stripe.simulator.snapshots import Snapshot
from adapters.stripe.simulator.truth import Truth, truth_of
from adapters.stripe.simulator.webhooks import Deliver, Order, Rule, Webhooks
from adapters.stripe.simulator.world import World


class Simulator(Incidents, People):
    """Stripe on this machine. Made by `create_simulator`; `asgi` is what a server on loopback runs."""

    def __init__(
        self,
        world: World,
        webhooks: Webhooks,
        *,
        api_key: str | None,
        application: Callable[[Simulator], ASGIApp],
    ) -> None:
        self.webhooks = webhooks
        self.faults = Faults()
        self.api = Api(world, self.faults, api_key=api_key)
        self.clock = world.clock
        self.public_url = world.public_url
        self.world = world
        self._application = application

    @cached_property
    def asgi(self) -> ASGIApp:
        """The application that a server on loopback runs; made when it is first asked for, as most tests need none."""
        return self._application(self)

    def handle(self, request: ApiRequest) -> Reply:
        """Answer one API call without a server."""
        return self.api.handle(request)

    def http_client(self) -> InProcessClient:
        """A client for `stripe.StripeClient(key, http_client=…)` that calls the simulator in this process."""
        return InProcessClient(self.api)

    def deliver_pending(self, deliver: Deliver | None = None) -> int:
        """Deliver the webhooks that are due, in this thread; see `Webhooks.deliver_pending`."""
        return self.webhooks.deliver_pending(deliver)

    def flush(self, deliver: Deliver | None = None, *, order: Order = "made", seed: int = 0, copies: int = 1) -> int:
        """Deliver all webhooks that wait, held ones too; see `Webhooks.flush`."""
        return self.webhooks.flush(deliver, order=order, seed=seed, copies=copies)

    def deliver_event(self, event: str, deliver: Deliver | None = None) -> bool:
        """Deliver one event by its id, also once more; see `Webhooks.deliver_event`."""
        return self.webhooks.deliver_event(event, deliver)

    def settle(self) -> int:
        """Give every succeeded charge its balance transaction now; returns how many."""
        with self.acting():
            return due.run(self.world, everything="settle")

    def advance(self, **amount: float) -> None:
        """Move the simulator's clock on (`days=1`), and do what falls due on the way."""
        with self.world.lock:
            self.clock.advance(**amount)
            due.run(self.world)
            self.world.store.save()

    def order_fault(self, fault: Fault) -> Fault:
        """Have a fault befall the next call that fits."""
        return self.faults.order(fault)

    def order_rule(self, rule: Rule) -> None:
        """Have a rule befall the next deliveries that fit."""
        self.webhooks.rule(rule)

    def truth(self) -> Truth:
        """What really happened until now."""
        with self.acting():
            return truth_of(self.world)

    def snapshot(self) -> Snapshot:
        """The whole world as it is, to come back to; cheap."""
        with self.world.lock:
            return snapshots.take(self.world, self.webhooks)

    def restore(self, snapshot: Snapshot) -> None:
        """Make the world what it was; ordered faults and rules stay as they are."""
        with self.world.lock:
            snapshots.bring_back(self.world, self.webhooks, snapshot)

    def charges_by_metadata(self, key: str) -> dict[str, int]:
        """How many charges succeeded for each value of one metadata key: more than 1 means paid twice."""
        with self.world.lock:
            charges = [charge for charge in self.world.store.all("charge") if charge["paid"]]
        return dict(Counter(charge["metadata"][key] for charge in charges if key in charge["metadata"]))

    def clear(self) -> None:
        """Forget all ordered faults and rules, release what waits, deliver as usual."""
        self.faults.clear()
        self.webhooks.clear()

    def close(self) -> None:
        """Stop delivering, release what waits, and save."""
        self.faults.clear()
        self.webhooks.stop()
        with self.world.lock:
            self.world.store.close()
