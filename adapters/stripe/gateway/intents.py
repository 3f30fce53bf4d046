"""Intents: payments and their charges as Stripe sees them, and payments from a saved method."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from stripe.params import PaymentIntentConfirmParams, PaymentIntentCreateParams

from adapters.stripe.errors import intent_in, translated
from adapters.stripe.gateway.connection import PAGE, Connection, earliest
from adapters.stripe.mapping.amounts import to_stripe
from adapters.stripe.mapping.paying import charge_snapshot, intent_snapshot
from adapters.stripe.mapping.reading import PAYMENT, marks_of
from domain.payments.processor import ProcessorRefused
from domain.payments.snapshots import ChargeSnapshot, IntentSnapshot, SavedMethodRequest

WITH_MONEY = ["latest_charge.balance_transaction"]


class Intents(Connection):
    """The calls about PaymentIntents and charges."""

    def intent(self, intent_id: str) -> IntentSnapshot:
        """One PaymentIntent now, with its latest charge and that charge's balance transaction."""
        with translated():
            return intent_snapshot(self._client.v1.payment_intents.retrieve(intent_id, {"expand": WITH_MONEY}))

    def charge(self, charge_id: str) -> ChargeSnapshot:
        """One charge now, with its balance transaction."""
        with translated():
            return charge_snapshot(self._client.v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]}))

    def compose_saved(self, request: SavedMethodRequest) -> dict[str, Any]:
        """The body of the request that takes money from a saved method at once.

        Without anybody there, Stripe wants the promise that nobody will be sent anywhere in place of an address.
        """
        body: PaymentIntentCreateParams = {
            "amount": to_stripe(request.amount),
            "currency": request.amount.currency.lower(),
            "customer": request.customer_id,
            "payment_method": request.method_ref,
            "confirm": True,
            "expand": WITH_MONEY,
            "metadata": marks_of({PAYMENT: request.payment_id}, request.installation, request.account_id),
        }
        if request.return_url is not None:
            body["return_url"] = request.return_url
        else:
            body["off_session"] = True
            body["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
        return cast("dict[str, Any]", body)

    def pay_saved(self, body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
        """Make and confirm a PaymentIntent with exactly this body; the same key and body take the money once."""
        params = cast("PaymentIntentCreateParams", body)
        try:
            with translated():
                return intent_snapshot(self._client.v1.payment_intents.create(params, {"idempotency_key": key}))
        except ProcessorRefused as refusal:
            return self._as_it_stands(refusal)

    def confirm_intent(self, intent_id: str, body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
        """Try a PaymentIntent once more, with exactly this body; one that waits no longer is answered as it stands."""
        params = cast("PaymentIntentConfirmParams", body)
        try:
            with translated():
                confirmed = self._client.v1.payment_intents.confirm(intent_id, params, {"idempotency_key": key})
                return intent_snapshot(confirmed)
        except ProcessorRefused as refusal:
            return self._as_it_stands(refusal)

    def cancel_intent(self, intent_id: str) -> IntentSnapshot:
        """End a PaymentIntent; where Stripe refuses (it has succeeded, or ended already), as it stands."""
        try:
            with translated():
                return intent_snapshot(self._client.v1.payment_intents.cancel(intent_id, {"expand": WITH_MONEY}))
        except ProcessorRefused:
            return self.intent(intent_id)

    def find_intent(self, customer_id: str, payment_id: str, *, since: datetime) -> IntentSnapshot | None:
        """The newest PaymentIntent of our payment, found by listing, with its charge."""
        with translated():
            intents = self._client.v1.payment_intents.list(
                {"customer": customer_id, "created": {"gte": earliest(since)}, "limit": PAGE}
            )
            for intent in intents.auto_paging_iter():
                if intent_snapshot(intent).payment_id == payment_id:
                    return self.intent(intent.id)
        return None

    def _as_it_stands(self, refusal: ProcessorRefused) -> IntentSnapshot:
        """A decline, or a state that allows no more tries, names the intent; any other refusal stays one."""
        intent = intent_in(refusal)
        if intent is None:
            raise refusal
        return self.intent(intent)
