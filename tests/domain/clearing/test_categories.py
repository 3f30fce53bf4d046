"""Categories: each is booked in one way, and one that nobody knows goes to a person."""

from __future__ import annotations

import pytest

from domain.clearing.categories import BOOKINGS, CATEGORY_WORDS, EXPLANATIONS, UNKNOWN, Category, booking_of
from domain.ledger.chart import LedgerAccount


@pytest.mark.parametrize("category", Category)
def test_each_category_has_words_and_is_booked_by_itself_or_by_its_object(category: Category) -> None:
    placed = BOOKINGS[category]

    assert category in CATEGORY_WORDS
    assert placed.ledger_account is not None or placed.object is not None


@pytest.mark.parametrize("category", ["fee", "network_cost", "tax", "contribution"])
def test_what_the_processor_charges_is_a_fee(category: str) -> None:
    assert booking_of(category).ledger_account is LedgerAccount.PROCESSOR_FEES


@pytest.mark.parametrize("category", ["", "issuing_transaction", "risk_reserved_funds", "something_new"])
def test_what_we_do_not_know_goes_to_suspense(category: str) -> None:
    assert booking_of(category) is UNKNOWN


def test_nothing_is_explained_as_what_it_was_parked_on() -> None:
    assert LedgerAccount.PROCESSOR_SUSPENSE not in EXPLANATIONS
