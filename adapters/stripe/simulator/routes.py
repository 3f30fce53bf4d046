"""The addresses of the API: which parameters each takes, by the SDK's own declarations, and what it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe import params as sdk
from stripe.params import checkout as sdk_checkout

from adapters.stripe.simulator import (
    balance,
    charges,
    checkout,
    customers,
    events,
    payment_intents,
    payment_methods,
)
from adapters.stripe.simulator.errors import unrecognised_address

Json = dict[str, Any]
_PAGING = frozenset({"ending_before", "expand", "limit", "starting_after"})
_CARD_LISTS = _PAGING | {"customer", "type"}
_SESSION_LISTS = _PAGING | {"created", "customer", "payment_intent", "status"}


@dataclass(frozen=True)
class Route:
    """One address: `{id}` in `path` is an object's id."""

    method: str
    path: str
    shape: type
    act: Callable[..., Json]
    supported: frozenset[str] | None = None

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The ids in an address that fits, otherwise None."""
        if method != self.method:
            return None
        found = re.fullmatch(self.path.replace("{id}", "(?P<key>[A-Za-z0-9_]+)"), path)
        return found.groupdict() if found else None


ROUTES = (
    Route("POST", "/v1/customers", sdk.CustomerCreateParams, customers.create, customers.SUPPORTED),
    Route("GET", "/v1/customers", sdk.CustomerListParams, customers.list_all),
    Route("GET", "/v1/customers/{id}", sdk.CustomerRetrieveParams, customers.retrieve),
    Route("POST", "/v1/customers/{id}", sdk.CustomerUpdateParams, customers.update, customers.SUPPORTED),
    Route("DELETE", "/v1/customers/{id}", sdk.CustomerDeleteParams, customers.delete),
    Route(
        "GET",
        "/v1/customers/{id}/payment_methods",
        sdk.CustomerPaymentMethodListParams,
        payment_methods.of_customer,
        _CARD_LISTS,
    ),
    Route("GET", "/v1/payment_methods", sdk.PaymentMethodListParams, payment_methods.list_all, _CARD_LISTS),
    Route("GET", "/v1/payment_methods/{id}", sdk.PaymentMethodRetrieveParams, payment_methods.retrieve),
    Route(
        "POST",
        "/v1/payment_methods/{id}/attach",
        sdk.PaymentMethodAttachParams,
        payment_methods.attach,
        frozenset({"customer", "expand"}),
    ),
    Route("POST", "/v1/payment_methods/{id}/detach", sdk.PaymentMethodDetachParams, payment_methods.detach),
    Route("POST", "/v1/checkout/sessions", sdk_checkout.SessionCreateParams, checkout.create, checkout.SUPPORTED),
    Route("GET", "/v1/checkout/sessions", sdk_checkout.SessionListParams, checkout.list_all, _SESSION_LISTS),
    Route("GET", "/v1/checkout/sessions/{id}", sdk_checkout.SessionRetrieveParams, checkout.retrieve),
    Route("POST", "/v1/checkout/sessions/{id}/expire", sdk_checkout.SessionExpireParams, checkout.expire),
    Route(
        "GET",
        "/v1/checkout/sessions/{id}/line_items",
        sdk_checkout.SessionListLineItemsParams,
        checkout.list_line_items,
    ),
    Route(
        "POST",
        "/v1/payment_intents",
        sdk.PaymentIntentCreateParams,
        payment_intents.create,
        payment_intents.SUPPORTED,
    ),
    Route("GET", "/v1/payment_intents", sdk.PaymentIntentListParams, payment_intents.list_all),
    Route("GET", "/v1/payment_intents/{id}", sdk.PaymentIntentRetrieveParams, payment_intents.retrieve),
    Route(
        "POST",
        "/v1/payment_intents/{id}/confirm",
        sdk.PaymentIntentConfirmParams,
        payment_intents.confirm,
        payment_intents.CONFIRM_SUPPORTED,
    ),
    Route("POST", "/v1/payment_intents/{id}/cancel", sdk.PaymentIntentCancelParams, payment_intents.cancel),
    Route("GET", "/v1/charges", sdk.ChargeListParams, charges.list_all),
    Route("GET", "/v1/charges/{id}", sdk.ChargeRetrieveParams, charges.retrieve),
    Route("GET", "/v1/balance_transactions", sdk.BalanceTransactionListParams, balance.list_all),
    Route("GET", "/v1/balance_transactions/{id}", sdk.BalanceTransactionRetrieveParams, balance.retrieve),
    Route("GET", "/v1/events", sdk.EventListParams, events.list_all),
    Route("GET", "/v1/events/{id}", sdk.EventRetrieveParams, events.retrieve),
)


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route of a call and the ids in its address; any other address does not exist."""
    for route in ROUTES:
        keys = route.match(method, path)
        if keys is not None:
            return route, keys
    raise unrecognised_address(method, path)
