"""Soon: what is expected in the next weeks: the one source of the overview's number and of the rows that it opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.reporting.forecasting import making
from domain.reporting.forecasting.expecting import Method, mondays_of
from domain.reporting.sheets import keeping
from domain.shared.db.session import today
from domain.shared.money import Money

SOON = 4
"""So many weeks it is about: this one and those after it."""


@dataclass(frozen=True, slots=True)
class Soon:
    """What is expected by learned delay in each of the next weeks, by currency; `made_on` is the day it was reckoned.

    `is_kept` where that was not now: of long books it is the forecast that was kept last.
    """

    made_on: date
    is_kept: bool
    mondays: Sequence[date]
    weeks: Mapping[str, Sequence[Money]]

    def together(self, currency: str) -> Money | None:
        """All that is expected in these weeks; None where nothing is known in the currency."""
        weeks = self.weeks.get(currency)
        return None if weeks is None else sum(weeks, Money.zero(currency))


def soon(session: Session, day: date) -> Soon:
    """What is expected in the next weeks: reckoned now, or of long books by what was kept last until a day.

    Nothing in any currency where nothing was kept that reaches so far.
    """
    mondays = mondays_of(today(session))[:SOON]
    if not keeping.is_slow(session):
        live = {
            currency: [Money(minor, currency) for minor in found.weeks[Method.LEARNED][:SOON]]
            for currency, found in making.forecast(session).items()
        }
        return Soon(today(session), False, mondays, live)
    made_on, by_currency = making.kept_on(session, day) or (day, {})
    kept = {
        currency: [Money(methods[Method.LEARNED].get(monday, 0), currency) for monday in mondays]
        for currency, methods in by_currency.items()
        if mondays[-1] in methods[Method.LEARNED]
    }
    return Soon(made_on, True, mondays, kept)
