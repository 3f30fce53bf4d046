"""IBM's public sample of late payment histories: tried in full where somebody has it, and said aloud where not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME = "ibm-late-payment-histories.csv"
VARIABLE = "IBM_LATE_PAYMENTS"


def _found() -> Path | None:
    """The file that the environment names, or one in a folder `data` beside the checkout."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else next(ROOT.parent.glob(f"*/data/{NAME}"), None)


IBM = _found() or Path(NAME)
IBM_MAPPING = ROOT / "docs" / "examples" / "ibm.toml"
needs_ibm = pytest.mark.skipif(not IBM.exists(), reason=f"{VARIABLE} does not name IBM's sample (docs/development.md)")
