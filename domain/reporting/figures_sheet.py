"""Figures sheet: the key figures at the end of a day and of the months before, with the working of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from domain.reporting import ageing_sheet, figure_rows
from domain.reporting.kept.day_figures import (
    FIGURE_KINDS,
    FIGURE_NAMES,
    DayValues,
    Figure,
    figures_on,
    kept_of,
    month_ends,
)
from domain.reporting.sheets.asking import Asked, as_of
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Chart, ChartKind, Column, Kind, Row, Section, Series, Sheet, cells
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.home import home_first
from domain.shared.words import Words

NAME = "figures"
MONTHS = 13
"""So many month ends stand before the day that is asked for."""


class Table(NamedTuple):
    """Some of the figures under one heading, and which of them are drawn."""

    key: str
    title: str
    shown: tuple[Figure, ...]
    drawn: tuple[Figure, ...]
    chart: ChartKind
    chart_title: str


TABLES = (
    Table(
        "owed",
        N_("What is owed, {currency}"),
        (Figure.RECEIVABLE, Figure.NOT_DUE, Figure.LATE, Figure.DISPUTED, Figure.CREDIT, Figure.SALES),
        (Figure.NOT_DUE, Figure.LATE),
        ChartKind.STACKED,
        N_("Open at the end of each month, not yet due and late, {currency}"),
    ),
    Table(
        "days",
        N_("How long it takes to come in, {currency}"),
        (Figure.DSO, Figure.BEST_DSO, Figure.DELINQUENT, Figure.COUNT_BACK, Figure.DELAY, Figure.LAG),
        (Figure.DSO, Figure.BEST_DSO, Figure.DELAY),
        ChartKind.LINE,
        N_("Days sales outstanding, the best possible, and the weighted delay, {currency}"),
    ),
    Table(
        "effect",
        N_("How much of it is collected, {currency}"),
        (Figure.CEI, Figure.PROMISES),
        (Figure.CEI, Figure.PROMISES),
        ChartKind.LINE,
        N_("Collection effectiveness and promises kept, per cent, {currency}"),
    ),
)
"""The tables of the report, for each currency."""


def make(session: Session, asked: Asked) -> Sheet:
    """The figures of the day and of the ends of the thirteen months before it, by currency."""
    days = month_ends(asked.last, MONTHS)
    by_currency = values_of(session, days)
    return Sheet(
        NAME,
        Words(FIGURES.words),
        tuple(
            _section(table, currency, [by_currency[currency][day] for day in days if day in by_currency[currency]])
            for currency in home_first(session, by_currency)
            if any(each.values for each in by_currency[currency].values())
            for table in TABLES
        ),
        lead=Words(FIGURES.lead),
        empty=Words(N_("Nothing was invoiced and nothing is open by then.")),
    )


def values_of(session: Session, days: Sequence[date]) -> dict[str, dict[date, DayValues]]:
    """The figures of these days, by currency: as they were kept, else reckoned now; today's always are."""
    found = kept_of(session, [day for day in days if day < today(session)])
    there = {day for values in found.values() for day in values}
    for day in days:
        if day not in there:
            for currency, each in figures_on(session, day).items():
                found.setdefault(currency, {})[day] = each
    return found


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The working of a figure, or the papers and payments that it is made of."""
    return figure_rows.rows(session, asked, limit, back=as_of(asked.last).href(NAME))


def _section(table: Table, currency: str, days: Sequence[DayValues]) -> Section:
    return Section(
        key=f"{table.key}-{currency}",
        title=Words.of(table.title, currency=currency),
        columns=(
            Column("day", Words(N_("At the end of")), Kind.DAY),
            *(Column(figure.value, Words(FIGURE_NAMES[figure]), FIGURE_KINDS[figure]) for figure in table.shown),
        ),
        rows=tuple(
            Row(cells(each.day, *(Cell(each.get(figure), href_of(each, figure)) for figure in table.shown)))
            for each in reversed(days)
        ),
        chart=Chart(
            table.chart,
            Words.of(table.chart_title, currency=currency),
            tuple(each.day for each in days),
            tuple(
                Series(Words(FIGURE_NAMES[figure]), tuple(each.number(figure) for each in days))
                for figure in table.drawn
            ),
            FIGURE_KINDS[table.drawn[0]],
            currency,
        ),
    )


def href_of(values: DayValues, figure: Figure) -> str:
    """Where the rows behind a figure of a day are."""
    asked = as_of(values.day)
    bucket = AGEING_BUCKETS.get(figure)
    if bucket is not None:
        return asked.behind(ageing_sheet.NAME, ageing_sheet.INVOICES, currency=values.currency, bucket=bucket)
    if figure is Figure.CREDIT:
        return asked.behind(ageing_sheet.NAME, ageing_sheet.CREDITS, currency=values.currency)
    return asked.behind(NAME, figure.value, currency=values.currency)


AGEING_BUCKETS: Mapping[Figure, str] = {Figure.NOT_DUE: "current", Figure.LATE: "late"}
"""The figures whose rows are the invoices of a part of the ageing."""
FIGURES = Report(
    name=NAME,
    words=N_("Key figures"),
    lead=N_(
        "How long money takes to come in, beside how long it would take if everybody paid on the due day. Figures of a "
        "period are of the 90 days that end on the day. Every number opens its working."
    ),
    group=Group.OWED,
    make=make,
    rows=rows,
    more=("currency",),
)
"""DSO, best possible DSO, count-back, CEI, delay and more, over the months."""
