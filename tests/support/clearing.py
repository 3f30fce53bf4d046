"""Clearing: what a processor says of payouts and of movements of our balance, in one line each."""

from __future__ import annotations

from datetime import date, datetime

from domain.payments.snapshots import Movement, PayoutSnapshot, PayoutState
from domain.shared.money import Money


def a_movement(
    amount: Money,
    at: datetime,
    *,
    ref: str = "txn_1",
    category: str = "fee",
    source: str = "",
    fee: Money | None = None,
) -> Movement:
    """A movement of our balance, available at once."""
    return Movement(
        external_id=ref,
        category=category,
        source_ref=source,
        amount=amount,
        fee=fee or Money.zero(amount.currency),
        created_at=at,
        available_on=at.date(),
    )


def a_payout(
    amount: Money,
    at: datetime,
    state: PayoutState = PayoutState.IN_TRANSIT,
    *,
    ref: str = "po_1",
    arrives_on: date | None = None,
    automatic: bool = True,
    complete: bool = False,
) -> PayoutSnapshot:
    """A payout with its movement, and with the one that brings it back where it failed or was cancelled."""
    back = state in (PayoutState.FAILED, PayoutState.CANCELED)
    return PayoutSnapshot(
        payout_ref=ref,
        amount=amount,
        state=state,
        automatic=automatic,
        complete=complete,
        created_at=at,
        arrives_on=arrives_on or at.date(),
        failure="The bank account has been closed" if state is PayoutState.FAILED else None,
        movement=a_movement(-amount, at, ref=f"txn_{ref}", category="payout", source=ref),
        failure_movement=a_movement(amount, at, ref=f"txn_{ref}_back", category="payout_reversal", source=ref)
        if back
        else None,
    )
