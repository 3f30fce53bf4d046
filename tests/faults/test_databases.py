"""Fault 9: the disk is full, the server restarts, connections are killed: what was acknowledged is never lost."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine, NullPool, create_engine, event, select, text

from app.hooks import stripe_hook
from domain.inbox.model import InboxEvent
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.migrating import migrate
from domain.shared.db.session import Database
from tests.conftest import Workshop
from tests.faults.conftest import Prove
from tests.faults.scene import SECRET, Scene, a_scene
from tests.support.builders import money
from tests.support.databases import opened
from tests.support.house import ledger_owes
from tests.support.paying import Debt, a_debt
from tests.support.postgresql import Cluster, running
from tests.support.simulated import open_page
from tests.support.waiting import until

Send = Callable[[bytes, Mapping[str, str]], int]


@contextmanager
def hooked(scene: Scene) -> Iterator[Send]:
    """The hook as Stripe reaches it: an answer, whatever happens behind it."""
    wired = scene.wired
    handler = stripe_hook(wired.database, secrets=[SECRET], livemode=False, tally=wired.tally, nudge=wired.nudge)
    with TestClient(Litestar([handler]), raise_server_exceptions=False) as client:
        yield lambda body, headers: client.post("/hooks/stripe", content=body, headers=dict(headers)).status_code


def pay(scene: Scene, number: int) -> list[Debt]:
    """So many payments have been made of which nobody told us."""
    debts = [a_debt(scene.wired.database, "120.00") for _ in range(number)]
    for debt in debts:
        scene.simulator.pay_session(open_page(scene.wired, debt, "120.00").checkout_id or "")
    scene.simulator.settle()
    return debts


def assert_nothing_lost(scene: Scene, debts: list[Debt], acknowledged: set[str]) -> None:
    """What was answered with 200 is in the inbox; Stripe brings the rest again, and every payment is posted."""
    with scene.wired.database.reading() as session:
        assert acknowledged <= set(session.scalars(select(InboxEvent.external_id)))
    scene.later(minutes=30)
    scene.told()
    assert [ledger_owes(scene.wired.database, debt.account_id) for debt in debts] == [money("0")] * len(debts)
    scene.expect_whole_books()


@pytest.mark.parametrize("payments", [12, pytest.param(40, marks=pytest.mark.faults)])
def test_on_a_full_disk_webhooks_are_answered_with_an_error_and_nothing_acknowledged_is_lost(
    workshop: Workshop, clock: MovableClock, business: Business, tmp_path: Path, payments: int, prove: Prove
) -> None:
    answers: dict[str, int] = {}
    with workshop.kinds["sqlite"].fresh() as url, opened(url) as engine:
        database, room = Database(engine, clock, business), [0]

        @event.listens_for(engine, "checkout")
        def fill(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {room[0] or 2**31 - 2}")

        with a_scene(database, clock, tmp_path) as scene, hooked(scene) as send:
            debts = pay(scene, payments)
            with engine.connect() as connection:
                room[0] = connection.scalar(text("PRAGMA page_count"))

            def deliver(body: bytes, headers: Mapping[str, str]) -> int:
                status = send(body, headers)
                answers[json.loads(body)["id"]] = status
                return status

            scene.simulator.flush(deliver)
            room[0] = 0
            acknowledged = {name for name, status in answers.items() if status == 200}
            assert_nothing_lost(scene, debts, acknowledged)

    refused = len(answers) - len(acknowledged)
    prove(9, f"disk full: {len(acknowledged)} webhooks taken, {refused} answered with 5xx", "0 acknowledged ones lost")
    assert set(answers.values()) == {200, 500}


def crash(cluster: Cluster, engine: Engine) -> None:
    """The server loses its power and starts again."""
    cluster.crash()


def kill_backends(cluster: Cluster, engine: Engine) -> None:
    """Every connection is killed, from one that is in no pool."""
    ours = "datname = current_database() AND pid <> pg_backend_pid()"
    with create_engine(engine.url, poolclass=NullPool).connect() as connection:
        connection.execute(text(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {ours}"))


@pytest.mark.postgresql
@pytest.mark.parametrize("blow", [crash, kill_backends])
@pytest.mark.parametrize("payments", [3, pytest.param(20, marks=pytest.mark.faults)])
def test_a_server_that_goes_away_under_load_loses_nothing_that_was_acknowledged(
    clock: MovableClock,
    business: Business,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    payments: int,
    blow: Callable[[Cluster, Engine], None],
    prove: Prove,
) -> None:
    cluster = running(tmp_path_factory.getbasetemp() / "durable", run_id=os.getpid(), durable=True)
    name = f"fault_{tmp_path.name.lower().replace('-', '_')}"[:60]
    cluster.drop(name)
    cluster.create(name)
    acknowledged: set[str] = set()
    failed: list[int] = []
    with opened(cluster.url(name)) as engine:
        migrate(engine)
        with a_scene(Database(engine, clock, business), clock, tmp_path) as scene, hooked(scene) as send:
            debts = pay(scene, payments)
            told: list[tuple[bytes, Mapping[str, str]]] = []

            def keep(body: bytes, headers: Mapping[str, str]) -> int:
                told.append((body, headers))
                return 500

            scene.simulator.flush(keep)

            def insist(one: tuple[bytes, Mapping[str, str]]) -> None:
                while (status := send(*one)) != 200:
                    failed.append(status)
                acknowledged.add(json.loads(one[0])["id"])

            with ThreadPoolExecutor(4) as pool:
                done = [pool.submit(insist, one) for one in told]
                for share in (4, 2):
                    until(partial(_reached, acknowledged, len(told) // share), "webhooks to come in")
                    blow(cluster, engine)
                for each in done:
                    each.result()
            engine.dispose()  # connections that died while they rested
            assert_nothing_lost(scene, debts, acknowledged)
    cluster.drop(name)

    what = "server lost its power twice" if blow is crash else "backends killed twice"
    prove(9, f"{what}: {len(told)} webhooks, {len(failed)} answered with 5xx", "0 acknowledged ones lost")
    assert len(acknowledged) == len(told)
    assert set(failed) <= {500}


def _reached(acknowledged: set[str], number: int) -> bool:
    return len(acknowledged) >= number
