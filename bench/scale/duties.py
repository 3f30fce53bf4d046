"""Duties: what the worker does over the whole crowd, once, and how long each takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

from app.handlers.weighing import Weigher
from domain.shared.db.session import Database


def work_off(database: Database) -> Mapping[str, float]:
    """Do what reports and lists live on, until nothing is left; the seconds that each took."""
    weigher = Weigher(database)
    turns: dict[str, Callable[[], int]] = {"places on the worklist": weigher.weigh_due}
    taken = {}
    for words, turn in turns.items():
        began = perf_counter()
        while turn():
            pass
        taken[words] = perf_counter() - began
    return taken
