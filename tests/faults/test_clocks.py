"""Fault 8: clocks jump and change, months end: no day is billed twice, none is missed, no claim stays for ever."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.worker import Worker
from domain.payments.model import Payment, PaymentClaim
from domain.receivables.model import Invoice
from domain.shared.clock import MovableClock, start_of_day
from domain.shared.db.session import Database
from tests.faults.conftest import Prove
from tests.faults.scene import Scene, a_scene
from tests.support.builders import money
from tests.support.collecting import Days, Payer, a_payer, collection_of, keep_a_card, owes, turn_on
from tests.support.house import ledger_owes
from tests.support.paying import a_debt, open_minor
from tests.support.simulated import open_page

LEAP_DAY = date(2028, 2, 27)
"""2028 is a leap year."""
PERIODS = {
    "a leap day": (LEAP_DAY, 5),
    "clocks go forward": (date(2028, 3, 24), 5),
    "the end of a month": (date(2028, 4, 28), 5),
    "clocks go back": (date(2028, 10, 27), 5),
    "the end of a year": (date(2028, 12, 29), 6),
}


@pytest.fixture
def scene(committed_db: Database, clock: MovableClock, tmp_path: Path) -> Iterator[Scene]:
    """The product, shortly before those days."""
    clock.move_to(datetime(2028, 1, 10, 12, tzinfo=UTC))
    with a_scene(committed_db, clock, tmp_path) as found:
        found.simulator.webhooks.resume()
        yield found
        found.expect_whole_books()


def live_through(scene: Scene, payer: Payer, first: date, days: int, seed: int) -> list[int]:
    """An invoice is due on each of the days, while the clock jumps on, and back by up to two hours."""
    chance, clock = random.Random(seed), scene.clock
    everything = Days(scene.wired, scene.simulator, clock, scene.deliver)
    due = [first + timedelta(days=number) for number in range(days)]
    clock.move_to(max(clock.now(), datetime.combine(first - timedelta(days=8), datetime.min.time(), UTC)))
    invoices = [owes(scene.wired, payer, "12.00", day) for day in due]
    end = datetime.combine(due[-1] + timedelta(days=2), datetime.min.time(), UTC)
    while clock.now() < end:
        everything.settle()
        clock.advance(minutes=chance.choice([-120, -45, 90, 400, 700, 1300]))
    everything.settle()
    return invoices


@pytest.mark.parametrize(
    "names", [["a leap day"], pytest.param(list(PERIODS), marks=pytest.mark.faults)], ids=["sample", "in full"]
)
def test_each_invoice_is_taken_once_and_never_before_its_day(scene: Scene, names: list[str], prove: Prove) -> None:
    days = Days(scene.wired, scene.simulator, scene.clock, scene.deliver)
    payer = a_payer(scene.wired)
    turn_on(days, payer, keep_a_card(days, payer))

    invoices = [one for seed, name in enumerate(names) for one in live_through(scene, payer, *PERIODS[name], seed)]

    taken = scene.simulator.truth().charges
    prove(8, f"clock jumps over {', '.join(names)}: {len(invoices)} invoices taken automatically", "0 twice, 0 missed")
    assert len(taken) == len(invoices)
    assert set(taken.values()) == {1}
    assert [open_minor(scene.wired.database, invoice) for invoice in invoices] == [0] * len(invoices)
    zone = scene.wired.database.business.time_zone
    for invoice in invoices:
        found = collection_of(scene.wired, invoice)
        with scene.wired.database.reading() as session:
            day = session.get_one(Invoice, invoice).due_on
            paid_at = session.get_one(Payment, found.payment_id).occurred_at
        assert paid_at is not None
        assert paid_at >= start_of_day(day, zone)


@pytest.mark.parametrize("hours", [-1, 2, 24 * 40])
def test_a_claim_ends_whichever_way_the_clock_jumps(scene: Scene, hours: int, prove: Prove) -> None:
    debt = a_debt(scene.wired.database, "120.00")
    open_page(scene.wired, debt, "120.00")

    scene.clock.advance(hours=hours)
    Worker(scene.wired).drain()
    scene.clock.advance(hours=3)
    scene.simulator.settle()
    Worker(scene.wired).drain()

    with scene.wired.database.reading() as session:
        live = session.scalars(select(PaymentClaim).where(PaymentClaim.released_at.is_(None))).all()
    prove(8, f"clock jumps {hours} hours while somebody pays", f"{len(live)} claims left")
    assert live == []
    assert ledger_owes(scene.wired.database, debt.account_id) == money("120")
