"""Naming: how legal cases are called."""

from __future__ import annotations


def reference_of(case_id: int) -> str:
    """How we name a case, such as LC-000123; the court's own number is another."""
    return f"LC-{case_id:06}"
