"""Cash sheet: what is expected to come in during the next thirteen weeks, and how far off such forecasts have been."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.reporting.forecasting import making
from domain.reporting.forecasting.expecting import METHOD_NAMES, WEEKS, Expected, Method, mondays_of
from domain.reporting.forecasting.judging import LOOKED_BACK, Record, came, records
from domain.reporting.forecasting.owed import APART_NAMES, Apart
from domain.reporting.forecasting.soon import SOON, soon
from domain.reporting.sheets import keeping
from domain.reporting.sheets.asking import Asked, as_of
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Chart, ChartKind, Column, Kind, Row, Section, Series, Sheet, cells, cut
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

NAME = "cash"
LATER, UNTOLD, NEXT = "later", "untold", "soon"
LARGEST = 500
"""Behind a number of long books the page looks through so many accounts, those that owe most; the file through all."""
METHODS = tuple(Column(method.value, Words(words), Kind.MONEY) for method, words in METHOD_NAMES.items())
APART_COLUMNS = (Column("what", Words(N_("In no week"))), *METHODS)
RECORD_COLUMNS = (
    Column("weeks_ahead", Words(N_("Weeks of each forecast"))),
    Column("method", Words(N_("How it was foreseen"))),
    Column("expected", Words(N_("Expected")), Kind.MONEY),
    Column("came", Words(N_("Came in")), Kind.MONEY),
    Column("error", Words(N_("Missed by, of what came in")), Kind.PERCENT),
    Column("bias", Words(N_("Too much (+) or too little (−)")), Kind.PERCENT),
    Column("forecasts", Words(N_("Weeks compared")), Kind.COUNT),
)
ROW_COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("number", Words(N_("Number"))),
    Column("expected", Words(N_("Expected")), Kind.MONEY),
)


def make(session: Session, asked: Asked) -> Sheet:
    """The forecast of today; for a past day the one that was kept last until then, beside what came."""
    sections = _of_today(session, asked) if asked.last == today(session) else _of_then(session, asked.last)
    judged = _record_section(records(session, asked.last))
    return Sheet(
        NAME,
        Words(CASH.words),
        (*sections, *([judged] if judged.rows else [])),
        lead=Words(CASH.lead),
        notes=(*map(Words, NOTES), Words(JUDGED if judged.rows else NOT_JUDGED)),
        empty=Words(N_("Nothing is open, so nothing is expected.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The accounts behind a number, those of which most is expected first; the weeks behind that of the next ones."""
    currency, _, typed = asked.get("key").partition("-")
    if typed == NEXT:
        return _next_weeks(session, asked, currency)
    what = asked.get("what")
    method = Method(what) if what in set(Method) else Method.LEARNED
    is_cut = limit is not None and keeping.is_slow(session)
    account_ids = making.owing(session, LARGEST if is_cut else None)
    found = [
        (each.account_id, minor)
        for each in making.by_account(session, account_ids)
        if each.currency == currency and (minor := _minor(each.expected, method, typed))
    ]
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    shown = found[:limit]
    labels = accounts.labels(session, [account_id for account_id, _ in shown])
    made = [
        Row(
            cells(labels[account_id].name, labels[account_id].number, Money(minor, currency)),
            href=f"/accounts/{account_id}",
        )
        for account_id, minor in shown
    ]
    section, _ = cut(Section("accounts", Words(METHOD_NAMES[method]), ROW_COLUMNS, tuple(made)), limit)
    return Sheet(
        NAME,
        Words.of(N_("Cash expected: {what}"), what=Words(METHOD_NAMES[method])),
        (section,),
        notes=(Words.of(N_("Of the {most} accounts that owe most; the file has all."), most=LARGEST),)
        if is_cut
        else (),
        empty=Words(N_("Nothing is expected here.")),
        back=asked.only().href(NAME),
        more_than=limit if limit is not None and len(found) > limit else None,
    )


def next_weeks_href(made_on: date, currency: str) -> str:
    """Where the weeks behind the number of the next weeks are, as it was reckoned on a day."""
    return as_of(made_on).behind(NAME, Method.LEARNED.value, key=f"{currency}-{NEXT}")


def _next_weeks(session: Session, asked: Asked, currency: str) -> Sheet:
    """The next weeks one by one and together; each opens its accounts, but for what was kept."""
    found = soon(session, asked.last)
    live = None if found.is_kept else as_of(found.made_on)
    made = tuple(
        Row(cells(monday, Cell(minor, _behind(live, Method.LEARNED, currency, str(place)))))
        for place, (monday, minor) in enumerate(zip(found.mondays, found.weeks.get(currency, ()), strict=False))
    )
    together = found.together(currency)
    section = Section(
        key="next",
        title=Words.of(N_("{currency}, by week, as foreseen on {day}"), currency=currency, day=found.made_on),
        columns=(Column("week", Words(N_("Week from")), Kind.DAY), METHODS[-1]),
        rows=made,
        total=None if together is None else Row(cells(Words(N_("Together")), together)),
    )
    return Sheet(
        NAME,
        Words.of(N_("Cash expected in {weeks} weeks"), weeks=SOON),
        (section,) if made else (),
        empty=Words(N_("Nothing is expected here.")),
        back=asked.only().href(NAME),
    )


def _of_today(session: Session, asked: Asked) -> Iterator[Section]:
    mondays = mondays_of(asked.last)
    for currency, found in making.forecast(session).items():
        weeks = {method: found.weeks[method][:WEEKS] for method in Method}
        yield _weeks_section(currency, mondays, weeks, asked)
        yield _apart_section(currency, found, asked)


