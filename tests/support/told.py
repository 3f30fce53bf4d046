"""Told: one demo of three months for all tests of a run, told by whoever asks first."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.demo.settings import Ports, demo_settings
from app.demo.telling import tell, told_at
from app.settings import Settings
from tests.support.databases import once

PORTS = Ports(1, 2, 3, 4, 5)


@pytest.fixture(scope="session")
def told(run_folder: Path) -> Settings:
    """The settings of a demo that has told three months; others look at it too, so leave it as it is."""
    home = run_folder / "told"
    home.mkdir(exist_ok=True)
    settings = demo_settings({"QUITTANCE_HOME": str(home)}, PORTS)
    with once(run_folder / "told.lock"):
        if told_at(home) is None:
            tell(settings, months=3)
    return settings
