"""Delay: how many days late an account pays, or has not paid yet, weighted by amount, for the scorecard."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.receivables.delays import delays, open_delays, with_open
from domain.shared.db.session import today
from domain.shared.money import half_even

LOOKED_BACK = timedelta(days=365)


def weighted_delay(session: Session, account_id: int) -> Decimal | None:
    """The weighted average delay of what was paid in the past year and of what is overdue, to a tenth of a day.

    None where there is neither. What is overdue counts as if it were paid today.
    """
    day = today(session)
    since = day - LOOKED_BACK
    paid = delays(session, [since], day, [account_id]).get(account_id, {}).get(since)
    found = with_open(paid, open_delays(session, day, [account_id]).get(account_id))
    return None if found is None else Decimal(half_even(found.days * 10)).scaleb(-1)
