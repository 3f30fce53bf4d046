"""Report overview: a manager's answers on one page, each with its small line and its report; and all reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from litestar import Response, get
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.fair_treatment_views import PATH as FAIR_TREATMENT
from backoffice.report_charts import Spark, spark
from domain.reporting.figures_sheet import FIGURES, href_of
from domain.reporting.forecasting.sheet import next_weeks_href
from domain.reporting.forecasting.soon import SOON, Soon, soon
from domain.reporting.kept.day_figures import (
    FIGURE_KINDS,
    FIGURE_NAMES,
    ONE_DAY,
    DayValues,
    Figure,
    figures_on,
    kept_of,
    month_ends,
)
from domain.reporting.sheets import keeping
from domain.reporting.sheets.asking import HREF, as_of
from domain.reporting.sheets.registry import REPORTS
from domain.reporting.sheets.report import GROUP_NAMES, Group, Report
from domain.reporting.sheets.values import Kind
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.home import home_first
from domain.shared.money import Money
from domain.shared.words import Speaking
from domain.staff.permissions import Permission, may
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

MONTHS = 12
"""So many month ends a small line shows, and the newest day."""
ANSWERS = (
    Figure.RECEIVABLE,
    Figure.LATE,
    Figure.DISPUTED,
    Figure.DSO,
    Figure.BEST_DSO,
    Figure.CEI,
    Figure.DELAY,
    Figure.PROMISES,
)
"""What a manager asks first, in this order."""


Entry: TypeAlias = tuple[str, str, str]
"""A report in the list of all: what it is called, what it tells, where it is."""
BESIDE: Mapping[Group, tuple[Entry, ...]] = {
    Group.CUSTOMERS: (
        (
            N_("Fair treatment"),
            N_("How often customers heard from us, what was held back, and what they said to it."),
            FAIR_TREATMENT,
        ),
    )
}
"""Reports that have a page of their own kind."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure: what it is called, what it is, how it went, and where its report is."""

    words: str
    kind: str
    value: Money | Decimal | None
    line: Spark | None
    href: str


@get("/reports", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def show_reports(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The figures of the newest day that has them, with a line over the past year; and every report there is."""
    speaking = visit_of(request).speaking
    with database.reading() as session:
        day, by_currency = _standing(session)
        expected = soon(session, today(session))
    role = officer_of(request).role
    shown = [report for report in REPORTS.values() if may(role, report.permission)]
    context = {
        "day": day,
        "currencies": [
            (
                currency,
                [
                    *(_answer(figure, values, speaking) for figure in ANSWERS),
                    *_cash(expected, currency, speaking),
                ],
            )
            for currency, values in by_currency.items()
        ],
        "figures_href": as_of(day).href(FIGURES.name),
        "groups": [
            (GROUP_NAMES[group], [*map(_entry, (one for one in shown if one.group is group)), *BESIDE.get(group, ())])
            for group in Group
        ],
    }
    return page(request, "backoffice/reports/overview.html", context)


def _standing(session: Session) -> tuple[date, Mapping[str, Sequence[DayValues]]]:
    """The figures of past month ends and of the newest day: today's while the books are short, else last night's."""
    day = today(session)
    if keeping.is_slow(session):
        day -= ONE_DAY
    days = month_ends(day, MONTHS)
    found = kept_of(session, days)
    if not keeping.is_slow(session):
        for currency, values in figures_on(session, day).items():
            found.setdefault(currency, {})[day] = values
    return day, {
        currency: [found[currency].get(each, DayValues(each, currency, {})) for each in days]
        for currency in home_first(session, found)
    }


def _answer(figure: Figure, days: Sequence[DayValues], speaking: Speaking) -> Answer:
    words, newest = speaking.translate(FIGURE_NAMES[figure]), days[-1]
    known = [each for each in days if each.get(figure) is not None]
    title = (
        speaking.translate(
            N_("{figure}: from {first} to {last} in twelve months"),
            figure=words,
            first=known[0].get(figure),
            last=known[-1].get(figure),
        )
        if known
        else words
    )
    return Answer(
        words=words,
        kind=FIGURE_KINDS[figure].value,
        value=newest.get(figure),
        line=spark([each.number(figure) for each in days], title),
        href=href_of(newest, figure),
    )


def _cash(expected: Soon, currency: str, speaking: Speaking) -> Iterator[Answer]:
    """What is expected to come in soon, none where that is not known; it opens the weeks that it is the sum of."""
    together = expected.together(currency)
    if together is None:
        return
    words = (
        speaking.translate(N_("Cash expected in {weeks} weeks, as foreseen on {day}"), weeks=SOON, day=expected.made_on)
        if expected.is_kept
        else speaking.translate(N_("Cash expected in {weeks} weeks"), weeks=SOON)
    )
    yield Answer(words, Kind.MONEY.value, together, None, next_weeks_href(expected.made_on, currency))


def _entry(report: Report) -> Entry:
    return report.words, report.lead, HREF.format(report.name)
