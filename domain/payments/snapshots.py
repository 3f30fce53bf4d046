"""Snapshots: what we ask of a payment processor, and how it sees its own objects now; plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """One thing that the processor's page lists: an invoice's number and how much of it is paid."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """What the processor's page needs to know: which payment, for what, and where to send the payer afterwards."""

    payment_id: str
    installation: str
    customer_id: str
    lines: Sequence[CheckoutLine]
    success_url: str
    cancel_url: str
    expires_at: datetime
    language: str
    save: bool = False
    """Whether the payer agreed that the method is kept for later."""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class SetupRequest:
    """What the processor's page needs to know to keep a method for later without a payment."""

    setup_id: str
    installation: str
    customer_id: str
    currency: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class SavedMethodRequest:
    """A payment from a saved method: at the payer's press (`return_url` for the bank's question), or without them."""

    payment_id: str
    installation: str
    customer_id: str
    method_ref: str
    amount: Money
    return_url: str | None
    """None means that nobody is there to answer the bank (off-session)."""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money back from one payment of ours, named by its intent; by its charge where we know of no intent."""

    refund_id: str
    payment_id: str
    installation: str
    intent_id: str | None
    charge_id: str | None
    amount: Money
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class CustomerRequest:
    """An account, as the processor keeps it."""

    account_id: int
    installation: str
    number: str
    name: str
    email: str | None


class CheckoutState(StrEnum):
    """Where a Checkout Session stands."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class IntentState(StrEnum):
    """Where the processor's own object for one payment stands, in our words."""

    WAITING = "waiting"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of our balance at the processor. `amount` and `fee` are in the settlement currency."""

    external_id: str
    category: str
    source_ref: str
    amount: Money
    fee: Money
    created_at: datetime
    available_on: date


@dataclass(frozen=True, slots=True)
class ChargeSnapshot:
    """Money that was taken from the payer; `movement` is there once the processor has booked it."""

    charge_id: str
    intent_id: str | None
    payment_id: str | None
    installation: str | None
    amount: Money
    succeeded: bool
    occurred_at: datetime
    means: str | None
    movement: Movement | None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class IntentSnapshot:
    """One payment as the processor sees it now; `failure` is what the bank said last, as a message id.

    `failure_code` is the bank's own word for it (None without one), `confirm_url` where the payer answers the bank.
    """

    intent_id: str
    payment_id: str | None
    installation: str | None
    state: IntentState
    amount: Money
    charge: ChargeSnapshot | None
    failure: str | None
    failure_code: str | None = None
    confirm_url: str | None = None
    method_ref: str | None = None
    tried_with: str | None = None
    """What the payer tried last, such as "Visa •••• 4242", where the processor says it."""
    account_id: int | None = None
    """Our account, where the payment is marked with it: so a payment that we have lost finds its way home."""


@dataclass(frozen=True, slots=True)
class CheckoutSnapshot:
    """One Checkout Session as the processor sees it now; a Session that saves a method has no intent but a setup."""

    checkout_id: str
    payment_id: str | None
    installation: str | None
    state: CheckoutState
    url: str | None
    intent_id: str | None
    setup_ref: str | None = None
    setup_id: str | None = None


class SetupState(StrEnum):
    """Where the keeping of a method stands."""

    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class SetupSnapshot:
    """The processor's object for keeping a method: `setup_id` is ours, `method_ref` is there once it has succeeded."""

    setup_ref: str
    setup_id: str | None
    installation: str | None
    state: SetupState
    method_ref: str | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class MethodSnapshot:
    """A card or bank account as the processor keeps it; `customer_id` is None once it is detached.

    `kind` is card, bank_debit or wallet; `label` the same in every language, such as "Visa •••• 4242"; `expires` the
    last month of a card (year, month).
    """

    method_ref: str
    customer_id: str | None
    kind: str
    label: str
    expires: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class MandateSnapshot:
    """The payer's permission, at their bank, to take money from `method_ref`; `ended` where it was withdrawn."""

    mandate_ref: str
    method_ref: str
    ended: bool


class RefundState(StrEnum):
    """Where a refund stands at the processor."""

    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class RefundSnapshot:
    """One refund as the processor sees it now; `refund_id` is ours where we made it.

    `movement` takes the money, `failure_movement` brings it back when the refund failed; each None until it is booked.
    """

    refund_ref: str
    refund_id: str | None
    installation: str | None
    charge_id: str | None
    intent_id: str | None
    amount: Money
    state: RefundState
    failure: str | None
    created_at: datetime
    movement: Movement | None
    failure_movement: Movement | None


@dataclass(frozen=True, slots=True)
class ChargebackSnapshot:
    """One chargeback as the processor sees it now; `state` is the processor's own word, `movements` all that it moved.

    `evidence_by` is when an answer must have arrived; `can_answer` whether one may still be given. `is_answered` says
    that one was handed in, by us or in the processor's own pages, and `answer` is our mark where it was ours. `card`
    is the processor's fingerprint of the card or bank account: the same for every payment with it.
    """

    chargeback_ref: str
    charge_id: str
    intent_id: str | None
    amount: Money
    state: str
    reason: str
    evidence_by: datetime | None
    can_answer: bool
    created_at: datetime
    movements: tuple[Movement, ...]
    is_answered: bool = False
    answer: str | None = None
    card: str | None = None


@dataclass(frozen=True, slots=True)
class FraudWarningSnapshot:
    """The card network suspects a charge before anybody has contested it."""

    warning_ref: str
    charge_id: str
    intent_id: str | None
    kind: str
    actionable: bool
    created_at: datetime


class PayoutState(StrEnum):
    """Where a payout stands."""

    PENDING = "pending"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class PayoutSnapshot:
    """Money that the processor sends to our bank, as it sees it now; `amount` is what should arrive.

    `movement` takes it from our balance, `failure_movement` brings it back. `complete` says that the processor has
    named every movement that is in it (automatic payouts only).
    """

    payout_ref: str
    amount: Money
    state: PayoutState
    automatic: bool
    complete: bool
    created_at: datetime
    arrives_on: date
    failure: str | None
    movement: Movement | None
    failure_movement: Movement | None


class ObjectKind(StrEnum):
    """The kinds of the processor's objects that we look at."""

    CHECKOUT = "checkout"
    INTENT = "intent"
    CHARGE = "charge"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    PAYOUT = "payout"
    SETUP = "setup"
    METHOD = "method"
    FRAUD_WARNING = "fraud_warning"
    MOVEMENT = "movement"


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """The name of one of the processor's objects, and when it was made."""

    kind: ObjectKind
    ref: str
    created_at: datetime
