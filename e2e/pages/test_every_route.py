"""Every page that a route leads to, and every form sent empty: accessible, wide in the light and narrow in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from e2e.support.at_hand import AtHand
from tests.backoffice.conftest import an_office
from tests.backoffice.one_of_everything import here_for
from tests.backoffice.one_of_everything import world as world_of_office
from tests.conftest import NOON
from tests.partners.conftest import SETTINGS as OF_PARTNERS
from tests.partners.conftest import a_site
from tests.partners.test_access import values as values_of_partners
from tests.portal.conftest import SETTINGS as OF_PORTAL
from tests.portal.conftest import a_portal, sign_in
from tests.portal.test_access import path as path_of_portal
from tests.portal.test_access import world as world_of_portal
from tests.support.client import Client, Page
from tests.support.databases import OnSqlite, opened
from tests.support.routes import Way, go, ways

OFFICE = "http://127.0.0.1:8001"
CLOCK = MovableClock(NOON)
"""It stands still."""
FORBIDDEN, REFUSED = 403, 422
LEAVING = {"sign_out", "sign_out_everywhere", "sign_out_others", "change_password"}
"""The ways after which one has to sign in again."""
HOW = [pytest.param(False, id="each colouring once"), pytest.param(True, id="in full", marks=pytest.mark.faults)]

Where = Callable[[Way, str], str]
"""The path of a way, for the one of these names who takes it."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own."""
    with Client.in_one_loop(), OnSqlite(tmp_path, tmp_path).fresh() as url, opened(url) as engine:
        yield Database(engine, CLOCK, Business(texts=True))


def is_page(answer: Page) -> bool:
    """Whether it is a whole page to look at, and neither a file nor a piece of a page."""
    return not answer.is_download and answer.response.text.startswith("<!DOCTYPE html")


def private(found: Iterable[Way]) -> list[Way]:
    """The ways of those who are signed in."""
    return [way for way in found if not way.is_public and way.name not in LEAVING]


def look_at_all(sites: dict[str, AtHand], found: list[Way], where: Where) -> tuple[set[str], set[str]]:
    """Look at every page, as the first who may see it, then at every form that is refused; the paths of both."""
    pages, refused = set(), set()
    for way in sorted(found, key=lambda way: way.method):
        for who, site in sites.items():
            answer = go(site.client, way, where(way, who))
            if answer.status != FORBIDDEN:
                break
        if way.method == "GET" and answer.status == 303 and answer.location.startswith("/"):
            answer = site.client.get(answer.location)
        if way.method == "GET" and is_page(answer):
            assert answer.status in {200, REFUSED}, (answer.status, way.path)
            site.show(answer, way.path)
            pages.add(way.path)
        elif answer.status == REFUSED and is_page(answer):
            site.show(answer, f"{way.path} refused", both_ways=site.onlooker.thorough)
            refused.add(way.path)
    for site in sites.values():
        site.close()
    return pages, refused


@pytest.mark.parametrize("thorough", HOW)
@pytest.mark.parametrize("half", [0, 1])
def test_every_route_of_the_back_office(database: Database, browser: Browser, half: int, thorough: bool) -> None:
    office = an_office(database, CLOCK)
    values = world_of_office(office)
    roles = {role.value: role for role in (Role.MANAGER, Role.ADMINISTRATOR)}
    clients = {name: office.browser(role, reads=False) for name, role in roles.items()}
    sites = {name: AtHand.opened(browser, client, OFFICE, thorough=thorough) for name, client in clients.items()}

    pages, refused = look_at_all(
        sites,
        private(ways(office.app))[half::2],
        lambda way, who: way.filled(here_for(office, way, values, roles[who])),
    )

    assert len(pages) > 80
    assert len(refused) > 40


@pytest.mark.parametrize("thorough", HOW)
def test_every_route_of_the_portal(database: Database, browser: Browser, thorough: bool) -> None:
    portal = a_portal(database, CLOCK)
    values = world_of_portal(portal)
    maya = sign_in(portal, Client(portal.app, reads=False))
    site = AtHand.opened(browser, maya, OF_PORTAL.public_url, thorough=thorough)

    pages, refused = look_at_all({"maya": site}, private(ways(portal.app)), lambda way, _: path_of_portal(way, values))

    assert len(pages) > 30
    assert len(refused) > 8


@pytest.mark.parametrize("thorough", HOW)
def test_every_route_of_the_partners_site(database: Database, browser: Browser, thorough: bool) -> None:
    partners = a_site(database, CLOCK)
    gus = partners.browser(partners.person(), reads=False)
    found = private(ways(partners.app))
    named = {way.name: values_of_partners(partners, way) for way in found if way.wants}
    site = AtHand.opened(browser, gus, OF_PARTNERS.public_url, thorough=thorough)

    pages, refused = look_at_all({"gus": site}, found, lambda way, _: way.filled(named.get(way.name, {})))

    assert len(pages) > 10
    assert len(refused) > 5
