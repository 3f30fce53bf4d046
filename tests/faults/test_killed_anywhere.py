"""Fault 1: wherever the process dies on the way of any money, a restart ends with everything having happened once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from adapters.stripe.gateway import StripeGateway
from app.worker import Worker
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.faults.chapters import CHAPTERS, Chapter
from tests.faults.conftest import Prove
from tests.faults.plan_chapters import PLAN_CHAPTERS
from tests.faults.scene import Scene, a_scene

ALL = CHAPTERS | PLAN_CHAPTERS
FIRST, STEP = {"sqlite": 3, "postgresql": 13}, 40
"""The sample of every run: each engine dies at other points than the other does."""


class Killed(BaseException):
    """The process is gone: nothing of ours catches this, as nothing catches a kill."""


class Points:
    """The places where the process can die, counted as they are passed; the `fatal`th kills, once."""

    def __init__(self) -> None:
        self.passed = 0
        self.fatal = 0

    def arm(self, fatal: int) -> None:
        """Begin to count anew."""
        self.passed, self.fatal = 0, fatal

    def passing(self, *_: object) -> None:
        """One place."""
        self.passed += 1
        if self.passed == self.fatal:
            raise Killed


@pytest.fixture
def points() -> Points:
    return Points()


@pytest.fixture
def statements() -> Points:
    return Points()


@pytest.fixture
def scene(
    committed_db: Database,
    clock: MovableClock,
    tmp_path: Path,
    points: Points,
    statements: Points,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Scene]:
    """Everything, with places to die: around every commit and every call to Stripe, and before every statement."""
    commit = Session.commit

    def dangerous(session: Session) -> None:
        points.passing()
        commit(session)
        points.passing()

    monkeypatch.setattr(Session, "commit", dangerous)
    assert isinstance(committed_db.bind, Engine)
    event.listen(committed_db.bind, "before_cursor_execute", statements.passing)
    with a_scene(committed_db, clock, tmp_path) as found:
        client = found.simulator.http_client()
        call = client.request

        def request(*given: Any, **named: Any) -> Any:
            points.passing()
            answer = call(*given, **named)
            points.passing()
            return answer

        client.request = request  # type: ignore[method-assign]
        gateway = StripeGateway("sk_test_simulated", http_client=client)
        yield replace(found, wired=replace(found.wired, processor=gateway))
        gateway.close()
        points.arm(0)
        statements.arm(0)
        found.expect_whole_books()


def dies_and_goes_on(chapter: Chapter, points: Points, fatal: int) -> bool:
    """Die at the point, start anew, and see that all happened once; False when there is no such point any more."""
    points.arm(fatal)
    try:
        chapter.act()
    except Killed:
        points.arm(0)
    else:
        points.arm(0)
        return False
    for _ in range(2):
        chapter.scene.later(minutes=10)
        Worker(chapter.wired).drain()
        chapter.act()
    chapter.assert_once()
    return True


def walk(scene: Scene, name: str, points: Points, *, first: int = 1, step: int = 1) -> int:
    """Die at every `step`th point from the `first` on, each time in a chapter of its own; how many points it were."""
    tried = 0
    while True:
        scene.clock.advance(seconds=5)
        if not dies_and_goes_on(ALL[name](scene), points, first + tried * step):
            return tried
        tried += 1


@pytest.mark.parametrize("name", ALL)
def test_a_kill_at_a_few_points_ends_with_everything_done_once(
    scene: Scene, name: str, points: Points, engine_kind: str
) -> None:
    assert walk(scene, name, points, first=FIRST[engine_kind], step=STEP) >= 1


@pytest.mark.faults
@pytest.mark.parametrize("name", ALL)
def test_a_kill_around_every_commit_and_call_ends_with_everything_done_once(
    scene: Scene, name: str, points: Points, prove: Prove
) -> None:
    tried = walk(scene, name, points)

    prove(1, f"killed around every commit and call: {name}", f"{tried} of {tried} points, 0 lost, 0 doubled")
    assert tried > 5


@pytest.mark.faults
@pytest.mark.parametrize("name", ALL)
def test_a_kill_before_a_statement_ends_with_everything_done_once(
    scene: Scene, name: str, statements: Points, prove: Prove
) -> None:
    tried = walk(scene, name, statements, first=1, step=17)

    prove(1, f"killed before every 17th statement: {name}", f"{tried} of {tried} points, 0 lost, 0 doubled")
    assert tried > 2
