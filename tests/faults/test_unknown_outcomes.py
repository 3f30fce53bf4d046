"""Faults 6 and 7: time-outs, cut connections, saved errors and forgotten keys, for everything that we ask Stripe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.faults.acts import ACTS, TROUBLES, Trouble
from tests.faults.conftest import Prove
from tests.faults.scene import Scene, a_scene


@pytest.fixture
def scene(committed_db: Database, clock: MovableClock, tmp_path: Path) -> Iterator[Scene]:
    """The product on a database that really commits; at the end all is told, and the books are whole."""
    with a_scene(committed_db, clock, tmp_path) as found:
        yield found
        found.simulator.settle()
        found.told()
        found.expect_whole_books()


def in_trouble(scene: Scene, act: str, troubles: Sequence[Trouble]) -> tuple[list[str], list[str]]:
    """Ask in each trouble; in which of them we never knew, and in which it happened more than once."""
    unknown, doubled = [], []
    for trouble in troubles:
        known = ACTS[act](scene, trouble)
        unknown += [] if known.resolved else [trouble.name]
        doubled += [trouble.name] if known.times > 1 else []
    return unknown, doubled


@pytest.mark.parametrize("act", ACTS)
def test_a_line_that_is_cut_once_it_was_done_is_found_out(scene: Scene, act: str) -> None:
    assert in_trouble(scene, act, TROUBLES[:1]) == ([], [])


@pytest.mark.faults
@pytest.mark.parametrize(("fault", "kind"), [(6, "cut"), (7, "answer")])
@pytest.mark.parametrize("act", ACTS)
def test_whatever_goes_wrong_with_a_call_we_find_out_what_became_of_it(
    scene: Scene, act: str, fault: int, kind: str, prove: Prove
) -> None:
    troubles = [trouble for trouble in TROUBLES if trouble.kind == kind]

    unknown, doubled = in_trouble(scene, act, troubles)

    names = ", ".join(trouble.name for trouble in troubles)
    known = len(troubles) - len(unknown)
    prove(fault, f"{act}: {names}", f"{known} of {len(troubles)} resolved, {len(doubled)} doubled")
    assert (unknown, doubled) == ([], [])
