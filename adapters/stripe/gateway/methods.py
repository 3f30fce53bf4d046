"""Methods: saved cards and bank accounts, the keeping of them, and the mandates that allow taking money."""

from __future__ import annotations

from adapters.stripe.errors import translated
from adapters.stripe.gateway.connection import Connection
from adapters.stripe.mapping.methods import mandate_snapshot, method_snapshot, setup_snapshot
from domain.payments.processor import ProcessorLacks, ProcessorRefused
from domain.payments.snapshots import MandateSnapshot, MethodSnapshot, SetupSnapshot


class Methods(Connection):
    """The calls about SetupIntents, PaymentMethods and mandates."""

    def setup(self, setup_ref: str) -> SetupSnapshot:
        """One SetupIntent now."""
        with translated():
            return setup_snapshot(self._client.v1.setup_intents.retrieve(setup_ref))

    def method(self, method_ref: str) -> MethodSnapshot:
        """One PaymentMethod now."""
        with translated():
            return method_snapshot(self._client.v1.payment_methods.retrieve(method_ref))

    def mandate(self, mandate_ref: str) -> MandateSnapshot:
        """One mandate now."""
        with translated():
            return mandate_snapshot(self._client.v1.mandates.retrieve(mandate_ref))

    def detach_method(self, method_ref: str) -> None:
        """Have Stripe forget a method; a refusal is fine where it was detached before, or never was there."""
        try:
            with translated():
                self._client.v1.payment_methods.detach(method_ref)
        except ProcessorRefused:
            if self._is_attached(method_ref):
                raise

    def _is_attached(self, method_ref: str) -> bool:
        try:
            return self.method(method_ref).customer_id is not None
        except ProcessorLacks:
            return False
