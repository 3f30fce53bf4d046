"""Fixtures: the trial site, and a browser in front of it."""

from collections.abc import Iterator

import pytest

from tests.support.client import Client
from tests.web.trial_site import Trial, trial_site


@pytest.fixture
def trial() -> Trial:
    """The trial site."""
    return trial_site()


@pytest.fixture
def stranger(trial: Trial) -> Iterator[Client]:
    """A browser that nobody has signed in with."""
    with Client(trial.app) as client:
        yield client


@pytest.fixture
def client(stranger: Client) -> Client:
    """A browser that Maya is signed in with."""
    stranger.get("/sign-in").submit("Send me a link", email="maya@harbour.example")
    return stranger
