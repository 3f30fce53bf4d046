"""Stripe's published test cards: what each number does, in the words of the bank.

Source: docs.stripe.com/testing and docs.stripe.com/declines/codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Decline:
    """A bank's refusal, as Stripe words it."""

    code: str
    decline_code: str
    message: str
    advice: Literal["confirm_card_data", "do_not_try_again", "try_again_later"] = "try_again_later"


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Decline("card_declined", "lost_card", "Your card was declined.", "do_not_try_again")
STOLEN = Decline("card_declined", "stolen_card", "Your card was declined.", "do_not_try_again")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.", "do_not_try_again")
WRONG_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", "confirm_card_data")
PROCESSING = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
NOT_A_TEST_CARD = Decline(
    "card_declined",
    "live_mode_test_card",
    "Your card was declined. Your request was in test mode, but used a non test card. "
    "For a list of valid test cards, visit: https://stripe.com/docs/testing.",
)
NEEDS_AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)


Afterwards = Literal["nothing", "dispute", "not_received", "inquiry", "two_disputes", "fraud_warning"]


@dataclass(frozen=True)
class Card:
    """A test card; `challenge` says when its bank asks for 3-D Secure: never, until set up, or always.

    `afterwards` is what befalls a succeeded charge, `refunds` how a refund to the card ends; a card that
    `can_be_saved` declines payments only.
    """

    number: str
    brand: str = "visa"
    country: str = "US"
    decline: Decline | None = None
    challenge: Literal["never", "until_set_up", "always"] = "never"
    afterwards: Afterwards = "nothing"
    refunds: Literal["at_once", "fail_later", "succeed_later"] = "at_once"
    available_at_once: bool = False
    can_be_saved: bool = False

    @property
    def last4(self) -> str:
        """The digits that may be shown."""
        return self.number[-4:]


_ALL = (
    Card("4242424242424242"),
    Card("4000056655665556"),
    Card("5555555555554444", brand="mastercard"),
    Card("378282246310005", brand="amex"),
    Card("4000008260000000", country="GB"),
    Card("4000007240000007", country="ES"),
    Card("4000000000000002", decline=GENERIC),
    Card("4000000000009995", decline=INSUFFICIENT),
    Card("4000000000009987", decline=LOST),
    Card("4000000000009979", decline=STOLEN),
    Card("4000000000000069", decline=EXPIRED),
    Card("4000000000000127", decline=WRONG_CVC),
    Card("4000000000000119", decline=PROCESSING),
    Card("4000000000000341", decline=GENERIC, can_be_saved=True),
    Card("4000002500003155", challenge="until_set_up"),
    Card("4000002760003184", challenge="always"),
    Card("4000008260003178", challenge="always", decline=INSUFFICIENT, can_be_saved=True),
    Card("4000008400001629", challenge="always", decline=GENERIC),
    Card("4000000000000259", afterwards="dispute"),
    Card("4000000000002685", afterwards="not_received"),
    Card("4000000000001976", afterwards="inquiry"),
    Card("4000000404000079", afterwards="two_disputes"),
    Card("4000000000005423", afterwards="fraud_warning"),
    Card("4000000000005126", refunds="fail_later"),
    Card("4000000000007726", refunds="succeed_later"),
    Card("4000000000000077", available_at_once=True),
)
CARDS = {card.number: card for card in _ALL}

TOKENS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_createDisputeProductNotReceived": "4000000000002685",
    "pm_card_createDisputeInquiry": "4000000000001976",
    "pm_card_createMultipleDisputes": "4000000404000079",
    "pm_card_createIssuerFraudRecord": "4000000000005423",
    "pm_card_refundFail": "4000000000005126",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_bypassPending": "4000000000000077",
}
"""Stripe's ready-made payment methods for tests, by the card behind each."""


def card_of(number: str) -> Card:
    """The test card of a number (digits only); any other card is declined as no test card."""
    return CARDS.get(number, Card(number, decline=NOT_A_TEST_CARD))


def digits_of(typed: str) -> str:
    """A card number as typed, without its spaces and dashes."""
    return typed.replace(" ", "").replace("-", "")


def passes_luhn(digits: str) -> bool:
    """Whether the check digit fits (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
