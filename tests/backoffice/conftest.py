"""Fixtures: a back office over a database of its own, people of every role, and browsers where they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pytest
from litestar import Litestar

from adapters.bank_files.reader import BankFiles
from backoffice.application import application
from backoffice.installation import Installation
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.adding import add
from domain.staff.codes import code_at
from domain.staff.model import Role, StaffMember
from tests.support.applying import FakeChecks
from tests.support.client import Client
from tests.support.outside import FarStore, MemoryStore, PlainRenderer
from tests.support.standing import Nudges, standing
from web.settings import SiteSettings

SETTINGS = SiteSettings(public_url="http://127.0.0.1:8001", secret=b"o" * 32)
PORTAL_URL = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery staple"
DEMO = Installation(is_practice=True)
"""The tests know every page, those of practice too, which only the demo has."""
WEBHOOKS = {"received": 7, "forged": 2}


@dataclass
class Office:
    """The site and what stands behind it."""

    app: Litestar
    db: Database
    clock: MovableClock
    store: FarStore
    nudges: list[None] = field(default_factory=list)
    people: dict[Role, int] = field(default_factory=dict)

    def person(self, role: Role) -> int:
        """Somebody with this role, always the same."""
        if role not in self.people:
            with self.db.transaction() as session:
                member, _ = add(
                    session,
                    email=f"{role.value}@office.example",
                    name=f"{role.value.replace('_', ' ').title()} Jones",
                    role=role,
                    password=PASSWORD,
                    actor=OPERATOR,
                )
                self.people[role] = member.id
        return self.people[role]

    def code(self, role: Role = Role.MANAGER) -> str:
        """What that person's phone shows now; each code works once."""
        staff_id = self.person(role)
        with self.db.reading() as session:
            return code_at(session.get_one(StaffMember, staff_id).totp_secret, self.clock.now())

    def browser(self, role: Role = Role.MANAGER, *, is_sure: bool = True, reads: bool = True) -> Client:
        """A browser in which somebody with this role is signed in."""
        client, staff_id = Client(self.app, reads=reads), self.person(role)
        with self.db.transaction() as session:
            token = sessions.start(session, site=Site.OFFICE, subject_id=staff_id, stepped_up=is_sure)
        client.cookies.set("office", token)
        return client


@pytest.fixture
def office(committed_db: Database, clock: MovableClock) -> Office:
    """The back office."""
    return an_office(committed_db, clock)


def an_office(database: Database, clock: MovableClock, build: Callable[..., Litestar] | None = None) -> Office:
    """The back office over this database, as `build` makes it."""
    nudges, store = Nudges(), FarStore(database)
    app = standing(build or _build, database=database, store=store, nudge=nudges, checks=FakeChecks())
    return Office(app, database, clock, store, nudges.made)


def _build(
    database: Database,
    store: MemoryStore,
    nudge: Nudges,
    checks: FakeChecks,
    settings: SiteSettings = SETTINGS,
    installation: Installation = DEMO,
) -> Litestar:
    return application(
        settings=settings,
        database=database,
        store=store,
        renderer=PlainRenderer(),
        bank_reader=BankFiles(),
        nudge=nudge,
        webhook_counts=lambda: WEBHOOKS,
        portal_url=PORTAL_URL,
        checks=checks,
        installation=installation,
    )


build_named = partial(_build, settings=SiteSettings(public_url="http://office.localhost:8001", secret=b"o" * 32))
"""Makes the back office under a name, which passkeys need."""
build_live = partial(_build, installation=Installation(is_live=True))
"""Makes the back office of an installation that moves real money."""


@pytest.fixture
def open_browser(office: Office) -> Callable[[], Client]:
    """Opens browsers that nobody has signed in with."""
    return lambda: Client(office.app)


@pytest.fixture
def manager(office: Office) -> Client:
    """A manager's browser."""
    return office.browser(Role.MANAGER)
