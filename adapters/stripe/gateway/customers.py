"""Customers: our accounts, as Stripe knows them."""

from __future__ import annotations

from stripe.params import CustomerCreateParams

from adapters.stripe.errors import translated
from adapters.stripe.gateway.connection import Connection
from adapters.stripe.mapping.reading import ACCOUNT, INSTALLATION
from domain.payments.processor import ProcessorConfused
from domain.payments.snapshots import CustomerRequest


class Customers(Connection):
    """The calls about customers."""

    def create_customer(self, request: CustomerRequest, *, key: str) -> str:
        """Make our account known to Stripe; repeating it under the same key makes no second customer.

        Where Stripe has saved an error under the key, another key is used: a customer too many moves no money.
        """
        try:
            return self._create_customer(request, key)
        except ProcessorConfused:
            return self._create_customer(request, f"{key}:again")

    def _create_customer(self, request: CustomerRequest, key: str) -> str:
        params: CustomerCreateParams = {
            "name": request.name,
            "description": request.number,
            "metadata": {ACCOUNT: str(request.account_id), INSTALLATION: request.installation},
        }
        if request.email is not None:
            params["email"] = request.email
        with translated():
            return self._client.v1.customers.create(params, {"idempotency_key": key}).id

    def customer_stands(self, customer_id: str) -> bool:
        """Whether the customer is still there; Stripe keeps a deleted one as a mere name that says so."""
        with translated():
            customer = self._client.v1.customers.retrieve(customer_id)
        return not customer.to_dict().get("deleted", False)
