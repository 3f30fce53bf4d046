"""Policy kinds: what a field of a section's form is, and how it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.shared.errors import N_


class Kind(StrEnum):
    """How a field is typed and read."""

    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    CHOICE = "choice"
    YES = "yes"
    CODE = "code"
    DAYS = "days"
    BOXES = "boxes"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the section, its label and hint, its options by key, whether it may be left empty."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    is_optional: bool = False


BOUNDED_AT_NOTHING = N_("Leave it empty for no bound.")
