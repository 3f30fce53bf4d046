"""Errors: which of Stripe's answers are final, which say nothing, and which a person should read."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from adapters.stripe.errors import DECLINES, intent_in, translated, words_for
from domain.payments.processor import ProcessorConfused, ProcessorLacks, ProcessorRefused, ProcessorUnreachable

REPLAYED = {"Idempotent-Replayed": "true"}
INTENT = {"error": {"payment_intent": {"id": "pi_1", "object": "payment_intent"}}}


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (stripe.APIConnectionError("cut"), ProcessorUnreachable),  # type: ignore[no-untyped-call]
        (stripe.RateLimitError("slow", http_status=429), ProcessorUnreachable),
        (stripe.APIError("busy", http_status=409), ProcessorUnreachable),
        (stripe.APIError("oh", http_status=500), ProcessorConfused),
        (stripe.APIError("theirs", http_status=424), ProcessorConfused),
        (stripe.IdempotencyError("other", http_status=400), ProcessorConfused),
        (stripe.APIError("again", http_status=402, headers=REPLAYED), ProcessorConfused),
        (stripe.APIError("none", http_status=404), ProcessorLacks),
        (stripe.APIError("no", http_status=400), ProcessorRefused),
        (stripe.APIError("again", http_status=402, headers=REPLAYED, json_body=INTENT), ProcessorRefused),
    ],
)
def test_each_failure_is_what_can_be_trusted_of_it(problem: stripe.StripeError, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught, translated():
        raise problem

    assert type(caught.value) is kind


def test_a_refusal_that_speaks_of_a_payment_names_it() -> None:
    assert intent_in(_refusal(INTENT)) == "pi_1"
    assert intent_in(_refusal({"error": {"code": "resource_missing"}})) is None
    assert intent_in(ProcessorRefused("Ours alone.")) is None


def test_the_banks_word_counts_more_than_stripes() -> None:
    assert words_for("insufficient_funds", "card_declined") == DECLINES["insufficient_funds"]
    assert words_for(None, "expired_card") == DECLINES["expired_card"]
    assert words_for("brand_new", "card_declined") == words_for(None)


def _refusal(body: dict[str, Any]) -> ProcessorRefused:
    with pytest.raises(ProcessorRefused) as caught, translated():
        raise stripe.APIError("no", http_status=400, json_body=body)
    return caught.value
