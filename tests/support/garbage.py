"""Garbage: a run of tests makes a million objects that all stay; they are not searched through again and again."""

from __future__ import annotations

import gc


def pytest_collection() -> None:
    """Do not search for garbage while a million objects are made that all stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of the search for garbage from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()
