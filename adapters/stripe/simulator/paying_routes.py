"""The addresses for paying: customers, their payment methods, Sessions, intents and charges; and events."""

from __future__ import annotations

from stripe import params as sdk
from stripe.params import checkout as sdk_checkout

from adapters.stripe.simulator import (
    charges,
    checkout,
    customers,
    events,
    mandates,
    payment_intents,
    payment_methods,
    searching,
    setup_intents,
)
from adapters.stripe.simulator.route import PAGING, Route

_METHOD_LISTS = PAGING | {"type"}
_SESSION_LISTS = PAGING | {"created", "customer", "payment_intent", "status"}

PAYING_ROUTES = (
    Route(
        "GET",
        "/v1/customers/search",
        sdk.CustomerSearchParams,
        searching.of("customer", "/v1/customers/search"),
    ),
    Route(
        "GET",
        "/v1/payment_intents/search",
        sdk.PaymentIntentSearchParams,
        searching.of("payment_intent", "/v1/payment_intents/search"),
    ),
    Route("GET", "/v1/charges/search", sdk.ChargeSearchParams, searching.of("charge", "/v1/charges/search")),
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
        _METHOD_LISTS,
    ),
    Route(
        "GET",
        "/v1/payment_methods",
        sdk.PaymentMethodListParams,
        payment_methods.list_all,
        _METHOD_LISTS | {"customer"},
    ),
    Route("GET", "/v1/payment_methods/{id}", sdk.PaymentMethodRetrieveParams, payment_methods.retrieve),
    Route(
        "POST",
        "/v1/payment_methods/{id}/attach",
        sdk.PaymentMethodAttachParams,
        payment_methods.attach,
        frozenset({"customer", "expand"}),
    ),
    Route("POST", "/v1/payment_methods/{id}/detach", sdk.PaymentMethodDetachParams, payment_methods.detach),
    Route(
        "POST",
        "/v1/payment_methods/{id}",
        sdk.PaymentMethodUpdateParams,
        payment_methods.update,
        payment_methods.UPDATE_SUPPORTED,
    ),
    Route("GET", "/v1/mandates/{id}", sdk.MandateRetrieveParams, mandates.retrieve),
    Route("POST", "/v1/setup_intents", sdk.SetupIntentCreateParams, setup_intents.create, setup_intents.SUPPORTED),
    Route("GET", "/v1/setup_intents", sdk.SetupIntentListParams, setup_intents.list_all, setup_intents.LISTED_BY),
    Route("GET", "/v1/setup_intents/{id}", sdk.SetupIntentRetrieveParams, setup_intents.retrieve),
    Route(
        "POST",
        "/v1/setup_intents/{id}/confirm",
        sdk.SetupIntentConfirmParams,
        setup_intents.confirm,
        setup_intents.CONFIRM_SUPPORTED,
    ),
    Route("POST", "/v1/setup_intents/{id}/cancel", sdk.SetupIntentCancelParams, setup_intents.cancel),
    Route("POST", "/v1/checkout/sessions", sdk_checkout.SessionCreateParams, checkout.create, checkout.SUPPORTED),
    Route("GET", "/v1/checkout/sessions", sdk_checkout.SessionListParams, checkout.list_all, _SESSION_LISTS),
    Route("GET", "/v1/checkout/sessions/{id}", sdk_checkout.SessionRetrieveParams, checkout.retrieve),
    Route("POST", "/v1/checkout/sessions/{id}/expire", sdk_checkout.SessionExpireParams, checkout.expire),
    Route(
        "GET",
        "/v1/checkout/sessions/{id}/line_items",
        sdk_checkout.SessionLineItemListParams,
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
    Route("GET", "/v1/events", sdk.EventListParams, events.list_all),
    Route("GET", "/v1/events/{id}", sdk.EventRetrieveParams, events.retrieve),
)
