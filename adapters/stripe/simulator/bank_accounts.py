"""Stripe's published test accounts for bank debits: what each number does, and the payment methods made of them.

Source: docs.stripe.com/payments/sepa-debit, …/bacs-debit and …/ach-direct-debit, "Test your integration".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from adapters.stripe.simulator.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """Why a bank does not pay a debit, as Stripe words it."""

    code: str
    message: str


FAILURES = {
    failure.code: failure
    for failure in (
        Failure("account_closed", "The customer's bank account has been closed."),
        Failure("debit_not_authorized", "The customer has notified their bank that this payment was unauthorized."),
        Failure("generic_could_not_process", "The customer's bank could not process this payment."),
        Failure("insufficient_funds", "The customer's account has insufficient funds to cover this payment."),
        Failure("no_account", "The customer's bank account could not be located."),
    )
}


@dataclass(frozen=True)
class Account:
    """A test account: `late` takes days longer, `disputed` is paid and then taken back."""

    number: str
    type: str
    routing: str = ""
    failure: str = ""
    late: bool = False
    disputed: bool = False


_SORT_CODE = "108800"
_ROUTING = "110000000"
_ALL = (
    Account("DE89370400440532013000", "sepa_debit"),
    Account("DE08370400440532013003", "sepa_debit", late=True),
    Account("DE62370400440532013001", "sepa_debit", failure="generic_could_not_process"),
    Account("DE78370400440532013004", "sepa_debit", failure="generic_could_not_process", late=True),
    Account("DE35370400440532013002", "sepa_debit", disputed=True),
    Account("00012345", "bacs_debit", _SORT_CODE),
    Account("90012345", "bacs_debit", _SORT_CODE, late=True),
    Account("33333335", "bacs_debit", _SORT_CODE, failure="debit_not_authorized"),
    Account("93333335", "bacs_debit", _SORT_CODE, failure="debit_not_authorized", late=True),
    Account("22222227", "bacs_debit", _SORT_CODE, failure="insufficient_funds"),
    Account("92222227", "bacs_debit", _SORT_CODE, failure="insufficient_funds", late=True),
    Account("55555559", "bacs_debit", _SORT_CODE, disputed=True),
    Account("000123456789", "us_bank_account", _ROUTING),
    Account("000111111113", "us_bank_account", _ROUTING, failure="account_closed"),
    Account("000111111116", "us_bank_account", _ROUTING, failure="no_account"),
    Account("000222222227", "us_bank_account", _ROUTING, failure="insufficient_funds"),
    Account("000333333335", "us_bank_account", _ROUTING, failure="debit_not_authorized"),
    Account("000555555559", "us_bank_account", _ROUTING, disputed=True),
)
ACCOUNTS = {account.number: account for account in _ALL}
TOKENS = {
    "pm_bacsDebit_success": "00012345",
    "pm_bacsDebit_insufficientFunds": "22222227",
    "pm_usBankAccount_success": "000123456789",
    "pm_usBankAccount_accountClosed": "000111111113",
    "pm_usBankAccount_noAccount": "000111111116",
    "pm_usBankAccount_insufficientFunds": "000222222227",
    "pm_usBankAccount_debitNotAuthorized": "000333333335",
    "pm_usBankAccount_dispute": "000555555559",
}
"""Stripe's ready-made payment methods for tests, by the account behind each."""


def details(account: Account) -> Json:
    """The part of a payment method that describes its account; the number itself is never answered."""
    known: Json = {
        "fingerprint": hashlib.sha256(account.number.encode()).hexdigest()[:16],
        "last4": account.number[-4:],
    }
    if account.type == "bacs_debit":
        return known | {"sort_code": account.routing}
    if account.type == "sepa_debit":
        more = {"bank_code": account.number[4:12], "branch_code": "", "country": account.number[:2]}
        return known | more | {"generated_from": {"charge": None, "setup_attempt": None}}
    return known | {
        "account_holder_type": "company",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": account.routing,
        "status_details": {},
    }


def behind(world: World, key: str) -> Account:
    """The test account behind a payment method."""
    record = world.store.get("account", key)
    return ACCOUNTS[record["number"] if record is not None else ""]
