"""Fixtures of the tests of acts on payment plans."""

from __future__ import annotations

import pytest

from tests.support.outside import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    """Keeps files in memory."""
    return MemoryStore()
