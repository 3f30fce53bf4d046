"""Reminder views: what was said last about each open invoice of an account, what comes next, and what holds it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.dunning.queries import next_steps
from domain.notices.model import HELD_BACK_NAMES
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES


@dataclass(frozen=True, slots=True)
class ReminderView:
    """One open invoice: its last reminder and when, the next one, by what and when at the earliest, or why none."""

    invoice_id: int
    number: str
    due_on: date
    last: str | None
    reached_on: date | None
    coming: str | None
    channel: str | None
    on: date | None
    held: str | None


def reminder_views(session: Session, account_id: int) -> list[ReminderView]:
    """Every open invoice of an account, the longest due first."""
    return [
        ReminderView(
            invoice_id=each.invoice_id,
            number=each.number,
            due_on=each.due_on,
            last=WORDING_NAMES[each.last] if each.last else None,
            reached_on=each.reached_on,
            coming=WORDING_NAMES[each.coming.wording] if each.coming else None,
            channel=CHANNEL_NAMES[each.coming.channel] if each.coming else None,
            on=each.on,
            held=HELD_BACK_NAMES[each.held] if each.held else None,
        )
        for each in next_steps(session, account_id).values()
    ]
