"""Situations: all that can be practised, by key, in the order in which they are offered."""

from __future__ import annotations

from typing import Final

from domain.practice.situation import Situation
from domain.practice.situations import agreeing, contested, letters, paying, people

_GROUPS: Final = (
    paying.SITUATIONS,
    agreeing.SITUATIONS,
    contested.SITUATIONS,
    people.SITUATIONS,
    letters.SITUATIONS,
)
ALL: Final[dict[str, Situation]] = {one.key: one for group in _GROUPS for one in group}
"""Every situation by its key."""
