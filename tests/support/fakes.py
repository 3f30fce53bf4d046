"""Fakes: a payment processor in memory that can be told to hang, to refuse, or to lose its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.payments.snapshots import (
    ChargeSnapshot,
    CheckoutRequest,
    CheckoutSnapshot,
    CheckoutState,
    CustomerRequest,
    IntentSnapshot,
    IntentState,
    Movement,
)
from domain.shared.money import Money
from tests.support.fake_objects import FakeObjects


class FakeProcessor(FakeObjects):
    """Answers like the port says; `trouble` is raised by the next call, before or after it took effect."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, CheckoutSnapshot] = {}
        self.bodies: dict[str, Mapping[str, Any]] = {}
        self.by_key: dict[str, str] = {}
        self.executes_before_trouble = False
        self.hides_from_lists = False

    def create_customer(self, request: CustomerRequest, *, key: str) -> str:
        """One customer a key."""
        self.calls["create_customer"] += 1
        self._maybe_fail()
        return f"cus_{request.account_id}"

    def compose_checkout(self, request: CheckoutRequest) -> dict[str, Any]:
        """A body of plain values."""
        return {
            "payment": request.payment_id,
            "installation": request.installation,
            "customer": request.customer_id,
            "lines": [[line.name, line.amount.minor, line.amount.currency] for line in request.lines],
            "success_url": request.success_url,
            "save": request.save,
        }

    def open_checkout(self, body: Mapping[str, Any], *, key: str) -> CheckoutSnapshot:
        """The same key and body give the same Session."""
        self.calls["open_checkout"] += 1
        if not self.executes_before_trouble:
            self._maybe_fail()
        if key in self.by_key:
            assert self.bodies[key] == body, "the same key must come with the same body"
        else:
            self.by_key[key] = f"cs_{len(self.by_key) + 1}"
            self.bodies[key] = dict(body)
            self.sessions[self.by_key[key]] = CheckoutSnapshot(
                checkout_id=self.by_key[key],
                payment_id=body.get("payment"),
                setup_id=body.get("setup"),
                installation=body["installation"],
                state=CheckoutState.OPEN,
                url=f"https://processor.example/{self.by_key[key]}",
                intent_id=None,
            )
        self._maybe_fail()
        return self.sessions[self.by_key[key]]

    def checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """One Session."""
        self._maybe_fail()
        return self.sessions[checkout_id]

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """Closes an open one, leaves a paid one."""
        self.calls["expire_checkout"] += 1
        self._maybe_fail()
        if self.sessions[checkout_id].state is CheckoutState.OPEN:
            self.finish(checkout_id, CheckoutState.EXPIRED)
        return self.sessions[checkout_id]

    def find_checkout(self, customer_id: str, payment_id: str, *, since: datetime) -> CheckoutSnapshot | None:
        """Looks through all Sessions."""
        self.calls["find_checkout"] += 1
        self._maybe_fail()
        if self.hides_from_lists:
            return None
        return next((found for found in self.sessions.values() if found.payment_id == payment_id), None)

    def find_setup(self, customer_id: str, setup_id: str, *, since: datetime) -> CheckoutSnapshot | None:
        """Looks through all Sessions."""
        self.calls["find_setup"] += 1
        self._maybe_fail()
        return next((found for found in self.sessions.values() if found.setup_id == setup_id), None)

    def finish(self, checkout_id: str, state: CheckoutState) -> None:
        """Somebody paid on the page, or it expired."""
        self.sessions[checkout_id] = replace(self.sessions[checkout_id], state=state)


def a_success(
    public_id: str, amount: Money, at: datetime, *, intent_id: str = "pi_1", installation: str = "quittance"
) -> IntentSnapshot:
    """What the processor says of a payment that succeeded and that it has booked, with a fee of 2.9 % and 30."""
    fee = Money(amount.minor * 29 // 1000 + 30, amount.currency)
    charge_id = intent_id.replace("pi", "ch")
    movement = Movement(
        external_id=intent_id.replace("pi", "txn"),
        category="charge",
        source_ref=charge_id,
        amount=amount,
        fee=fee,
        created_at=at,
        available_on=at.date(),
    )
    charge = ChargeSnapshot(
        charge_id=charge_id,
        intent_id=intent_id,
        payment_id=public_id,
        installation=installation,
        amount=amount,
        succeeded=True,
        occurred_at=at,
        means="Visa 4242",
        movement=movement,
    )
    return IntentSnapshot(
        intent_id=intent_id,
        payment_id=public_id,
        installation=installation,
        state=IntentState.SUCCEEDED,
        amount=amount,
        charge=charge,
        failure=None,
    )
