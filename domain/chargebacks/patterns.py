"""Patterns: what was seen before of a chargeback, and how near the share comes to what networks allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.chargebacks.model import Chargeback
from domain.chargebacks.states import OTHER_REASON, REASON_NAMES, ChargebackState
from domain.payments.model import BY_PROCESSOR, Payment
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now
from domain.shared.errors import N_
from domain.shared.words import Words

LOOKED_BACK = timedelta(days=180)
"""How long ago a chargeback of the same card or customer still tells something."""
SAME_REASON_WITHIN = timedelta(days=30)
SAME_REASON = 3
"""So many chargebacks for one reason, within that time, are no chance."""
SHARE_OF = timedelta(days=30)
COUNTED = frozenset(ChargebackState) - {
    ChargebackState.INQUIRY,
    ChargebackState.INQUIRY_CLOSED,
    ChargebackState.PREVENTED,
}
"""What networks count: a question is none yet, and what was given back beforehand is none."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """From so many chargebacks in a month, and so many of a hundred payments, a network watches whoever is paid."""

    network: str
    least: int
    percent: Decimal


THRESHOLDS = (
    Threshold("Visa", 1500, Decimal("1.5")),
    Threshold("Mastercard", 100, Decimal("1.5")),
)
"""Visa Acquirer Monitoring Program, excessive merchants, since 1 April 2026: 1,500 cases and 150 basis points.
Mastercard Excessive Chargeback Program, excessive chargeback merchants, since 1 October 2019: 100 and 150.
"""
NEAR_PERCENT = Decimal("0.75")
"""From this share on processors look for themselves, long before a network does."""
NEAR_LEAST = 3
"""Fewer chargebacks than these say nothing about a share."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many chargebacks came in the last thirty days, of how many payments by card and bank debit."""

    contested: int
    payments: int

    @property
    def percent(self) -> Decimal:
        """Of a hundred payments, to the hundredth; nothing where there was no payment."""
        return round(Decimal(self.contested * 100) / self.payments, 2) if self.payments else Decimal(0)

    def reaches(self, percent: Decimal, least: int) -> bool:
        """Whether it is that much, of at least so many chargebacks."""
        return self.contested >= least and 0 < percent * self.payments <= self.contested * 100


def share(session: Session) -> Share:
    """The share of the last thirty days, by when the chargebacks came and when the payments were made."""
    since = now(session) - SHARE_OF
    contested = select(func.count()).where(Chargeback.opened_at >= since, Chargeback.state.in_(COUNTED))
    payments = select(func.count()).where(Payment.occurred_at >= since, Payment.method.in_(BY_PROCESSOR))
    return Share(session.scalar(contested) or 0, session.scalar(payments.where(Payment.recorded_at.is_not(None))) or 0)


def warnings(session: Session) -> list[Words]:
    """What stands out among all chargebacks: a share that is near the networks' bounds, and reasons that pile up."""
    found = of_share(share(session))
    since = now(session) - SAME_REASON_WITHIN
    rows = session.execute(
        select(Chargeback.reason, func.count().label("many"))
        .where(Chargeback.opened_at >= since, Chargeback.state.in_(COUNTED))
        .group_by(Chargeback.reason)
        .having(func.count() >= SAME_REASON)
        .order_by(func.count().desc(), Chargeback.reason)
    )
    for row in rows:
        reason = Words.of(REASON_NAMES.get(row.reason, OTHER_REASON))
        found.append(
            Words.of(N_("Chargebacks in the last 30 days because {reason}: {many}"), reason=reason, many=row.many)
        )
    return found


def warnings_about(session: Session, row: AnyRow) -> list[Words]:
    """What was seen before of one chargeback, a row of `queries`: its card, its customer."""
    since: datetime = row.opened_at - LOOKED_BACK
    others = select(func.count()).where(Chargeback.id != row.id, Chargeback.opened_at.between(since, row.opened_at))
    found = []
    if row.card:
        same_card = session.scalar(others.where(Chargeback.card == row.card)) or 0
        if same_card:
            found.append(
                Words.of(
                    N_("Other chargebacks of the same card or bank account in the 180 days before: {many}"),
                    many=same_card,
                )
            )
    if row.payer_id is not None:
        payments = select(Payment.id).where(Payment.account_id == row.payer_id)
        same_customer = session.scalar(others.where(Chargeback.payment_id.in_(payments))) or 0
        if same_customer:
            found.append(
                Words.of(
                    N_("Other chargebacks of the same customer in the 180 days before: {many}"), many=same_customer
                )
            )
    return found


def of_share(found: Share) -> list[Words]:
    """What a share is worth saying; pure."""
    if not found.reaches(NEAR_PERCENT, NEAR_LEAST):
        return []
    params = {"contested": found.contested, "payments": found.payments, "percent": found.percent}
    over = [each.network for each in THRESHOLDS if found.reaches(each.percent, each.least)]
    if over:
        return [
            Words.of(
                N_(
                    "In the last 30 days {contested} of {payments} payments were contested, {percent} %: {networks} "
                    "may put you under watch."
                ),
                **params,
                networks=", ".join(over),
            )
        ]
    return [
        Words.of(
            N_(
                "In the last 30 days {contested} of {payments} payments were contested, {percent} %. From 1.5 % on "
                "card networks watch whoever is paid, and processors look well before that."
            ),
            **params,
        )
    ]
