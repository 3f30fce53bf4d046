"""Fixtures of automatic payment: an account that is paid so, and the days that go by."""

from __future__ import annotations

import pytest

from adapters.stripe.simulator import Simulator
from app.wired import Wired
from domain.shared.clock import MovableClock
from tests.support.collecting import Days, Deliver, Payer, a_payer


@pytest.fixture
def days(wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Deliver) -> Days:
    return Days(wired, simulator, clock, deliver)


@pytest.fixture
def payer(wired: Wired) -> Payer:
    return a_payer(wired)
