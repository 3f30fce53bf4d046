"""Fixtures of the tests of insolvencies across packages."""

from __future__ import annotations

import pytest

from tests.support.outside import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    """Keeps claims in memory."""
    return MemoryStore()
