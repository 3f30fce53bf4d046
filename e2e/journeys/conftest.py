"""Fixtures: one house for all journeys, visitors with and without script, and whole books after each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser

from e2e.support.visitor import Visitor
from tests.support.databases import OnPostgresql, run_id
from tests.support.house import House, a_house

_people = count(1)

OpenBrowser = Callable[..., Visitor]


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], House]]:
    """Everything, running: over SQLite, and over PostgreSQL once somebody asks for it."""
    with ExitStack() as stack:

        @cache
        def of(kind: str) -> House:
            given = {}
            if kind == "postgresql":
                databases = OnPostgresql(tmp_path_factory.getbasetemp(), run_id())
                given["QUITTANCE_DATABASE_URL"] = stack.enter_context(databases.fresh())
            return stack.enter_context(a_house(tmp_path_factory.mktemp(kind), **given))

        yield of


@pytest.fixture
def house(request: pytest.FixtureRequest, houses: Callable[[str], House]) -> Iterator[House]:
    """The house; after each journey its HTML was right, its books are whole, and they tie with the simulator."""
    whole_house = houses(getattr(request, "param", "sqlite"))
    yield whole_house
    whole_house.simulator.clear()
    whole_house.expect_whole_books()
    complaints = list(whole_house.complaints)
    whole_house.complaints.clear()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def email() -> str:
    """An address that nobody else has, and as long as addresses are: pages must hold it at any width."""
    return f"maya.harbour.{next(_people):04}@harbour.example"


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[OpenBrowser]:
    """Opens browsers; at the end nobody may have anything to complain about."""
    opened = []

    def open_browser(*, thorough: bool = False, **options: Any) -> Visitor:
        usual = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "reduced_motion": "reduce"}
        context = browser.new_context(**{**usual, **options})
        context.set_default_timeout(60_000)
        script = options.get("java_script_enabled", True)
        visitor = Visitor(context.new_page(), house, script=script, thorough=thorough)
        opened.append((context, visitor))
        return visitor

    yield open_browser
    for context, visitor in opened:
        context.close()
        assert not visitor.complaints, "\n".join(visitor.complaints)
