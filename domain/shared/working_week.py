"""Working week: when people of the business are there, by its settings and the public holidays of its country."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.shared.db.session import business
from domain.shared.public_holidays import Closed, closed_days
from domain.shared.working_time import WorkingWeek


def working_week(session: Session) -> WorkingWeek:
    """When people of the business are there to answer."""
    ours = business(session)
    return WorkingWeek(ours.opens, ours.closes, ours.time_zone, Closed(closed_days(ours.country), ours.closed))
