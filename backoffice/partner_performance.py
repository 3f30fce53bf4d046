"""Partner performance: what came of the debts sent to a partner in the last two years, for its page."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.reporting.handoff_figures import By, Row, What, sent_in
from domain.reporting.handoff_sheet import NAME
from domain.reporting.sheets.asking import period
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.months import months_later

USUAL_MONTHS = 12
ONE_DAY = timedelta(days=1)


def performance(session: Session, partner_id: int) -> list[tuple[str, Row, str]]:
    """What came of the debts sent to a partner in the last twelve months and in the twelve before, for its page.

    Each with what its period is called and where the report of it is; without anything sent in either, none.
    """
    day = today(session)
    edges = [day, months_later(day, -USUAL_MONTHS), months_later(day, -2 * USUAL_MONTHS)]
    periods = [
        (N_("Sent in the last twelve months"), edges[1], edges[0]),
        (N_("Sent in the twelve months before"), edges[2], edges[1]),
    ]
    found = []
    for words, after, last in periods:
        first = after + ONE_DAY
        row = Row(str(partner_id), sent_in(session, first, last, partner_id=partner_id))
        asked = period(first, last, by=By.PARTNER.value)
        href = asked.behind(NAME, What.SENT.value, key=partner_id)
        found.append((words, row, href))
    return found if any(row.found for _, row, _ in found) else []
