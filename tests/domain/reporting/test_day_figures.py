"""Day figures: kept once a night for yesterday and the month ends before it, and read from there."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from domain.reporting.figures_sheet import values_of
from domain.reporting.kept import day_figures
from domain.reporting.kept.day_figures import Figure, figures_on, kept_of
from domain.reporting.kept.model import DAY_FIGURES
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.money import Money
from tests.support.builders import a_receipt, an_account, an_invoice, money


def books(db: Database) -> date:
    """Two invoices of January and February in pounds, one in dollars, one partly paid; the day it is."""
    with db.transaction() as session:
        account = an_account(session)
        late = an_invoice(session, account, "300", issued_on=date(2026, 1, 5), due_on=date(2026, 2, 4))
        an_invoice(session, account, "120", issued_on=date(2026, 2, 20))
        an_invoice(session, an_account(session, currency="USD"), "80", issued_on=date(2026, 2, 1))
        a_receipt(session, account, "100", date(2026, 2, 14), late)
        return today(session)


def test_a_night_keeps_yesterday_and_the_month_ends_since_the_first_invoice(db: Database) -> None:
    day = books(db)

    made, again = day_figures.take_due(db), day_figures.take_due(db)

    with db.reading() as session:
        days = set(session.scalars(select(DAY_FIGURES.c.day)))
        kept = kept_of(session, days)
        reckoned = {each: figures_on(session, each) for each in days}
    assert (made, again) == (3, 0)
    assert days == {date(2026, 1, 31), date(2026, 2, 28), day - timedelta(days=1)}
    assert kept == {
        currency: {each: found[currency] for each, found in reckoned.items() if currency in found}
        for currency in ("GBP", "USD")
    }


def test_what_came_in_late_is_in_the_figures_of_the_next_night(db: Database, clock: MovableClock) -> None:
    books(db)
    day_figures.take_due(db)
    with db.transaction() as session:
        an_invoice(session, an_account(session), "50", issued_on=date(2026, 2, 27))
        rows = session.scalar(select(func.count()).select_from(DAY_FIGURES))
    clock.advance(days=1)

    day_figures.take_due(db)

    with db.reading() as session:
        february = kept_of(session, [date(2026, 2, 28)])["GBP"][date(2026, 2, 28)]
        after = session.scalar(select(func.count()).select_from(DAY_FIGURES))
    assert february.get(Figure.RECEIVABLE) == money("370.00")
    assert rows is not None
    assert after is not None
    assert after > rows


def test_past_days_are_read_as_they_were_kept_and_today_is_reckoned(db: Database) -> None:
    day = books(db)
    day_figures.take_due(db)
    with db.transaction() as session:
        kept_value = DAY_FIGURES.update().where(DAY_FIGURES.c.name == Figure.RECEIVABLE.value).values(value_minor=1)
        session.execute(kept_value)

        found = values_of(session, [date(2026, 2, 28), day])["GBP"]

    assert found[date(2026, 2, 28)].get(Figure.RECEIVABLE) == Money(1, "GBP")
    assert found[day].get(Figure.RECEIVABLE) == money("320.00")


def test_without_an_invoice_there_is_nothing_to_keep(db: Database) -> None:
    assert day_figures.take_due(db) == 0
