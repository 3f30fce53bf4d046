"""Refunds as their customer reads them: what went back of a payment, when it arrives, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.refunds import queries as refunds
from domain.refunds.model import ENDED, RefundStatus, RefundWay
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

UNPROMISED = ENDED | {RefundStatus.AWAITING_APPROVAL}
"""Refunds in these states, if they were never sent, are none of the customer's business."""
ARRIVES = {
    RefundWay.PROCESSOR: N_("It goes back to where you paid from. Your bank usually shows it within 5 to 10 days."),
    RefundWay.BANK: N_("It goes to your bank account, and usually arrives within 3 working days."),
}
"""How long each way takes."""


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund on the page of its payment: its tone and icon, what it is, and what there is to know."""

    tone: str
    icon: str
    words: Words
    detail: str


def refund_views(session: Session, payment_id: int) -> list[RefundView]:
    """The refunds of a payment that concern the customer: none that nobody has approved or that was never sent."""
    zone = business(session).time_zone
    return [
        _view(row, day_in(row.sent_at or row.requested_at, zone))
        for row in refunds.of_payment(session, payment_id)
        if row.sent_at is not None or row.status not in UNPROMISED
    ]


def _view(row: AnyRow, day: date) -> RefundView:
    amount = Money(row.amount_minor, row.currency)
    if row.status in ENDED:
        return RefundView(
            "late",
            "broken",
            Words.of(N_("Your refund of {amount} could not be paid out"), amount=amount),
            N_("The money stands on your account with us again. We will write to you about another way."),
        )
    if row.status is RefundStatus.REQUIRES_ACTION:
        return RefundView(
            "mind",
            "warning",
            Words.of(N_("Your refund of {amount} waits for you"), amount=amount),
            N_("Your bank needs to know where to send it. Look for an email from our payment service."),
        )
    if row.sent_at is None:
        return RefundView(
            "accent",
            "clock",
            Words.of(N_("A refund of {amount} is being prepared"), amount=amount),
            N_("We write to you when it is on its way."),
        )
    return RefundView(
        "good", "done", Words.of(N_("Refunded {amount} on {day}"), amount=amount, day=day), ARRIVES[row.way]
    )
