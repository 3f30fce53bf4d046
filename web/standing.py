"""Standing: how an invoice stands today, as both sites say it."""

from __future__ import annotations

from datetime import date

from domain.receivables.model import InvoiceStatus
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.words import Words

SOON = 7
"""Days before the due date from which an invoice is *due soon*."""


def standing(row: AnyRow, today: date) -> tuple[str, Words]:
    """How an invoice stands today: the kind of its badge, and the fact in words."""
    if row.status is InvoiceStatus.VOID:
        return "void", Words.of(N_("Withdrawn"))
    if not row.open_minor:
        return "paid", Words.of(N_("Settled"))
    days = (row.due_on - today).days
    if days < 0:
        return "late", Words.of(N_("{days} days late"), days=-days) if days < -1 else Words.of(N_("1 day late"))
    if days == 0:
        return "soon", Words.of(N_("Due today"))
    if days == 1:
        return "soon", Words.of(N_("Due tomorrow"))
    if days <= SOON:
        return "soon", Words.of(N_("Due in {days} days"), days=days)
    return "open", Words.of(N_("Not yet due"))
