"""Refund wording: the one place that says by its state what a refund is called on statements, stories and timelines."""

from __future__ import annotations

from datetime import datetime

from domain.refunds.model import RefundStatus
from domain.shared.errors import N_
from domain.shared.words import Words

SET_ASIDE = (N_("Set aside for a refund"), N_("Set aside for a refund of payment {number}"))
PREPARED = (N_("Refund being prepared"), N_("Refund of payment {number}, being prepared"))
ON_ITS_WAY = (N_("Refund on its way"), N_("Refund of payment {number}, on its way"))
REFUNDED = (N_("Refund"), N_("Refund of payment {number}"))
NOT_ARRIVED = (N_("Refund that did not arrive"), N_("Refund of payment {number}, which did not arrive"))
TAKEN = {
    RefundStatus.REQUESTED: SET_ASIDE,
    RefundStatus.AWAITING_APPROVAL: SET_ASIDE,
    RefundStatus.PENDING: ON_ITS_WAY,
    RefundStatus.REQUIRES_ACTION: ON_ITS_WAY,
    RefundStatus.SUCCEEDED: REFUNDED,
    RefundStatus.FAILED: NOT_ARRIVED,
    RefundStatus.CANCELED: SET_ASIDE,
    RefundStatus.REFUSED: SET_ASIDE,
}
"""What taking the money off the account is called, without and with the payment's number."""
CAME_BACK = N_("Refund came back")
NOT_MADE = N_("Refund not made: credited again")


def taken_words(status: RefundStatus, sent_at: datetime | None, number: str | None = None) -> Words:
    """What a refund that took money off the account is called now; `number` names the payment."""
    alone, named = PREPARED if status is RefundStatus.PENDING and sent_at is None else TAKEN[status]
    return Words.of(named, number=number) if number else Words.of(alone)


def given_again_words(status: RefundStatus) -> Words:
    """What it is called that the money of a refund stands on the account again."""
    return Words.of(CAME_BACK if status is RefundStatus.FAILED else NOT_MADE)
