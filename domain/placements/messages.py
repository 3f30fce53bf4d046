"""Messages that placements leave in the outbox; their handler lives in the composition root."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from domain.outbox.sending import Message


class PartnerNews(StrEnum):
    """What a partner is told of a placement."""

    SENT = "sent"
    HELD = "held"
    GOES_ON = "goes_on"
    RECALLED = "recalled"
    CLOSED = "closed"
    OPEN_AGAIN = "open_again"
    ANSWERED = "answered"
    SETTLEMENT_APPROVED = "settlement_approved"
    SETTLEMENT_DECLINED = "settlement_declined"


class TellPartner(Message, frozen=True):
    """Mail a partner what has become of a placement, by its change `change_id`.

    Or what we answered, in `note_id`; or what has become of the settlement `offer_id` that it proposed.
    """

    kind: ClassVar[str] = "tell_partner"
    placement_id: int
    news: PartnerNews
    change_id: int
    note_id: int | None = None
    offer_id: int | None = None
