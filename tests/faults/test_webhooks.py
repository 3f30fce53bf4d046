"""Faults 2 and 3: webhooks that come twice, in any order or never lead to the same end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.handlers.backfilling import backfill, look_at_unfinished
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.faults.conftest import Prove
from tests.faults.six_events import ENDS, EVENTS, ORDERS, Life, Orders, Tree, a_life

MASKS = range(2 ** len(EVENTS))
SAMPLE = tuple(sorted(random.Random(2).sample(ORDERS, 8)))
"""With each of their events doubled or not, 512 ends."""


@pytest.fixture
def life(db: Database, clock: MovableClock, tmp_path: Path) -> Iterator[Life]:
    """The life of which six events tell, none of which has come."""
    with a_life(db, clock, tmp_path) as found:
        yield found


def expected(life: Life) -> dict[str, list[str]]:
    """How everything stands when each event came when it was made."""
    connection = bound(life)
    nested = connection.begin_nested()
    for number in EVENTS:
        life.apply(life.then, number)
    stands = life.scene.stands()
    life.scene.expect_whole_books()
    nested.rollback()
    return stands


def bound(life: Life) -> Connection:
    """The one connection on which everything happens."""
    bind = life.scene.wired.database.bind
    assert isinstance(bind, Connection)
    return bind


def walked(life: Life, seen: str, orders: Orders) -> tuple[int, Tree]:
    """Walk these orders; how many ends were reached."""
    applies = life.then if seen == "as it was then" else life.now
    tree = Tree(life, applies, bound(life), expected(life))
    return tree.ends(orders), tree


@pytest.mark.parametrize("seen", ["as it was then", "as it is now"])
def test_a_sample_of_doubled_webhooks_in_any_order_ends_in_the_same_books(life: Life, seen: str) -> None:
    ends, tree = walked(life, seen, SAMPLE)

    assert ends == len(SAMPLE) * 2 ** len(EVENTS)
    assert tree.wrong == []


@pytest.mark.faults
@pytest.mark.parametrize("seen", ["as it was then", "as it is now"])
def test_doubled_webhooks_in_every_order_end_in_the_same_books(life: Life, seen: str, prove: Prove) -> None:
    ends, tree = walked(life, seen, ORDERS)

    right = ends if not tree.wrong else 0
    prove(2, f"webhooks twice, in any order; objects seen {seen}", f"{right:,} of {ENDS:,} ends the same")
    assert ends == ENDS
    assert tree.wrong == []


def dropped_and_found(life: Life, mask: int) -> dict[str, list[str]]:
    """Some of the events are lost, for more than the month for which the processor keeps them; then we walk."""
    scene, began = life.scene, life.scene.clock.now()
    nested, kept = bound(life).begin_nested(), scene.simulator.snapshot()
    for number in EVENTS:
        if not mask >> number & 1:
            life.apply(life.then, number)
    scene.later(days=31)
    assert backfill(scene.wired).left == []
    look_at_unfinished(scene.wired)
    stands = scene.stands()
    scene.expect_whole_books()
    nested.rollback()
    scene.clock.move_to(began)
    scene.simulator.restore(kept)
    return stands


def test_a_sample_of_lost_webhooks_is_made_good_by_walking_the_processor(life: Life) -> None:
    whole = expected(life)

    assert [dropped_and_found(life, mask) for mask in (63, 21, 42)] == [whole] * 3


@pytest.mark.faults
def test_whatever_webhooks_are_lost_walking_the_processor_makes_them_good(life: Life, prove: Prove) -> None:
    whole = expected(life)

    restored = sum(dropped_and_found(life, mask) == whole for mask in MASKS)
    prove(3, "webhooks lost for 31 days, then the backfill", f"{restored} of {len(MASKS)} restored")
    assert restored == len(MASKS)
