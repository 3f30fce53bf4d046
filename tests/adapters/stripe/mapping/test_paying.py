"""Mapping: Stripe's own minor units, and what a charge was paid with."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from adapters.stripe.errors import words_for
from adapters.stripe.mapping.amounts import from_stripe, to_stripe
from adapters.stripe.mapping.paying import intent_snapshot, means_of
from adapters.stripe.mapping.reading import UnknownAnswer
from domain.payments.processor import ProcessorRefused
from domain.payments.snapshots import IntentState
from domain.shared.money import Money, minor_digits


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("12.50", "GBP", 1250),
        ("1250", "JPY", 1250),
        ("1250", "ISK", 125000),
        ("1250", "UGX", 125000),
        ("1.230", "KWD", 1230),
        ("100", "KRW", 100),
    ],
)
def test_amounts_go_out_and_come_back_in_stripes_own_units(amount: str, currency: str, units: int) -> None:
    money = Money.of(amount, currency)

    sent = to_stripe(money)

    assert sent == units
    assert from_stripe(sent, currency.lower()) == money


def test_a_thousandth_that_stripe_cannot_take_is_refused() -> None:
    with pytest.raises(ProcessorRefused, match="cannot be paid by card"):
        to_stripe(Money.of("1.234", "KWD"))


def test_a_part_of_a_minor_unit_is_never_rounded_away() -> None:
    with pytest.raises(UnknownAnswer):
        from_stripe(125050, "isk")


@given(st.integers(0, 10**9), st.sampled_from(["GBP", "JPY", "ISK", "UGX", "MGA", "BIF", "HUF", "TWD", "CLP", "RSD"]))
def test_every_amount_that_can_be_sent_comes_back_as_it_was(minor: int, currency: str) -> None:
    money = Money(minor * 10 ** minor_digits(currency), currency)

    assert from_stripe(to_stripe(money), currency) == money


def test_a_card_is_named_by_its_brand_and_last_digits() -> None:
    assert means_of(_charge(type="card", card={"brand": "amex", "last4": "0005"})) == "American Express •••• 0005"


def test_a_new_brand_and_another_method_still_get_a_name() -> None:
    assert means_of(_charge(type="card", card={"brand": "girocard", "last4": "1234"})) == "Girocard •••• 1234"
    assert means_of(_charge(type="sepa_debit")) == "SEPA Direct Debit"


def test_a_state_that_we_do_not_know_is_for_a_person() -> None:
    intent = stripe.PaymentIntent.construct_from({**INTENT, "status": "requires_miracle"}, None)

    with pytest.raises(UnknownAnswer, match="requires_miracle"):
        intent_snapshot(intent)


@pytest.mark.parametrize("error", [{"type": "card_error"}, {"type": "card_error", "code": "expired_card"}])
def test_an_error_without_a_decline_code_is_a_decline_all_the_same(error: dict[str, str]) -> None:
    intent = stripe.PaymentIntent.construct_from({**INTENT, "last_payment_error": error}, None)

    assert intent_snapshot(intent).failure == words_for(None, error.get("code"))


def test_a_lost_card_is_not_called_lost() -> None:
    error = {"code": "card_declined", "decline_code": "lost_card"}
    intent = stripe.PaymentIntent.construct_from({**INTENT, "last_payment_error": error}, None)

    snapshot = intent_snapshot(intent)

    assert snapshot.state is IntentState.WAITING
    assert snapshot.failure is not None
    assert "lost" not in snapshot.failure.lower()


def test_a_decline_names_the_card_that_was_tried() -> None:
    method = {"id": "pm_1", "object": "payment_method", "type": "card", "card": {"brand": "visa", "last4": "0002"}}
    error = {"code": "card_declined", "payment_method": method}
    declined = stripe.PaymentIntent.construct_from({**INTENT, "last_payment_error": error}, None)
    debit = _charge(type="sepa_debit", sepa_debit={"last4": "3201"})
    coming = stripe.PaymentIntent.construct_from({**INTENT, "status": "processing", "latest_charge": debit}, None)

    assert intent_snapshot(declined).tried_with == "Visa •••• 0002"
    assert intent_snapshot(coming).tried_with == "SEPA Direct Debit •••• 3201"


INTENT: dict[str, Any] = {
    "id": "pi_1",
    "object": "payment_intent",
    "amount": 1250,
    "currency": "gbp",
    "status": "requires_payment_method",
    "metadata": {},
    "latest_charge": None,
    "last_payment_error": None,
    "next_action": None,
    "payment_method": None,
}


def _charge(**details: Any) -> stripe.Charge:
    values = {
        "id": "ch_1",
        "amount": 1250,
        "currency": "gbp",
        "status": "pending",
        "created": 1_750_000_000,
        "payment_intent": "pi_1",
        "metadata": {},
        "balance_transaction": None,
        "payment_method_details": {"card": None, **details},
    }
    return stripe.Charge.construct_from(values, None)
