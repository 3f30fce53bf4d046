"""Making payment methods: of what is typed on the pages, or of Stripe's test tokens."""

from __future__ import annotations

import hashlib
from typing import Any

from adapters.stripe.simulator import bank_accounts, cards
from adapters.stripe.simulator.bank_accounts import ACCOUNTS, Account
from adapters.stripe.simulator.cards import Card
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
EMPTY_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


WALLETS = ("apple_pay", "google_pay")


def of_card(
    world: World,
    card: Card,
    *,
    month: int,
    year: int,
    name: str | None = None,
    email: str | None = None,
    wallet: str | None = None,
) -> Json:
    """A payment method of a card, out of a wallet if one is named; the number is kept apart and never answered."""
    described = {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": {wallet: {}, "dynamic_last4": card.last4, "type": wallet} if wallet else None,
    }
    method = _made(world, "card", described, name=name, email=email)
    world.store.put("card", method["id"], {"number": card.number, "set_up": wallet is not None})
    return method


def of_account(world: World, account: Account, *, name: str | None = None, email: str | None = None) -> Json:
    """A payment method of a bank account that can be debited."""
    method = _made(world, account.type, bank_accounts.details(account), name=name, email=email)
    world.store.put("account", method["id"], {"number": account.number})
    return method


def of_paypal(world: World, *, name: str, email: str) -> Json:
    """A payment method of somebody's PayPal account."""
    described = {"country": "GB", "payer_email": email, "payer_id": world.new_secret(13).upper()}
    return _made(world, "paypal", described, name=name, email=email)


def resolve(world: World, key: str) -> Json:
    """The payment method that a parameter names; one of Stripe's test tokens makes a fresh one."""
    if key in cards.TOKENS:
        return of_card(world, cards.card_of(cards.TOKENS[key]), month=12, year=world.clock.now().year + 3)
    if key in bank_accounts.TOKENS:
        return of_account(world, ACCOUNTS[bank_accounts.TOKENS[key]])
    return world.find("payment_method", key, param="payment_method")


def _made(world: World, type_: str, described: Json, *, name: str | None, email: str | None) -> Json:
    return world.keep(
        {
            "id": world.new_id("pm"),
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": {
                "address": dict(EMPTY_ADDRESS),
                "email": email,
                "name": name,
                "phone": None,
                "tax_id": None,
            },
            "created": world.now(),
            "customer": None,
            "customer_account": None,
            "livemode": False,
            "metadata": {},
            "type": type_,
            type_: described,
        }
    )
