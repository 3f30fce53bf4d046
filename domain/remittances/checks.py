"""Checks: what stands between us and all partners is what the ledger says, and each commission is the card's."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.placements.model import Partner
from domain.remittances.model import PlacedCollection, Way
from domain.remittances.statement import Stand, standing

AGENT_PAYMENTS = (
    select(Payment.public_id, Payment.amount_minor, PlacedCollection.amount_minor.label("told_minor"))
    .outerjoin(
        PlacedCollection,
        (PlacedCollection.payment_id == Payment.id)
        & (PlacedCollection.way == Way.AGENT)
        & PlacedCollection.reverses_id.is_(None),
    )
    .where(
        Payment.method == PaymentMethod.AGENT,
        Payment.status == PaymentStatus.SUCCEEDED,
        PlacedCollection.id.is_(None) | (PlacedCollection.amount_minor != Payment.amount_minor),
    )
    .order_by(Payment.id)
)
OVER_REVERSED = (
    select(PlacedCollection.payment_id, cast(func.sum(PlacedCollection.amount_minor), BigInteger).label("minor"))
    .group_by(PlacedCollection.placement_id, PlacedCollection.payment_id)
    .having(func.sum(PlacedCollection.amount_minor) < 0)
)


def check_remittances(session: Session) -> Iterator[Finding]:
    """Every partner's balance against the ledger, and every collection against its payment."""
    sums: dict[str, Stand] = {}
    for partner_id in session.scalars(select(Partner.id).order_by(Partner.id)):
        for currency, stand in standing(session, partner_id).items():
            sums[currency] = sums.get(currency, Stand.nothing(currency)) + stand
    for currency, stand in sorted(sums.items()):
        for account, ours in (
            (LedgerAccount.DUE_FROM_AGENCY, stand.due),
            (LedgerAccount.COMMISSION_ACCRUED, -stand.accrued),
            (LedgerAccount.AGENCY_PAYABLE, -stand.payable),
        ):
            theirs = balance_of(session, account, currency)
            if ours != theirs:
                words = "what stands between us and the partners is not what the ledger says"
                yield Finding("partners_balance", f"{account}:{currency}", words, str(ours.minor), str(theirs.minor))
    for row in session.execute(AGENT_PAYMENTS):
        words = "a payment to a partner is not what the partner told of"
        yield Finding("agent_payment", f"payment:{row.public_id}", words, str(row.told_minor), str(row.amount_minor))
    for over in session.execute(OVER_REVERSED):
        words = "more of a payment went back than had counted for its placement"
        yield Finding("placed_collection", f"payment:{over.payment_id}", words, "nothing below zero", str(over.minor))
