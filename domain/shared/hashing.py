"""Hashing: the one text of a value that hashes commit to, so that anybody can compute them again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

ENCODER = json.JSONEncoder(separators=(",", ":"), sort_keys=True, ensure_ascii=False, allow_nan=False)


def canonical(content: object) -> str:
    """`content` as the one JSON text that is hashed: no spaces, keys sorted, letters unescaped."""
    return ENCODER.encode(content)


def instant_text(instant: datetime) -> str:
    """An instant as it is hashed: UTC with six decimal places, whatever zone it was given in."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def row_hash(table: str, values: Sequence[object]) -> bytes:
    """SHA-256 over the JSON array of a table's name and a row's values in a fixed order (UTF-8).

    Instants stand in UTC with six places, days as ISO dates, bytes as hexadecimal digits.
    """
    return sha256(canonical([table, *map(_hashable, values)]).encode()).digest()


def salted_digest(salt: bytes, payload: str) -> bytes:
    """SHA-256(salt ‖ payload in UTF-8): proves a payload while it is there, and says nothing once both are erased."""
    return sha256(salt + payload.encode()).digest()


def _hashable(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value
