"""The duty that learns every night and keeps a forecast every week: once, however often it has its turn."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.handlers.forecasting import look_ahead
from app.wired import Wired
from domain.reporting.forecasting.expecting import WEEKS, Method
from domain.reporting.kept.model import DELAYS, FORECASTS
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from tests.support.builders import a_receipt, an_account, an_invoice

A_WEEK = WEEKS * len(Method)


def test_it_learns_every_night_and_forecasts_every_week(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        account = an_account(session)
        day = today(session) - timedelta(days=3)
        invoice = an_invoice(session, account, "100", issued_on=day, due_on=day)
        a_receipt(session, account, "60", day, invoice)

    assert look_ahead(wired) == 1 + A_WEEK
    assert look_ahead(wired) == 0
    clock.advance(days=1)
    assert look_ahead(wired) == 1 + (A_WEEK if clock.now().weekday() == 0 else 0)
    clock.advance(days=7)
    assert look_ahead(wired) == 1 + A_WEEK

    with wired.database.reading() as session:
        assert session.scalars(select(DELAYS.c.learned_on)).all() == [today(session)]
        assert len(set(session.scalars(select(FORECASTS.c.made_on)))) >= 2
