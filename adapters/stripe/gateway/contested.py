"""Contested: disputes, which are chargebacks to us, and the warnings that come before them."""

from __future__ import annotations

from adapters.stripe.errors import translated
from adapters.stripe.gateway.connection import Connection
from adapters.stripe.mapping.going_back import chargeback_snapshot, fraud_warning_snapshot
from domain.payments.processor import ProcessorRefused
from domain.payments.snapshots import ChargebackSnapshot, FraudWarningSnapshot


class Contested(Connection):
    """The calls about disputes and early fraud warnings. A dispute always comes with its balance transactions."""

    def chargeback(self, chargeback_ref: str) -> ChargebackSnapshot:
        """One dispute now."""
        with translated():
            return chargeback_snapshot(self._client.v1.disputes.retrieve(chargeback_ref))

    def accept_chargeback(self, chargeback_ref: str) -> ChargebackSnapshot:
        """Give in; where Stripe refuses (it is over already), the dispute as it stands."""
        try:
            with translated():
                return chargeback_snapshot(self._client.v1.disputes.close(chargeback_ref))
        except ProcessorRefused:
            return self.chargeback(chargeback_ref)

    def fraud_warning(self, warning_ref: str) -> FraudWarningSnapshot:
        """One early fraud warning now."""
        with translated():
            return fraud_warning_snapshot(self._client.v1.radar.early_fraud_warnings.retrieve(warning_ref))
