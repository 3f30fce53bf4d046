"""Proving: the figure that a proof leaves behind, for the table of the faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Prove: TypeAlias = Callable[[int, str, str], None]
"""Keep the fault's number, what was tried, and what came out."""
