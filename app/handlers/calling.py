"""Calling: some days after nobody was reached, the next call is decided on, or held back."""

from __future__ import annotations

from app.wired import Wired
from domain.dunning.calling_again import call_again
from domain.notices.messages import CallAgain
from domain.shared.actor import WORKER


def call_once_more(wired: Wired, message: CallAgain) -> None:
    """Have somebody call again, where that is still right; safe to repeat."""
    with wired.database.transaction() as session:
        call_again(session, message.call_id, message.invoice_ids, actor=WORKER)
