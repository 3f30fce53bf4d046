"""Percent: a rate inside a sentence, to be written the local way: 4%, or 4 % where a language parts the two."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Percent:
    """A rate given in per cent: 11.75 is 11.75%."""

    value: Decimal

    def __str__(self) -> str:
        return f"{self.value}%"
