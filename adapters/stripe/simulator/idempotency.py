"""Idempotency keys: one execution for each, its answer kept for a day and replayed, failures included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.stripe.simulator.errors import key_in_use, key_with_other_address, key_with_other_parameters
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_KIND = "idempotency"
_KEPT_FOR = 24 * 3600


@dataclass(frozen=True)
class Answer:
    """What the API answers: a status, a JSON body, and whether it was given before."""

    status: int
    body: Json
    replayed: bool = False
    request_id: str = ""
    original_request: str = ""


class Keys:
    """The keys that are known; the caller holds the world's lock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._in_progress: dict[str, str] = {}

    def begin(self, key: str, address: str, body: str) -> Answer | None:
        """The answer to repeat, or None if the request may run now; refuses a misused or a busy key."""
        known = self._world.store.get(_KIND, key)
        if known is not None and self._world.now() - known["at"] >= _KEPT_FOR:
            self._world.store.remove(_KIND, key)
            known = None
        if known is None:
            if key in self._in_progress:
                raise key_in_use(key)
            self._in_progress[key] = address
            return None
        if known["address"] != address:
            raise key_with_other_address(key, address, known["address"])
        if known["body"] != body:
            raise key_with_other_parameters(key)
        return Answer(known["status"], known["answer"], replayed=True, original_request=known["request_id"])

    def keep(self, key: str, address: str, body: str, answer: Answer) -> None:
        """Remember the answer of a request that had begun to act."""
        record = {
            "address": address,
            "body": body,
            "status": answer.status,
            "answer": answer.body,
            "request_id": answer.request_id,
            "at": self._world.now(),
        }
        self._world.store.put(_KIND, key, record)

    def end(self, key: str) -> None:
        """The request is over, answered or not."""
        self._in_progress.pop(key, None)
