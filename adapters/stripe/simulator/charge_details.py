"""What a charge says about the payment method that paid it, and about the bank's answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.stripe.simulator.bank_accounts import Failure
from adapters.stripe.simulator.cards import Decline
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_DEBITED_AFTER = timedelta(days=2)


def of(world: World, method: Json, intent: Json, *, authenticated: bool, mandate: str | None) -> Json:
    """The `payment_method_details` of a charge."""
    type_ = method["type"]
    if type_ == "card":
        return {"card": _card(method, intent, authenticated), "type": type_}
    if type_ == "paypal":
        return {"paypal": _paypal(world, method), "type": type_}
    account = {name: value for name, value in method[type_].items() if name in _OF_ACCOUNT}
    debited = datetime.fromtimestamp(world.now(), UTC) + _DEBITED_AFTER
    more: Json = {"expected_debit_date": debited.date().isoformat(), "mandate": mandate}
    if type_ == "us_bank_account":
        more["payment_reference"] = None
    return {type_: account | more, "type": type_}


def outcome(decline: Decline | None) -> Json:
    """The `outcome` of an attempt at a card, or at what pays at once."""
    if decline is None:
        return _outcome("approved_by_network", None, "Payment complete.", "authorized")
    words = f"The bank returned the decline code `{decline.decline_code}`."
    declined = _outcome("declined_by_network", decline.decline_code, words, "issuer_declined")
    return declined | {"advice_code": decline.advice, "network_decline_code": "05"}


def outcome_of_debit(failure: Failure) -> Json:
    """The `outcome` of a debit that the bank did not pay."""
    return _outcome("declined_by_network", failure.code, failure.message, "issuer_declined")


_OF_ACCOUNT = frozenset(
    {
        "account_holder_type", "account_type", "bank_code", "bank_name", "branch_code", "country", "fingerprint",
        "last4", "routing_number", "sort_code",
    }
)  # fmt: skip


def _outcome(network: str, reason: str | None, words: str, type_: str) -> Json:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network,
        "reason": reason,
        "seller_message": words,
        "type": type_,
    }


def _card(method: Json, intent: Json, authenticated: bool) -> Json:
    card = method["card"]
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    return {name: card[name] for name in same} | {
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": _three_d_secure() if authenticated else None,
    }


def _three_d_secure() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": None,
        "version": "2.2.0",
    }


def _paypal(world: World, method: Json) -> Json:
    paypal: Json = method["paypal"]
    return paypal | {
        "payer_name": method["billing_details"]["name"],
        "seller_protection": {"dispute_categories": None, "status": "not_eligible"},
        "transaction_id": world.new_secret(17).upper(),
    }
