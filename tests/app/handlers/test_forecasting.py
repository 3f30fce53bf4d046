"""The duty that learns every night and keeps a forecast every week: once, however often it has its turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers.forecasting import Forecaster
from app.wired import Wired
from domain.reporting.forecasting import learning, making
from domain.reporting.forecasting.expecting import WEEKS, Method
from domain.reporting.kept.model import DELAYS, FORECASTS
from domain.shared.clock import MovableClock
from domain.shared.db.engine import WRITES
from domain.shared.db.session import today
from tests.support.builders import a_receipt, an_account, an_invoice

A_WEEK = WEEKS * len(Method)


def test_it_learns_every_night_and_forecasts_every_week(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        account = an_account(session)
        day = today(session) - timedelta(days=3)
        invoice = an_invoice(session, account, "100", issued_on=day, due_on=day)
        a_receipt(session, account, "60", day, invoice)

    forecaster = Forecaster(wired.database)
    assert forecaster.look_ahead() == 1 + A_WEEK
    assert forecaster.look_ahead() == 0
    clock.advance(days=1)
    assert forecaster.look_ahead() == 1 + (A_WEEK if clock.now().weekday() == 0 else 0)
    clock.advance(days=7)
    assert forecaster.look_ahead() == 1 + A_WEEK

    with wired.database.reading() as session:
        assert session.scalars(select(DELAYS.c.learned_on)).all() == [today(session)]
        assert len(set(session.scalars(select(FORECASTS.c.made_on)))) >= 2


def test_where_nobody_has_paid_accounts_are_gone_through_once_a_day(
    wired: Wired, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wired.database.transaction() as session:
        an_invoice(session, an_account(session), "100")
    passes, real = [], learning.accounts_after

    def counted(session: Session, after: int, most: int) -> Sequence[int]:
        passes.append(after)
        return real(session, after, most)

    monkeypatch.setattr(learning, "accounts_after", counted)
    forecaster = Forecaster(wired.database)

    forecaster.look_ahead()
    first_day = list(passes)
    forecaster.look_ahead()
    same_day = list(passes)
    clock.advance(days=1)
    forecaster.look_ahead()

    assert first_day[0] == 0
    assert same_day == first_day
    assert passes == first_day * 2


def test_neither_reads_the_books_while_it_holds_up_whoever_writes(
    wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wired.database.transaction() as session:
        account = an_account(session)
        day = today(session) - timedelta(days=3)
        a_receipt(session, account, "60", day, an_invoice(session, account, "100", issued_on=day, due_on=day))
    writing: list[bool] = []
    for module, name in ((learning, "learned_of"), (making, "forecast")):
        monkeypatch.setattr(module, name, _watched(getattr(module, name), writing))

    assert Forecaster(wired.database).look_ahead() == 1 + A_WEEK

    assert writing == [False, False]


def _watched(read: Callable[..., Any], writing: list[bool]) -> Callable[..., Any]:
    def act(session: Session, *given: object) -> Any:
        writing.append(session.connection().get_execution_options()[WRITES])
        return read(session, *given)

    return act
