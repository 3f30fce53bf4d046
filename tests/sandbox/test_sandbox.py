"""A real Stripe sandbox keeps the promises that the simulator keeps: only with STRIPE_SANDBOX_KEY, a test key."""

from __future__ import annotations

import os
import threading

import pytest
import stripe

from tests.adapters.stripe.simulator.recording import Recorder
from tests.adapters.stripe.simulator.walking import wrong
from tests.sandbox.promises import PROMISES, Promise

KEY = os.environ.get("STRIPE_SANDBOX_KEY", "")
pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(not KEY, reason="STRIPE_SANDBOX_KEY is not set: nothing is tried at Stripe itself"),
    pytest.mark.allow_hosts(["api.stripe.com"] if KEY else []),
]
MOMENT = 2.0
"""Seconds that a sandbox is given before it is asked again."""


def a_moment() -> None:
    """Let a moment pass."""
    threading.Event().wait(MOMENT)


@pytest.fixture
def recorder() -> Recorder:
    """The way to Stripe, which remembers what was answered; never with a live key."""
    assert KEY.startswith(("sk_test_", "rk_test_")), "STRIPE_SANDBOX_KEY has to be a test key"
    return Recorder(stripe.RequestsClient(timeout=30))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_a_sandbox_keeps_the_promise(promise: Promise, recorder: Recorder) -> None:
    client = stripe.StripeClient(KEY, http_client=recorder)

    promise(client, a_moment)

    answers = [answered for answered in recorder.answers if answered.status == 200]
    assert [problem for answered in answers for problem in wrong(answered)] == []
