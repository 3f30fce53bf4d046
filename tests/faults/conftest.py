"""Fixtures: a whole house on each engine, and people who call on it without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Workshop
from tests.support.house import House, a_house


@pytest.fixture
def house(workshop: Workshop, engine_kind: str, tmp_path: Path) -> Iterator[House]:
    """Both sites, the worker and the simulator, running; at the end the books are whole and tie with the simulator."""
    with workshop.kinds[engine_kind].fresh() as url, a_house(tmp_path, QUITTANCE_DATABASE_URL=url) as running:
        yield running
        running.simulator.clear()
        running.expect_whole_books()
        assert running.complaints == []
