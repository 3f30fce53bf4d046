"""The simulator keeps the promises that a real sandbox keeps, so that what is tried here holds there."""

from __future__ import annotations

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from tests.adapters.stripe.simulator.conftest import KEY
from tests.adapters.stripe.simulator.recording import Recorder
from tests.adapters.stripe.simulator.walking import wrong
from tests.sandbox.promises import PROMISES, Promise


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_the_simulator_keeps_the_promise(promise: Promise, simulator: Simulator) -> None:
    recorder = Recorder(simulator.http_client())
    client = stripe.StripeClient(KEY, http_client=recorder)

    promise(client, lambda: simulator.advance(hours=1))

    answers = [answered for answered in recorder.answers if answered.status == 200]
    assert [problem for answered in answers for problem in wrong(answered)] == []
