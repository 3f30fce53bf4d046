"""Extension: a later due day as the page of its invoice shows it, on either site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.receivables.model import Extension
from domain.shared.actor import ActorKind


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """When an invoice was due before; `reason` is what staff wrote, for staff only."""

    was_due_on: date
    granted_on: date
    is_by_customer: bool
    reason: str


def extension_view(extension: Extension | None) -> ExtensionView | None:
    """An extension as templates want it, where there is one."""
    if extension is None:
        return None
    by_customer = extension.actor_kind == ActorKind.LOGIN
    return ExtensionView(extension.was_due_on, extension.granted_on, by_customer, extension.reason)
