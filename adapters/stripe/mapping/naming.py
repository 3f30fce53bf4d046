"""Naming: what a card, a bank account or a wallet is called, the same in every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "Eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}

BANK_DEBITS = {
    "acss_debit": "Pre-authorized debit",
    "au_becs_debit": "BECS Direct Debit",
    "bacs_debit": "Bacs Direct Debit",
    "nz_bank_account": "BECS NZ",
    "sepa_debit": "SEPA Direct Debit",
    "us_bank_account": "ACH Direct Debit",
}
"""Stripe's types of payment that are taken from a bank account, by the names of their schemes."""

WALLETS = {"amazon_pay": "Amazon Pay", "cashapp": "Cash App Pay", "paypal": "PayPal", "revolut_pay": "Revolut Pay"}


def named(details: Mapping[str, Any]) -> str:
    """The name of a means of payment, with its last four digits where it has some, such as "Visa •••• 4242"."""
    kind = details["type"]
    particulars: Mapping[str, Any] = details.get(kind) or {}
    if kind == "card" and particulars:
        brand = particulars.get("brand") or "card"
        name = BRANDS.get(brand, brand.title())
    else:
        name = BANK_DEBITS.get(kind) or WALLETS.get(kind) or kind.replace("_", " ").capitalize()
    return f"{name} •••• {particulars['last4']}" if particulars.get("last4") else name


def kind_of(stripe_type: str) -> str:
    """What sort of thing it is: card, bank_debit or wallet."""
    if stripe_type == "card":
        return "card"
    return "bank_debit" if stripe_type in BANK_DEBITS else "wallet"
