"""Contested: disputes, which are chargebacks to us, and the warnings that come before them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import cast

from stripe.params import DisputeUpdateParams

from adapters.stripe.errors import translated
from adapters.stripe.gateway.connection import Connection
from adapters.stripe.mapping.going_back import chargeback_snapshot, fraud_warning_snapshot
from adapters.stripe.mapping.reading import ANSWER
from domain.payments.processor import ProcessorRefused
from domain.payments.snapshots import ChargebackSnapshot, FraudWarningSnapshot

WITH_CHARGE = ["charge"]


class _Named(BytesIO):
    """Bytes under the name that Stripe's library sends with them."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


class Contested(Connection):
    """The calls about disputes and early fraud warnings. A dispute always comes with its balance transactions."""

    def chargeback(self, chargeback_ref: str) -> ChargebackSnapshot:
        """One dispute now."""
        with translated():
            return chargeback_snapshot(self._client.v1.disputes.retrieve(chargeback_ref, {"expand": WITH_CHARGE}))

    def accept_chargeback(self, chargeback_ref: str) -> ChargebackSnapshot:
        """Give in; where Stripe refuses (it is over already), the dispute as it stands."""
        try:
            with translated():
                return chargeback_snapshot(self._client.v1.disputes.close(chargeback_ref, {"expand": WITH_CHARGE}))
        except ProcessorRefused:
            return self.chargeback(chargeback_ref)

    def upload_evidence(self, content: bytes, filename: str, *, key: str) -> str:
        """Hand over a file that evidence can name; the same key and content bring the same file."""
        with translated():
            file = self._client.v1.files.create(
                {"file": _Named(content, filename), "purpose": "dispute_evidence"}, {"idempotency_key": key}
            )
        return file.id

    def answer_chargeback(
        self, chargeback_ref: str, evidence: Mapping[str, str], *, answer: str, key: str
    ) -> ChargebackSnapshot:
        """Hand in evidence at once and for good, under Stripe's own names of its fields, with our mark on it."""
        body = {"evidence": dict(evidence), "submit": True, "metadata": {ANSWER: answer}, "expand": WITH_CHARGE}
        with translated():
            dispute = self._client.v1.disputes.update(
                chargeback_ref, cast("DisputeUpdateParams", body), {"idempotency_key": key}
            )
        return chargeback_snapshot(dispute)

    def fraud_warning(self, warning_ref: str) -> FraudWarningSnapshot:
        """One early fraud warning now."""
        with translated():
            return fraud_warning_snapshot(self._client.v1.radar.early_fraud_warnings.retrieve(warning_ref))
