"""Hledger reads our journal in one test: it is the Debian package where we are root, else that test is skipped."""

from __future__ import annotations

import os
import shutil

from scripts.steps import StepFailed, run

STEP = "hledger"


def install_if_possible() -> None:
    """Install it; where that cannot be done, leave the machine as it is: the test says that it was skipped, and why."""
    if shutil.which("hledger") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    try:
        run(
            STEP,
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", "hledger"],
            env={"DEBIAN_FRONTEND": "noninteractive"},
        )
    except StepFailed as problem:
        print(f"hledger could not be installed, so one test will be skipped: {problem}")
