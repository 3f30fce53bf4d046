"""Mapping: Stripe's objects as the port's snapshots, and amounts in Stripe's own minor units. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

import stripe

from adapters.stripe.errors import words_for
from domain.payments.processor import ProcessorRefused
from domain.payments.snapshots import (
    ChargeSnapshot,
    CheckoutSnapshot,
    CheckoutState,
    IntentSnapshot,
    IntentState,
    Movement,
)
from domain.shared.errors import N_
from domain.shared.money import Money, minor_digits

PAYMENT, INSTALLATION, ACCOUNT = "payment", "installation", "account"
"""The keys of our own marks in Stripe's metadata."""

ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Source: docs.stripe.com/currencies. All others, ISK and UGX among them, have two places at Stripe."""

INTENT_STATES = {
    "requires_payment_method": IntentState.WAITING,
    "requires_confirmation": IntentState.WAITING,
    "requires_action": IntentState.REQUIRES_ACTION,
    "processing": IntentState.PROCESSING,
    "succeeded": IntentState.SUCCEEDED,
    "canceled": IntentState.CANCELED,
}

BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "Eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


class UnknownAnswer(Exception):
    """Stripe answered with something that we do not know how to read: a person has to look."""


def stripe_digits(currency: str) -> int:
    """How many decimal places Stripe gives `currency`, which differs from ISO 4217 in places."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def to_stripe(amount: Money) -> int:
    """The amount in Stripe's minor units; ProcessorRefused where Stripe cannot express it."""
    units, odd = _rescaled(amount.minor, minor_digits(amount.currency), stripe_digits(amount.currency))
    if odd or (amount.currency in THREE_DECIMAL and units % 10):
        raise ProcessorRefused(N_("{amount} cannot be paid by card: its last digits would be lost."), amount=amount)
    return units


def from_stripe(units: int, currency: str) -> Money:
    """An amount of Stripe's in our minor units; UnknownAnswer where it is not a whole number of them."""
    code = currency.upper()
    minor, odd = _rescaled(units, stripe_digits(code), minor_digits(code))
    if odd:
        raise UnknownAnswer(f"{units} is not a whole number of minor units of {code}")
    return Money(minor, code)


def checkout_snapshot(session: stripe.checkout.Session) -> CheckoutSnapshot:
    """A Checkout Session as it stands."""
    if session.status is None:
        raise UnknownAnswer(f"the Checkout Session {session.id} has no status")
    return CheckoutSnapshot(
        checkout_id=session.id,
        payment_id=_mark(session.metadata, PAYMENT),
        installation=_mark(session.metadata, INSTALLATION),
        state=CheckoutState(session.status),
        url=session.url,
        intent_id=_id_of(session.payment_intent),
    )


def intent_snapshot(intent: stripe.PaymentIntent) -> IntentSnapshot:
    """A PaymentIntent, with its latest charge where that was expanded."""
    if intent.status not in INTENT_STATES:
        raise UnknownAnswer(f"the PaymentIntent {intent.id} has the unknown status {intent.status}")
    charge = intent.latest_charge
    return IntentSnapshot(
        intent_id=intent.id,
        payment_id=_mark(intent.metadata, PAYMENT),
        installation=_mark(intent.metadata, INSTALLATION),
        state=INTENT_STATES[intent.status],
        amount=from_stripe(intent.amount, intent.currency),
        charge=charge_snapshot(charge) if isinstance(charge, stripe.Charge) else None,
        failure=_failure(intent.last_payment_error),
    )


def charge_snapshot(charge: stripe.Charge) -> ChargeSnapshot:
    """A charge, with its movement where that exists and was expanded."""
    movement = charge.balance_transaction
    return ChargeSnapshot(
        charge_id=charge.id,
        intent_id=_id_of(charge.payment_intent),
        payment_id=_mark(charge.metadata, PAYMENT),
        installation=_mark(charge.metadata, INSTALLATION),
        amount=from_stripe(charge.amount, charge.currency),
        succeeded=charge.status == "succeeded",
        occurred_at=_instant(charge.created),
        means=means_of(charge),
        movement=movement_of(movement, charge.id) if isinstance(movement, stripe.BalanceTransaction) else None,
    )


def movement_of(transaction: stripe.BalanceTransaction, source: str) -> Movement:
    """A balance transaction, in the currency in which it settled."""
    return Movement(
        external_id=transaction.id,
        category=transaction.reporting_category,
        source_ref=source,
        amount=from_stripe(transaction.amount, transaction.currency),
        fee=from_stripe(transaction.fee, transaction.currency),
        created_at=_instant(transaction.created),
        available_on=_instant(transaction.available_on).date(),
    )


def means_of(charge: stripe.Charge) -> str | None:
    """What the payer paid with, such as "Visa •••• 4242": the same in every language."""
    details = charge.payment_method_details
    if details is None:
        return None
    if details.type == "card" and details.card is not None:
        brand = BRANDS.get(details.card.brand or "", (details.card.brand or "Card").title())
        return f"{brand} •••• {details.card.last4}"
    return details.type.replace("_", " ").capitalize()


def _rescaled(units: int, digits: int, wanted: int) -> tuple[int, int]:
    """The same amount with `wanted` decimal places in place of `digits`, and what would be cut off."""
    more, fewer = max(wanted - digits, 0), max(digits - wanted, 0)
    return divmod(units * int(10**more), int(10**fewer))


def _failure(error: stripe.StripeObject | None) -> str | None:
    """What the bank said last; Stripe leaves out what an error does not have."""
    if error is None:
        return None
    said = error.to_dict()
    return words_for(said.get("decline_code"), said.get("code"))


def _mark(metadata: stripe.StripeObject | None, name: str) -> str | None:
    return None if metadata is None else metadata.to_dict().get(name)


def _id_of(thing: str | stripe.StripeObject | None) -> str | None:
    if thing is None or isinstance(thing, str):
        return thing
    name: str = thing["id"]
    return name


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
