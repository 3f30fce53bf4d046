"""Metadata: how a change of it is merged with what was there."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def merged(metadata: Json, change: Json | str) -> Json:
    """Metadata after a change: an empty value drops its key, an empty string drops all."""
    if not isinstance(change, dict):
        return {}
    return {key: value for key, value in (metadata | change).items() if value != ""}
