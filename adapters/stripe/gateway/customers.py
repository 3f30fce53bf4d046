"""Customers: our accounts, as Stripe knows them."""

from __future__ import annotations

import stripe
from stripe.params import CustomerCreateParams

from adapters.stripe.errors import replayed, translated
from adapters.stripe.gateway.connection import Connection
from adapters.stripe.mapping.reading import ACCOUNT, INSTALLATION
from domain.payments.processor import ProcessorConfused
from domain.payments.snapshots import CustomerRequest


class Customers(Connection):
    """The calls about customers."""

    def create_customer(self, request: CustomerRequest, *, key: str) -> str:
        """Make our account known to Stripe; repeating it under the same key makes no second customer.

        Where Stripe has saved an error under the key, or a customer that was deleted since, another key is used: a
        customer too many moves no money.
        """
        try:
            made = self._create(request, key)
        except ProcessorConfused:
            return self._create(request, f"{key}:again").id
        if _said_before(made) and not self.customer_stands(made.id):
            return self._create(request, f"{key}:after:{made.id}").id
        return made.id

    def _create(self, request: CustomerRequest, key: str) -> stripe.Customer:
        params: CustomerCreateParams = {
            "name": request.name,
            "description": request.number,
            "metadata": {ACCOUNT: str(request.account_id), INSTALLATION: request.installation},
        }
        if request.email is not None:
            params["email"] = request.email
        with translated():
            return self._client.v1.customers.create(params, {"idempotency_key": key})

    def customer_stands(self, customer_id: str) -> bool:
        """Whether the customer is still there; Stripe keeps a deleted one as a mere name that says so."""
        with translated():
            customer = self._client.v1.customers.retrieve(customer_id)
        return not customer.to_dict().get("deleted", False)


def _said_before(customer: stripe.Customer) -> bool:
    answer = customer.last_response
    return answer is not None and replayed(answer.headers)