def _of_then(session: Session, day: date) -> Iterator[Section]:
    kept = making.kept_on(session, day)
    if kept is None:
        return
    made_on, by_currency = kept
    mondays = mondays_of(made_on)
    this_monday = today(session) - timedelta(days=today(session).weekday())
    paid = came(session, mondays[0] - timedelta(days=7), this_monday)
    for currency, methods in by_currency.items():
        weeks = {method: [methods[method].get(monday, 0) for monday in mondays] for method in Method}
        actual = [paid.of(currency, mondays[0], monday) if monday < this_monday else None for monday in mondays]
        yield _weeks_section(currency, mondays, weeks, None, made_on=made_on, actual=actual)


def _weeks_section(
    currency: str,
    mondays: Sequence[date],
    weeks: Mapping[Method, Sequence[int]],
    asked: Asked | None,
    *,
    made_on: date | None = None,
    actual: Sequence[int | None] | None = None,
) -> Section:
    """The weeks of one currency; with where the accounts behind each are, or with what came in them."""
    made = []
    for place, monday in enumerate(mondays):
        figures = [
            Cell(Money(weeks[method][place], currency), _behind(asked, method, currency, str(place)))
            for method in Method
        ]
        told = [] if actual is None else [_money(actual[place], currency)]
        made.append(Row(cells(monday, *figures, *told)))
    total = [Money(sum(weeks[method]), currency) for method in Method]
    series = [Series(Words(METHOD_NAMES[method]), _decimals(weeks[method], currency)) for method in Method]
    if actual is not None:
        total.append(Money(sum(minor or 0 for minor in actual), currency))
        series.append(Series(Words(N_("Came in")), _decimals(actual, currency)))
    title = (
        Words.of(N_("{currency}, by week"), currency=currency)
        if made_on is None
        else Words.of(N_("{currency}, by week, as foreseen on {day}"), currency=currency, day=made_on)
    )
    came_in = [] if actual is None else [Column("came", Words(N_("Came in")), Kind.MONEY)]
    return Section(
        key=f"weeks-{currency.lower()}",
        title=title,
        columns=(Column("week", Words(N_("Week from")), Kind.DAY), *METHODS, *came_in),
        rows=tuple(made),
        total=Row(cells(Words(N_("Together")), *total)),
        chart=Chart(ChartKind.LINE, title, tuple(mondays), tuple(series), Kind.MONEY, currency),
    )


def _apart_section(currency: str, found: Expected, asked: Asked) -> Section:
    told: list[tuple[str, str]] = [
        (LATER, N_("Later than these weeks")),
        (UNTOLD, N_("Late for so long that nobody has ever paid anything as late")),
        *((kind.value, words) for kind, words in APART_NAMES.items()),
    ]
    made = [
        Row(
            cells(
                Words(words),
                *(
                    Cell(Money(_minor(found, method, key), currency), _behind(asked, method, currency, key))
                    for method in Method
                ),
            )
        )
        for key, words in told
    ]
    return Section(
        key=f"apart-{currency.lower()}",
        title=Words.of(N_("{currency}, in no week"), currency=currency),
        columns=APART_COLUMNS,
        rows=tuple(made),
    )


def _record_section(found: Sequence[Record]) -> Section:
    made = tuple(
        Row(
            cells(
                Words.of(N_("the first {count}"), count=one.horizon),
                Words(METHOD_NAMES[one.method]),
                Money(one.judged.expected, one.currency),
                Money(one.judged.came, one.currency),
                one.judged.error_percent,
                one.judged.bias_percent,
                one.judged.weeks,
            )
        )
        for one in found
    )
    title = Words.of(N_("How far off the forecasts of the past {count} weeks were"), count=LOOKED_BACK)
    return Section("record", title, RECORD_COLUMNS, made)


def _minor(found: Expected, method: Method, key: str) -> int:
    """One number of a forecast: a week's by its place, or what stands in no week by its name."""
    weeks = found.weeks[method]
    if key == LATER:
        return weeks[WEEKS]
    if key == UNTOLD:
        return found.untold if method is Method.LEARNED else 0
    if key in set(Apart):
        return 0 if method is Method.DUE and key == Apart.GIVEN_UP else found.apart[Apart(key)]
    place = int(key) if key.isascii() and key.isdigit() and len(key) <= 2 else WEEKS + 1
    return weeks[place] if place < WEEKS else 0


def _behind(asked: Asked | None, method: Method, currency: str, key: str) -> str | None:
    return asked.behind(NAME, method.value, key=f"{currency}-{key}") if asked else None


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _decimals(minors: Sequence[int | None], currency: str) -> tuple[Decimal | None, ...]:
    return tuple(None if minor is None else Money(minor, currency).decimal for minor in minors)


NOTES = (
    N_("What is late already is due this week. What was promised, and the parts of plans and settlements, replace it."),
    N_("Learned delay: the days after the due date at which each account has paid, recent payments weighing more."),
)
JUDGED = N_(
    "How far off forecasts were: each week beside what came in it, of what had been issued before the week of the "
    "forecast."
)
NOT_JUDGED = N_("How far off forecasts were is shown here from the week after the first one was kept.")
CASH = Report(
    name=NAME,
    words=N_("Cash expected"),
    lead=N_("What is owed today, by the week in which it is expected to come in, and what nobody should count on."),
    group=Group.COMING,
    make=make,
    rows=rows,
    icon="clock",
)
"""Cash expected in the next weeks, by three methods, with their past errors."""
