"""A month on the simulator: at its end everything adds up to the cent, also for hledger and beancount."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.handlers.backfilling import backfill
from app.handlers.tying import tie_out
from domain.payments.model import Payment, PaymentStatus
from domain.reporting.journal import JournalFormat
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.faults.conftest import Prove
from tests.faults.month import Month
from tests.faults.scene import Scene, a_scene
from tests.support.journals import beancounts, hledgers, ours, written


def lived(scene: Scene, days: int, payments_a_day: int) -> Month:
    """So many days are lived through, and what no webhook told of is found at the end."""
    month = Month(scene, seed=11)
    month.live(days, payments_a_day)
    backfill(scene.wired)
    return month


def assert_all_adds_up(scene: Scene, folder: Path) -> None:
    """The books are whole; Stripe, clearing and allocations are the same money; other programs find our balances."""
    scene.expect_whole_books()
    last = scene.clock.now().date()
    found = tie_out(scene.wired, last - timedelta(days=60), last)
    assert found.adds_up, (found.gaps, found.missing)
    assert all(payout.difference.minor == 0 for payout in found.payouts)
    database = scene.wired.database
    assert beancounts(written(database, JournalFormat.BEANCOUNT)) == ours(database)
    if program := shutil.which("hledger"):
        assert hledgers(written(database, JournalFormat.HLEDGER), program, folder) == ours(database)


def test_some_days_of_every_kind_of_payment_add_up_to_the_cent(
    committed_db: Database, clock: MovableClock, tmp_path: Path
) -> None:
    with a_scene(committed_db, clock, tmp_path) as scene:
        lived(scene, 2, 6)

        assert_all_adds_up(scene, tmp_path)


@pytest.mark.faults
def test_a_month_of_every_kind_of_payment_adds_up_to_the_cent(
    committed_db: Database, clock: MovableClock, tmp_path: Path, prove: Prove
) -> None:
    with a_scene(committed_db, clock, tmp_path) as scene:
        month = lived(scene, 30, 18)
        with committed_db.reading() as session:
            made = session.scalar(select(func.count()).where(Payment.id.is_not(None))) or 0
            arrived = session.scalar(select(func.count()).where(Payment.status == PaymentStatus.SUCCEEDED)) or 0

        assert_all_adds_up(scene, tmp_path)
    print(dict(sorted(month.did.items())))
    often = min(month.did[name] for name in ("chargeback won", "chargeback lost", "payout failed", "refund came back"))
    prove(
        3, f"a month: {made} payments, {arrived} arrived, {month.did['webhooks lost']} webhooks lost", "0.00 not tied"
    )
    assert made >= 500
    assert often > 3
