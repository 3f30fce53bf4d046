"""Problems: what cannot stand in a section, at which of its fields, and the bounds of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from domain.shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field: its name, a message id, and what fills it."""

    name: str
    text: str
    params: Mapping[str, object] = field(default_factory=dict)

    def refusal(self) -> Invalid:
        """The refusal that says so beside the field."""
        refused = Invalid(self.text, field=self.name)
        refused.params = dict(self.params)
        return refused


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most of a number, both included."""

    least: int | Decimal
    most: int | Decimal
