"""Whether whoever watches the site learns that it is well, and nothing more."""

from pathlib import Path

from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import create_engine

from domain.shared.business import Business
from domain.shared.clock import SystemClock
from domain.shared.db.session import Database
from tests.support.client import Client
from web.health import health_handler


def test_a_site_that_reaches_its_data_is_well(stranger: Client) -> None:
    answer = stranger.get("/health")

    assert (answer.status, answer.response.json()) == (200, {"status": "ok"})


def test_a_site_that_does_not_is_not(tmp_path: Path) -> None:
    nowhere = create_engine(f"sqlite:///{tmp_path}/no/such/folder.db")
    site = Litestar([health_handler(Database(nowhere, SystemClock(), Business()))])

    with TestClient(site) as watcher:
        answer = watcher.get("/health")

    assert (answer.status_code, answer.json()) == (503, {"status": "no database"})
