"""Fixtures of the tests of agents' money."""

from __future__ import annotations

import pytest

from tests.support.outside import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    """Keeps the claims of a year in memory."""
    return MemoryStore()
