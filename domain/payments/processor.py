"""The port to a payment processor: what we ask of it, what it tells us, and the three ways in which it can fail us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from domain.shared.errors import Refused
from domain.shared.money import Money


class ProcessorUnreachable(Exception):
    """No answer, or none that can be trusted to be final: what we asked for may or may not have happened."""


class ProcessorConfused(ProcessorUnreachable):
    """An answer that the processor has saved and will repeat (a 500): the same key never helps, only looking does."""


class ProcessorRefused(Refused):
    """The processor said no, and nothing happened."""


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """One thing that the processor's page lists: an invoice's number and how much of it is paid."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """What the processor's page needs to know: which payment, for what, and where to send the payer afterwards."""

    payment_id: str
    installation: str
    customer_id: str
    lines: Sequence[CheckoutLine]
    success_url: str
    cancel_url: str
    expires_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class CustomerRequest:
    """An account, as the processor keeps it."""

    account_id: int
    installation: str
    number: str
    name: str
    email: str | None


class CheckoutState(StrEnum):
    """Where a Checkout Session stands."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class IntentState(StrEnum):
    """Where the processor's own object for one payment stands, in our words."""

    WAITING = "waiting"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of our balance at the processor. `amount` and `fee` are in the settlement currency."""

    external_id: str
    category: str
    source_ref: str
    amount: Money
    fee: Money
    created_at: datetime
    available_on: date


@dataclass(frozen=True, slots=True)
class ChargeSnapshot:
    """Money that was taken from the payer; `movement` is there once the processor has booked it."""

    charge_id: str
    intent_id: str | None
    payment_id: str | None
    installation: str | None
    amount: Money
    succeeded: bool
    occurred_at: datetime
    means: str | None
    movement: Movement | None


@dataclass(frozen=True, slots=True)
class IntentSnapshot:
    """One payment as the processor sees it now; `failure` is what the bank said last, as a message id."""

    intent_id: str
    payment_id: str | None
    installation: str | None
    state: IntentState
    amount: Money
    charge: ChargeSnapshot | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class CheckoutSnapshot:
    """One Checkout Session as the processor sees it now."""

    checkout_id: str
    payment_id: str | None
    installation: str | None
    state: CheckoutState
    url: str | None
    intent_id: str | None


@runtime_checkable
class Processor(Protocol):
    """Whoever moves card money for us. Every call may raise ProcessorUnreachable; those that act, ProcessorRefused.

    Calls are made outside any transaction. A key makes a call repeatable: same key and body, same effect, once.
    """

    def create_customer(self, request: CustomerRequest, *, key: str) -> str:
        """Make our account known; the processor's name for it."""
        ...

    def compose_checkout(self, request: CheckoutRequest) -> dict[str, Any]:
        """The exact body that `open_checkout` will send: pure, so that it can be stored before anything is sent."""
        ...

    def open_checkout(self, body: Mapping[str, Any], *, key: str) -> CheckoutSnapshot:
        """Open the page on which the payer types their card."""
        ...

    def checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """One Session now."""
        ...

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """Close the page to the payer; the Session as it stands afterwards, also where it could not be closed."""
        ...

    def find_checkout(self, customer_id: str, payment_id: str, *, since: datetime) -> CheckoutSnapshot | None:
        """Look for the Session of our payment among the customer's, by metadata; for outcomes that are unknown."""
        ...

    def intent(self, intent_id: str) -> IntentSnapshot:
        """One payment now, with its latest charge and that charge's movement."""
        ...

    def charge(self, charge_id: str) -> ChargeSnapshot:
        """One charge now, with its movement."""
        ...
