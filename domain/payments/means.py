"""Means: what a payment was made with, in words for any reader; pure."""

from __future__ import annotations

from domain.payments.model import PaymentMethod
from domain.shared.errors import N_
from domain.shared.words import Words

BY_HAND_WORDS = {
    PaymentMethod.CHEQUE: (N_("Cheque"), N_("Cheque {reference}")),
    PaymentMethod.TRANSFER: (N_("Bank transfer"), N_("Bank transfer, {reference}")),
    PaymentMethod.CASH: (N_("Cash"), N_("Cash, {reference}")),
    PaymentMethod.AGENT: (N_("Paid to our partner"), N_("Paid to {reference}")),
}
"""What money that came by hand is called, without and with its reference."""
RETURNED_WORDS = {
    PaymentMethod.CHEQUE: (N_("Returned: cheque"), N_("Returned: cheque {reference}")),
    PaymentMethod.TRANSFER: (N_("Returned: bank transfer"), N_("Returned: bank transfer, {reference}")),
    PaymentMethod.CASH: (N_("Returned: cash"), N_("Returned: cash, {reference}")),
    PaymentMethod.AGENT: (N_("Went back: paid to our partner"), N_("Went back: paid to {reference}")),
}
"""The same when it came back."""
MISTAKEN_WORDS = {
    PaymentMethod.CHEQUE: (N_("Booked by mistake: cheque"), N_("Booked by mistake: cheque {reference}")),
    PaymentMethod.TRANSFER: (
        N_("Booked by mistake: bank transfer"),
        N_("Booked by mistake: bank transfer, {reference}"),
    ),
    PaymentMethod.AGENT: (N_("Told by mistake: paid to our partner"), N_("Told by mistake: paid to {reference}")),
    PaymentMethod.CASH: (N_("Booked by mistake: cash"), N_("Booked by mistake: cash, {reference}")),
}
"""The same when it was somebody else's, or for something else, and was taken off the account again."""
AS_TOLD = "{means}"
"""What the processor says, such as Visa 4242, is shown as it is."""


def means_of(method: PaymentMethod, means: str | None) -> Words | None:
    """What a payment was made with; `means` is the processor's word, or the reference of what came by hand."""
    if method in BY_HAND_WORDS:
        return _with(BY_HAND_WORDS[method], means)
    return Words.of(AS_TOLD, means=means) if means else None


def returned_words(method: PaymentMethod, means: str | None) -> Words:
    """How the return of money that came by hand is called."""
    return _with(RETURNED_WORDS[method], means)


def booked_by_mistake(method: PaymentMethod, means: str | None) -> Words:
    """How it is called that money was taken off an account to which it never belonged."""
    return _with(MISTAKEN_WORDS[method], means)


def _with(words: tuple[str, str], reference: str | None) -> Words:
    alone, named = words
    return Words.of(named, reference=reference) if reference else Words.of(alone)
