"""What befalls payments from outside: somebody at the dashboard, a bank or a card's issuer does something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from adapters.stripe.simulator import due, refunds
from adapters.stripe.simulator.world import World

Json = dict[str, Any]


class Incidents:
    """Controls over the world by which tests and demos bring things about; each answers the object as it is then.

    A thing that cannot happen in the state in which the world is, is a ValueError or Stripe's own refusal (ApiError).
    """

    world: World

    def refund(self, charge: str, amount: int | None = None, *, reason: str | None = None) -> Json:
        """Refund a charge as at Stripe's dashboard: without metadata, in full unless an amount is given."""
        asked: Json = {"charge": charge, "amount": amount, "reason": reason}
        with self.acting():
            return refunds.create(self.world, {name: value for name, value in asked.items() if value is not None})

    def fail_refund(self, refund: str, *, reason: str = "lost_or_stolen_card") -> Json:
        """The bank sends a refund back, which may have succeeded."""
        with self.acting():
            return refunds.fail(self.world, refund, reason)

    def charge_of(self, intent: str) -> str:
        """The id of the charge by which a payment intent succeeded or is being processed."""
        with self.acting():
            found = self.world.find("payment_intent", intent)["latest_charge"]
        if found is None:
            raise ValueError(f"The payment intent {intent} has no charge yet.")
        return str(found)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Under the lock, after all that is due; what was done is saved."""
        with self.world.lock:
            due.run(self.world)
            try:
                yield
            finally:
                self.world.store.save()
