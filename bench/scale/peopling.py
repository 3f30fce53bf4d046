"""Peopling: one of everything among the crowd, and people who are signed in to each site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from adapters.storage.disk import DiskStore
from bench.filling import SECRET
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account
from domain.sessions import keeping
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.backoffice.conftest import an_office
from tests.backoffice.one_of_everything import here_for
from tests.backoffice.one_of_everything import world as office_world
from tests.portal.conftest import ADDRESS, a_portal
from tests.portal.test_access import world as portal_world
from tests.support.outside import MemoryStore
from tests.support.routes import Way
from web.csrf import TokenMaker

Naming = Callable[[Way, Role], Mapping[str, object]]
"""What the path of a way names for somebody with a role: one's own where only that is to be found."""


def of_the_office(database: Database, documents: Path) -> tuple[Mapping[Role, str], Naming]:
    """The cookies of somebody with each role, and what says which of everything there is a path names for them.

    What was filed lies in `documents`.
    """
    here = an_office(database, MovableClock(database.clock.now()))
    values = office_world(here)
    _file(here.store, documents)
    people = {role: here.person(role) for role in Role}
    cookies = {}
    with database.transaction() as session:
        for role, staff_id in people.items():
            token = keeping.start(session, site=Site.OFFICE, subject_id=staff_id, stepped_up=True)
            cookies[role] = _cookies("office", token)
    return cookies, lambda way, role: here_for(here, way, values, role)


def of_the_portal(database: Database, documents: Path) -> tuple[str, Mapping[str, object]]:
    """The cookies of a customer, and one of everything on the account that she has; what was filed in `documents`."""
    portal = a_portal(database, MovableClock(database.clock.now()))
    values = portal_world(portal)
    _file(portal.store, documents)
    with database.transaction() as session:
        account = session.get_one(Account, int(str(values["account_id"])))
        login = grant(session, account, email=ADDRESS, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
        token = keeping.start(session, site=Site.PORTAL, subject_id=login.id)
    return _cookies("portal", token), values


def _file(store: MemoryStore, documents: Path) -> None:
    """Put what the tests' own store holds where the served sites look for it."""
    on_disk = DiskStore(documents)
    for content in store.contents.values():
        on_disk.put(content)


def _cookies(site: str, token: str) -> str:
    return f"{site}={token}; {site}-csrf={TokenMaker(site, SECRET).make(token)}"
