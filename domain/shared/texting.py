"""Texting: the port by which a text message leaves, the two ways in which it may not, and what becomes of it later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """A text message to one number (E.164).

    `mark` names what it is sent for, and comes back with what becomes of it. A carrier that knows no idempotent sending
    can be asked for an earlier try: it was not made before `since`, and its link ends in a secret that `secrets` has
    the hash of (`domain.shared.tokens`).
    """

    to: str
    body: str
    mark: str
    since: datetime
    secrets: frozenset[str] = frozenset()


class TextFault(StrEnum):
    """Why a text message was not taken, or did not arrive, as far as that says something about its number."""

    OPTED_OUT = "opted_out"
    DEAD_NUMBER = "dead_number"
    OTHER = "other"


class TextState(StrEnum):
    """What the carrier says of a text message that it took."""

    TAKEN = "taken"
    DELIVERED = "delivered"
    FAILED = "failed"


class TextRefused(Exception):
    """The carrier will never take this text: do not try again; `fault` says whether that is because of the number."""

    def __init__(self, reason: str, *, fault: TextFault = TextFault.OTHER) -> None:
        super().__init__(reason)
        self.fault = fault


class TextUnavailable(Exception):
    """It could not be sent just now: try again. `perhaps_sent` when the carrier may have taken it all the same."""

    def __init__(self, reason: str, *, perhaps_sent: bool = False) -> None:
        super().__init__(reason)
        self.perhaps_sent = perhaps_sent


class Texter(Protocol):
    """Something that carries text messages."""

    def send(self, text: Text) -> str:
        """Hand the text over; the carrier's id of it. Raises TextRefused, TextUnavailable."""
        ...
