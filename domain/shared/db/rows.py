"""The type of what a read path returns: Core rows, whose columns are read by name."""

from collections.abc import Sequence
from typing import Any

AnyRow = Any
"""One Core row."""
AnyRows = Sequence[Any]
"""Several of them."""
