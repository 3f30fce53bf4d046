"""Webhooks: is this message really Stripe's, meant for us, and of now? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import stripe

TOLERANCE = timedelta(seconds=300)
"""How old, or how far in the future, a message may say that it is."""


class Fault(StrEnum):
    """Why a message is turned away."""

    NOT_SIGNED = "not_signed"
    FORGED = "forged"
    OLD = "old"
    FROM_THE_FUTURE = "from_the_future"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


class BadWebhook(Exception):
    """The message is turned away; `fault` says why. The sender is told nothing."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class _Data(msgspec.Struct):
    object: dict[str, Any]


class _Event(msgspec.Struct):
    id: str
    type: str
    created: int
    livemode: bool
    data: _Data


@dataclass(frozen=True, slots=True)
class Told:
    """What Stripe told us: something happened to `object_ref`. The rest is only kept for people to see."""

    event_id: str
    kind: str
    object_ref: str
    occurred_at: datetime
    payload: dict[str, Any]


KEPT = ("object", "status", "amount", "currency", "payment_intent", "metadata")
"""What is kept of the object besides its id: nothing personal, for the object itself is always fetched anew."""


def read_webhook(body: bytes, signature: str, secrets: Sequence[str], *, now: datetime, livemode: bool) -> Told:
    """Read a message that any of `secrets` has signed; BadWebhook when it is not to be believed."""
    if not signature:
        raise BadWebhook(Fault.NOT_SIGNED)
    if not signature.isascii() or not any(_signed(body, signature, secret) for secret in secrets):
        raise BadWebhook(Fault.FORGED)
    age = now - _signed_at(signature)
    if abs(age) > TOLERANCE:
        raise BadWebhook(Fault.OLD if age > TOLERANCE else Fault.FROM_THE_FUTURE)
    try:
        event = msgspec.json.decode(body, type=_Event)
    except msgspec.MsgspecError:
        raise BadWebhook(Fault.UNREADABLE) from None
    if event.livemode is not livemode:
        raise BadWebhook(Fault.FOREIGN)
    return Told(
        event_id=event.id,
        kind=event.type,
        object_ref=_name(event.data.object),
        occurred_at=datetime.fromtimestamp(event.created, UTC),
        payload={name: event.data.object[name] for name in KEPT if name in event.data.object},
    )


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
    except (stripe.SignatureVerificationError, UnicodeError):
        return False
    return True


def _signed_at(signature: str) -> datetime:
    """When the sender says that it signed; the signature covers it, and has been checked before."""
    stamps = [part.removeprefix("t=") for part in signature.split(",") if part.startswith("t=")]
    try:
        return datetime.fromtimestamp(int(stamps[0]), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadWebhook(Fault.OLD) from None


def _name(thing: Mapping[str, Any]) -> str:
    name = thing.get("id")
    if not isinstance(name, str) or not name or len(name) > 120:
        raise BadWebhook(Fault.UNREADABLE)
    return name
