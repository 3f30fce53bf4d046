"""Delay: how many days late an account pays, weighted by amount, for the scorecard."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.receivables.delays import delays
from domain.shared.db.session import today
from domain.shared.money import half_even

LOOKED_BACK = timedelta(days=365)


def weighted_delay(session: Session, account_id: int) -> Decimal | None:
    """The weighted average delay of what was paid in the past year, to a tenth of a day; None where nothing was."""
    day = today(session)
    since = day - LOOKED_BACK
    found = delays(session, [since], day, [account_id])[account_id].get(since)
    return None if found is None else Decimal(half_even(found.days * 10)).scaleb(-1)
