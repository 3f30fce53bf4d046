"""Categories: what each kind of movement at the processor is booked against; one table, pure.

Source: docs.stripe.com/reports/reporting-categories, as of 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.ledger.chart import LedgerAccount
from domain.payments.snapshots import ObjectKind
from domain.shared.errors import N_


class Category(StrEnum):
    """The processor's reporting categories that we know what to do with; any other goes to a person."""

    CHARGE = "charge"
    CHARGE_FAILURE = "charge_failure"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"
    DISPUTE = "dispute"
    DISPUTE_REVERSAL = "dispute_reversal"
    PAYOUT = "payout"
    PAYOUT_REVERSAL = "payout_reversal"
    FEE = "fee"
    NETWORK_COST = "network_cost"
    TAX = "tax"
    CONTRIBUTION = "contribution"
    TOPUP = "topup"
    TOPUP_REVERSAL = "topup_reversal"


@dataclass(frozen=True, slots=True)
class Booking:
    """How a category is booked: `ledger_account` by the category alone, or as `object` says, which is looked at."""

    ledger_account: LedgerAccount | None = None
    object: ObjectKind | None = None
    by_bank: bool = False
    """Whether the money has come from our bank account, or gone there, by the time that we see it."""


BOOKINGS: dict[Category, Booking] = {
    Category.CHARGE: Booking(LedgerAccount.AWAITING_SETTLEMENT, ObjectKind.CHARGE),
    Category.CHARGE_FAILURE: Booking(LedgerAccount.AWAITING_SETTLEMENT, ObjectKind.CHARGE),
    Category.REFUND: Booking(object=ObjectKind.REFUND),
    Category.REFUND_FAILURE: Booking(object=ObjectKind.REFUND),
    Category.DISPUTE: Booking(object=ObjectKind.CHARGEBACK),
    Category.DISPUTE_REVERSAL: Booking(object=ObjectKind.CHARGEBACK),
    Category.PAYOUT: Booking(object=ObjectKind.PAYOUT),
    Category.PAYOUT_REVERSAL: Booking(object=ObjectKind.PAYOUT),
    Category.FEE: Booking(LedgerAccount.PROCESSOR_FEES),
    Category.NETWORK_COST: Booking(LedgerAccount.PROCESSOR_FEES),
    Category.TAX: Booking(LedgerAccount.PROCESSOR_FEES),
    Category.CONTRIBUTION: Booking(LedgerAccount.PROCESSOR_FEES),
    Category.TOPUP: Booking(LedgerAccount.PAYOUTS_IN_TRANSIT, by_bank=True),
    Category.TOPUP_REVERSAL: Booking(LedgerAccount.PAYOUTS_IN_TRANSIT, by_bank=True),
}
"""A charge whose object does not book it has not succeeded (yet): it awaits, and its failure takes it back."""

UNKNOWN = Booking(LedgerAccount.PROCESSOR_SUSPENSE)
"""What nobody has told us about waits in suspense until a person explains it."""

CATEGORY_WORDS: dict[str, str] = {
    Category.CHARGE: N_("Payment"),
    Category.CHARGE_FAILURE: N_("Payment that failed late"),
    Category.REFUND: N_("Refund"),
    Category.REFUND_FAILURE: N_("Refund that came back"),
    Category.DISPUTE: N_("Chargeback"),
    Category.DISPUTE_REVERSAL: N_("Chargeback given back"),
    Category.PAYOUT: N_("Payout"),
    Category.PAYOUT_REVERSAL: N_("Payout that came back"),
    Category.FEE: N_("Fee"),
    Category.NETWORK_COST: N_("Network cost"),
    Category.TAX: N_("Tax on fees"),
    Category.CONTRIBUTION: N_("Contribution"),
    Category.TOPUP: N_("Top-up from our bank"),
    Category.TOPUP_REVERSAL: N_("Top-up that went back"),
}
"""What each category is called; one that we do not know is shown by the processor's own word."""

EXPLANATIONS: dict[LedgerAccount, str] = {
    LedgerAccount.PROCESSOR_FEES: N_("A cost of the processor, or such a cost given back"),
    LedgerAccount.FOREIGN_RECEIPTS: N_("Money of another system on the same processor account"),
    LedgerAccount.OPENING_BALANCES: N_("It belongs to the time before these books"),
}
"""What staff may explain a movement in suspense as."""


def booking_of(category: str) -> Booking:
    """How a movement of this category is booked."""
    return BOOKINGS[Category(category)] if category in set(Category) else UNKNOWN
