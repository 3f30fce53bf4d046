"""Naming: how placements and their commission are called, from values alone."""

from __future__ import annotations

import re
from decimal import Decimal

REFERENCE = re.compile(r"HO-(\d{6,18})", re.ASCII)


def reference_of(placement_id: int) -> str:
    """How we and the partner name a placement, such as HO-000123."""
    return f"HO-{placement_id:06}"


def named(reference: str) -> int:
    """The placement that a reference names; 0, which is none, where it names nothing."""
    found = REFERENCE.fullmatch(reference.strip())
    return int(found[1]) if found and reference_of(int(found[1])) == reference.strip() else 0


def percent_of(rate_bp: int) -> Decimal:
    """Basis points as the per cent that people read: 2,500 are 25, and 1,250 are 12.5."""
    return (Decimal(rate_bp) / 100).normalize() + 0
