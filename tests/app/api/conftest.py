"""Fixtures: the API in the process that it lives in, and a key for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from app.api.routes import api
from domain.api_keys.making import make
from domain.api_keys.model import Scope
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from portal.application import application
from tests.support.fakes import FakeProcessor
from tests.support.outside import MemoryStore, PlainRenderer
from tests.support.placing import a_partner
from tests.support.standing import standing
from web.settings import SiteSettings

URL = "http://127.0.0.1:8000"
SETTINGS = SiteSettings(public_url=URL, secret=b"p" * 32, allowed_hosts=("localhost",))

Caller = TestClient[Litestar]
KeyMaker = Callable[[Collection[Scope]], str]
OURS = tuple(scope for scope in Scope if scope is not Scope.PLACEMENTS)
"""What systems of ours may do; a partner's may do the rest."""


@pytest.fixture
def site(committed_db: Database) -> Litestar:
    """The portal's process, with the API in it."""
    return standing(_build, database=committed_db)


def _build(database: Database) -> Litestar:
    return application(
        settings=SETTINGS,
        database=database,
        processor=FakeProcessor(),
        store=MemoryStore(),
        renderer=PlainRenderer(),
        nudge=lambda: None,
        machines=[api()],
    )


@pytest.fixture
def stranger(site: Litestar) -> Iterator[Caller]:
    """Another system without a key."""
    with TestClient(site, base_url=URL, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def new_key(committed_db: Database) -> KeyMaker:
    """Makes keys."""

    def made(scopes: Collection[Scope] = OURS) -> str:
        with committed_db.transaction() as session:
            partner_id = a_partner(session).id if Scope.PLACEMENTS in scopes else None
            return make(session, "Shop", scopes, partner_id=partner_id, actor=OPERATOR)[1]

    return made


@pytest.fixture
def shop(stranger: Caller, new_key: KeyMaker) -> Caller:
    """Another system with a key that may do everything."""
    stranger.headers["authorization"] = f"Bearer {new_key(OURS)}"
    return stranger
