"""Fixtures: a whole house on each engine, people who call on it without a browser, and figures that are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
import structlog

from tests.conftest import Workshop
from tests.support.house import House, a_house

Prove: TypeAlias = Callable[[int, str, str], None]


@pytest.fixture(autouse=True)
def quietly() -> Iterator[None]:
    """What goes wrong here is meant to: it is not logged."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    yield
    structlog.configure(**before)


@pytest.fixture
def prove(record_property: Callable[[str, object], None], request: pytest.FixtureRequest) -> Prove:
    """Keep the figure of a proof: the fault's number, what was tried, what came out; `make faults` makes the table."""
    given = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    engine = given.get("engine_kind", "both")

    def keep(fault: int, what: str, figure: str) -> None:
        for name, value in (("fault", fault), ("what", what), ("engine", engine), ("figure", figure)):
            record_property(name, value)
        print(f"\nfault {fault}, {engine}: {what}: {figure}")

    return keep


@pytest.fixture
def house(workshop: Workshop, engine_kind: str, tmp_path: Path) -> Iterator[House]:
    """Both sites, the worker and the simulator, running; at the end the books are whole and tie with the simulator."""
    with workshop.kinds[engine_kind].fresh() as url, a_house(tmp_path, QUITTANCE_DATABASE_URL=url) as running:
        yield running
        running.simulator.clear()
        running.expect_whole_books()
        assert running.complaints == []
