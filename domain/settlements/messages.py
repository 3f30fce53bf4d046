"""Messages that settlements leave in the outbox; their handler lives in the composition root."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from domain.outbox.sending import Message


class OfferNews(StrEnum):
    """What the customer is told of an offer to settle."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    BROKEN = "broken"
    REOPENED = "reopened"
    DISCHARGED = "discharged"


class TellOffer(Message, frozen=True):
    """Mail whoever accepted, else the account, what has become of an offer; the letter goes with the last news.

    `change_id` is the change of its state that it is about.
    """

    kind: ClassVar[str] = "tell_offer"
    offer_id: int
    news: OfferNews
    change_id: int
