"""Fixtures: an account that is paid automatically and the days that go by; a plan whose beginning was told."""

from __future__ import annotations

import pytest

from adapters.stripe.simulator import Simulator
from app.wired import Wired
from domain.shared.clock import MovableClock
from tests.support.collecting import Days, Deliver, Payer, a_payer
from tests.support.planned import Planned, planned


@pytest.fixture
def days(wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Deliver) -> Days:
    return Days(wired, simulator, clock, deliver)


@pytest.fixture
def payer(wired: Wired) -> Payer:
    return a_payer(wired)


@pytest.fixture
def running(wired: Wired, clock: MovableClock) -> Planned:
    """It runs, and what was to be told of that was told."""
    found = planned(wired, clock)
    found.mails()
    return found
