"""Fault 1 with real processes: killed between Stripe's answer and our commit, or after it: one charge, one posting."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from adapters.stripe.simulator import Simulator, create_simulator
from app.hooks import keep_webhook
from app.settings import demo_environment, read_settings
from app.wired import Wired
from app.wiring import wired
from app.worker import Worker
from domain.ledger.model import ENTRIES
from domain.ledger.posting import EntryKind
from domain.processing.checks import check_books
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.serving import bound_socket, served
from tests.conftest import Workshop
from tests.faults import victim
from tests.faults.victim import POINTS
from tests.support.builders import money
from tests.support.house import ledger_owes
from tests.support.paying import a_debt
from tests.support.simulated import payment, start

PROCESSES = multiprocessing.get_context("forkserver")
"""Forked from a process that has imported the product and runs no thread of ours."""
PROCESSES.set_forkserver_preload(["tests.faults.victim"])


@dataclass
class Scene:
    """What survives a process: the database, and Stripe."""

    environ: dict[str, str]
    wired: Wired
    simulator: Simulator
    clock: MovableClock

    def die(self, what: str, point: str, attempt_id: int = 0) -> None:
        """Have a process of the product do something, and be killed over it."""
        given = (self.environ, self.clock.now(), what, point, attempt_id)
        process = PROCESSES.Process(target=victim.live, args=given)
        process.start()
        process.join(60)
        assert process.exitcode == victim.DEAD

    def restart(self) -> None:
        """A while later the product runs again, and does what is due."""
        self.clock.advance(minutes=10)
        Worker(self.wired).drain()

    def told(self) -> None:
        """Stripe's webhooks come in."""
        [secret], database, tally = self.wired.settings.stripe_webhook_secrets, self.wired.database, self.wired.tally

        def deliver(body: bytes, headers: object) -> int:
            signature = dict(headers)["Stripe-Signature"]  # type: ignore[call-overload]
            kept = keep_webhook(database, body, signature, secrets=[secret], livemode=False, tally=tally)
            return 200 if kept else 400

        assert self.simulator.flush(deliver) > 0


@pytest.fixture
def scene(workshop: Workshop, engine_kind: str, tmp_path: Path) -> Iterator[Scene]:
    """A database and a simulator behind a real server, with a clock that only we move."""
    clock, (socket, url) = MovableClock(datetime.now(UTC)), bound_socket()
    with workshop.kinds[engine_kind].fresh() as database_url:
        environ = demo_environment({"QUITTANCE_HOME": str(tmp_path)}, simulator_url=url)
        environ["QUITTANCE_DATABASE_URL"] = database_url
        settings = read_settings(environ)
        secret = settings.stripe_webhook_secrets[0]
        simulator = create_simulator(clock=clock, webhook_url=url, webhook_secret=secret, public_url=url)
        simulator.webhooks.hold()
        with served(simulator.asgi, socket), wired(settings, clock) as everything:
            yield Scene(environ, everything, simulator, clock)
        simulator.close()


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_over_stripes_answer_ends_with_one_charge_and_one_posting(scene: Scene, point: str) -> None:
    database, debt = scene.wired.database, a_debt(scene.wired.database, "120.00")
    public_id, attempt_id = start(scene.wired, debt, "120.00")

    scene.die("open", point, attempt_id)
    assert (payment(scene.wired, public_id).checkout_id is not None) is (point == "after the commit")
    scene.restart()
    opened = payment(scene.wired, public_id)
    assert opened.checkout_id is not None
    assert len(scene.simulator.world.store.all("checkout.session")) == 1

    scene.simulator.pay_session(opened.checkout_id)
    scene.simulator.settle()
    scene.told()
    scene.die("work", point)
    assert ledger_owes(database, debt.account_id) == money("120" if point == "before the commit" else "0")
    scene.restart()

    with database.reading() as session:
        posted = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.kind == EntryKind.CARD_PAYMENT)
        assert session.scalar(posted) == 1
        assert check_books(session) == []
    assert ledger_owes(database, debt.account_id) == money("0")
    assert scene.simulator.charges_by_metadata("payment") == {public_id: 1}
    assert scene.simulator.truth().unsettled == {}
