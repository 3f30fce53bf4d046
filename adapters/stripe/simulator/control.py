"""The simulator's controls over HTTP, JSON in and out, for tests and demos that run in another process."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Controller, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from adapters.stripe.simulator.errors import ApiError
from adapters.stripe.simulator.faults import Fault, Kind
from adapters.stripe.simulator.incidents import Incidents
from adapters.stripe.simulator.simulator import Simulator
from adapters.stripe.simulator.webhooks import Action, Order, Rule

Here = NamedDependency[Simulator]
ACTS = frozenset(name for name in vars(Incidents) if not name.startswith("_"))
"""What `Incidents` can bring about, by name."""


class Flush(msgspec.Struct, forbid_unknown_fields=True):
    """How to deliver what waits."""

    order: Order = "made"
    seed: int = 0
    copies: int = 1


class RuleOrder(msgspec.Struct, forbid_unknown_fields=True):
    """What shall befall deliveries to come."""

    action: Action
    types: str = "*"
    times: int = 1
    seconds: int = 0


class FaultOrder(msgspec.Struct, forbid_unknown_fields=True):
    """What shall befall calls to come."""

    kind: Kind
    method: str
    path: str
    status: int = 500
    executes: bool = True
    times: int = 1
    seconds: float = 30.0


class Step(msgspec.Struct, forbid_unknown_fields=True):
    """How far the simulator's clock moves on."""

    seconds: float


async def from_a_program(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse what another site's form could send: a POST has to be JSON, which a browser asks leave for."""
    content_type = connection.headers.get("content-type", "").partition(";")[0]
    if connection.scope["method"] == "POST" and content_type != "application/json":  # type: ignore[typeddict-item]
        raise PermissionDeniedException("The controls take application/json.")


class Controls(Controller):
    """Everything that `Simulator` can be told, one address each."""

    path = "/_control"
    guards = (from_a_program,)

    @post("/hold", status_code=204, sync_to_thread=True)
    def hold(self, simulator: Here) -> None:
        """Keep webhooks back."""
        simulator.webhooks.hold()

    @post("/resume", status_code=204, sync_to_thread=True)
    def resume(self, simulator: Here) -> None:
        """Deliver webhooks again, those kept back included."""
        simulator.webhooks.resume()

    @post("/flush", status_code=200, sync_to_thread=True)
    def flush(self, simulator: Here, data: JSONBody[Flush]) -> dict[str, int]:
        """Deliver all that waits now; answers how many deliveries were accepted."""
        return {"accepted": simulator.flush(order=data.order, seed=data.seed, copies=data.copies)}

    @post("/rules", status_code=204, sync_to_thread=True)
    def order_rule(self, simulator: Here, data: JSONBody[RuleOrder]) -> None:
        """Drop, duplicate or delay deliveries to come."""
        simulator.order_rule(Rule(**msgspec.structs.asdict(data)))

    @post("/faults", status_code=204, sync_to_thread=True)
    def order_fault(self, simulator: Here, data: JSONBody[FaultOrder]) -> None:
        """Have calls to come refused, cut off or kept waiting."""
        simulator.order_fault(Fault(**msgspec.structs.asdict(data)))

    @post("/release", status_code=204, sync_to_thread=True)
    def release(self, simulator: Here) -> None:
        """Let the calls that are kept waiting go on."""
        simulator.faults.release()

    @post("/clear", status_code=204, sync_to_thread=True)
    def clear(self, simulator: Here) -> None:
        """Forget all rules and faults, release what waits, deliver as usual."""
        simulator.clear()

    @post("/settle", status_code=200, sync_to_thread=True)
    def settle(self, simulator: Here) -> dict[str, int]:
        """Settle every succeeded charge now."""
        return {"settled": simulator.settle()}

    @post("/clock", status_code=200, sync_to_thread=True)
    def advance(self, simulator: Here, data: JSONBody[Step]) -> dict[str, str]:
        """Move the simulator's clock on."""
        simulator.advance(seconds=data.seconds)
        return {"now": simulator.clock.now().isoformat()}

    @post("/acts/{act:str}", status_code=200, sync_to_thread=True)
    def bring_about(self, simulator: Here, act: FromPath[str], data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
        """Have a bank, an issuer or somebody at the dashboard do something; answers the thing as it is then."""
        if act not in ACTS:
            raise NotFoundException(f"There is no act called {act}.")
        try:
            return {"answer": getattr(simulator, act)(**data)}
        except (ApiError, KeyError, TypeError, ValueError) as refusal:
            raise ClientException(str(refusal)) from refusal

    @get("/truth", sync_to_thread=True)
    def truth(self, simulator: Here) -> dict[str, Any]:
        """What really happened."""
        return asdict(simulator.truth())

    @get("/pending", sync_to_thread=True)
    def pending(self, simulator: Here) -> list[dict[str, str]]:
        """The events that wait for delivery."""
        return [{"id": event["id"], "type": event["type"]} for event in simulator.webhooks.pending()]
