"""Paying: Checkout Sessions, PaymentIntents and charges as snapshots."""

from __future__ import annotations

import stripe

from adapters.stripe.mapping.amounts import from_stripe
from adapters.stripe.mapping.balance import expanded
from adapters.stripe.mapping.naming import named
from adapters.stripe.mapping.reading import (
    INSTALLATION,
    PAYMENT,
    SETUP,
    UnknownAnswer,
    account_of,
    failure,
    failure_code,
    id_of,
    instant,
    mark,
    redirect_of,
)
from domain.payments.snapshots import ChargeSnapshot, CheckoutSnapshot, CheckoutState, IntentSnapshot, IntentState

INTENT_STATES = {
    "requires_payment_method": IntentState.WAITING,
    "requires_confirmation": IntentState.WAITING,
    "requires_action": IntentState.REQUIRES_ACTION,
    "processing": IntentState.PROCESSING,
    "succeeded": IntentState.SUCCEEDED,
    "canceled": IntentState.CANCELED,
}


def checkout_snapshot(session: stripe.checkout.Session) -> CheckoutSnapshot:
    """A Checkout Session as it stands."""
    if session.status is None:
        raise UnknownAnswer(f"the Checkout Session {session.id} has no status")
    return CheckoutSnapshot(
        checkout_id=session.id,
        payment_id=mark(session.metadata, PAYMENT),
        installation=mark(session.metadata, INSTALLATION),
        state=CheckoutState(session.status),
        url=session.url,
        intent_id=id_of(session.payment_intent),
        setup_ref=id_of(session.setup_intent),
        setup_id=mark(session.metadata, SETUP),
    )


def intent_snapshot(intent: stripe.PaymentIntent) -> IntentSnapshot:
    """A PaymentIntent, with its latest charge where that was expanded."""
    if intent.status not in INTENT_STATES:
        raise UnknownAnswer(f"the PaymentIntent {intent.id} has the unknown status {intent.status}")
    charge = intent.latest_charge
    return IntentSnapshot(
        intent_id=intent.id,
        payment_id=mark(intent.metadata, PAYMENT),
        installation=mark(intent.metadata, INSTALLATION),
        state=INTENT_STATES[intent.status],
        amount=from_stripe(intent.amount, intent.currency),
        charge=charge_snapshot(charge) if isinstance(charge, stripe.Charge) else None,
        failure=failure(intent.last_payment_error),
        failure_code=failure_code(intent.last_payment_error),
        confirm_url=redirect_of(intent.next_action),
        method_ref=id_of(intent.payment_method),
        tried_with=_tried_with(intent),
        account_id=account_of(intent.metadata),
    )


def charge_snapshot(charge: stripe.Charge) -> ChargeSnapshot:
    """A charge, with its movement where that exists and was expanded."""
    return ChargeSnapshot(
        charge_id=charge.id,
        intent_id=id_of(charge.payment_intent),
        payment_id=mark(charge.metadata, PAYMENT),
        installation=mark(charge.metadata, INSTALLATION),
        amount=from_stripe(charge.amount, charge.currency),
        succeeded=charge.status == "succeeded",
        occurred_at=instant(charge.created),
        means=means_of(charge),
        movement=expanded(charge.balance_transaction),
        account_id=account_of(charge.metadata),
    )


def means_of(charge: stripe.Charge) -> str | None:
    """What the payer paid with, such as "Visa •••• 4242": the same in every language."""
    details = charge.payment_method_details
    return None if details is None else named(details.to_dict())


def _tried_with(intent: stripe.PaymentIntent) -> str | None:
    """What was tried last: the declined method that the error names, else that of the latest charge."""
    error = intent.last_payment_error
    declined = error.to_dict().get("payment_method") if error is not None else None
    if declined:
        return named(declined)
    charge = intent.latest_charge
    return means_of(charge) if isinstance(charge, stripe.Charge) else None
