"""Chunking: keys that are asked for a part at a time, because databases limit what one statement may bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

AT_ONCE = 2_000
"""How many keys are asked for in one query."""


def chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The keys, as many at a time as one query asks for."""
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
