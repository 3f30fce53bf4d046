"""Chunking: many things a part at a time, because databases limit what one statement may bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

AT_ONCE = 2_000
"""How many keys are asked for in one query."""

One = TypeVar("One")


def chunks(all_of_them: Sequence[One], at_once: int = AT_ONCE) -> Iterator[Sequence[One]]:
    """All of them in their order, at most so many at a time."""
    for start in range(0, len(all_of_them), at_once):
        yield all_of_them[start : start + at_once]
