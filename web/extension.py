"""Extension: a later due day as the page of its invoice shows it, on either site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.receivables.model import Extension


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """When an invoice was due before; `reason` is what staff wrote, for staff only."""

    was_due_on: date
    granted_on: date
    reason: str


def extension_view(extension: Extension | None) -> ExtensionView | None:
    """An extension as templates want it, where there is one."""
    if extension is None:
        return None
    return ExtensionView(extension.was_due_on, extension.granted_on, extension.reason)
