"""Gateway: the port to the processor, spoken to Stripe's HTTP API through its own library."""

from __future__ import annotations

from adapters.stripe.gateway.balance import Balance
from adapters.stripe.gateway.checkouts import Checkouts
from adapters.stripe.gateway.contested import Contested
from adapters.stripe.gateway.customers import Customers
from adapters.stripe.gateway.intents import Intents
from adapters.stripe.gateway.listing import Listing
from adapters.stripe.gateway.methods import Methods
from adapters.stripe.gateway.refunds import Refunds


class StripeGateway(Customers, Checkouts, Intents, Methods, Refunds, Contested, Balance, Listing):
    """The processor, by Stripe; each part of the port has a module of its own."""
