"""Fixtures: a whole house on each engine, and people who call on it without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.conftest import Workshop
from tests.support.house import House, a_house
from tests.support.proving import Prove

__all__ = ["Prove"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Samples of proofs are slow too: `make check` leaves them out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def quietly() -> Iterator[None]:
    """What goes wrong here is meant to: it is not logged."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    yield
    structlog.configure(**before)


@pytest.fixture
def house(workshop: Workshop, engine_kind: str, tmp_path: Path) -> Iterator[House]:
    """Both sites, the worker and the simulator, running; at the end the books are whole and tie with the simulator."""
    with workshop.kinds[engine_kind].fresh() as url, a_house(tmp_path, QUITTANCE_DATABASE_URL=url) as running:
        yield running
        running.simulator.clear()
        running.expect_whole_books()
        assert running.complaints == []
