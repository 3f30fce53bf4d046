"""Dispute sheet: the report of the disputes raised in a period, and the disputes behind each of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.disputes.reasons import CAUSE_NAMES, REASON_NAMES, Reason, RootCause
from domain.reporting.dispute_figures import (
    ALL,
    BANDS,
    END_NAMES,
    WHAT_NAMES,
    By,
    Raised,
    Row,
    What,
    raised_in,
    rows_by,
)
from domain.reporting.sheets import values
from domain.reporting.sheets.asking import Asked, Choice, When
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Kind, Section, Sheet, cells
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

NAME = "disputes"
BY_NAMES = {
    By.REASON.value: N_("By reason"),
    By.OWNER.value: N_("By who handles it"),
    By.AGE.value: N_("By age"),
    By.OUTCOME.value: N_("By how it ended"),
    By.CAUSE.value: N_("By what was behind it"),
}
"""What the tables are called."""
COLUMNS = (
    Column("about", Words(N_("Disputes"))),
    *(Column(what.value, Words(words), Kind.COUNT) for what, words in WHAT_NAMES.items()),
    Column("share", Words(N_("Accepted of those decided")), Kind.PERCENT),
    Column("to_answer", Words(N_("Days until the answer")), Kind.DAYS),
    Column("to_resolve", Words(N_("Days until the end")), Kind.DAYS),
    Column("contested", Words(N_("Contested")), Kind.MONEY),
    Column("credited", Words(N_("Credited")), Kind.MONEY),
)
ROW_COLUMNS = (
    Column("dispute", Words(N_("Dispute"))),
    Column("account", Words(N_("Account"))),
    Column("raised_on", Words(N_("Raised on")), Kind.DAY),
    Column("reason", Words(N_("Why"))),
    Column("owner", Words(N_("Who handles it"))),
    Column("end", Words(N_("How it ended"))),
    Column("cause", Words(N_("What was behind it"))),
    Column("to_answer", Words(N_("Days until the answer")), Kind.COUNT),
    Column("to_resolve", Words(N_("Days until the end")), Kind.COUNT),
    Column("contested", Words(N_("Contested")), Kind.MONEY),
    Column("credited", Words(N_("Credited")), Kind.MONEY),
)


def make(session: Session, asked: Asked) -> Sheet:
    """The disputes raised in the period, counted by what they share."""
    found, by = raised_in(session, asked.since, asked.last), By(asked.get("by"))
    section = Section(
        key="disputes",
        title=Words(BY_NAMES[by.value]),
        columns=COLUMNS,
        rows=tuple(
            values.Row(cells(name_of(row, by), *_figures(row, asked.having(key=row.key)))) for row in rows_by(found, by)
        ),
        total=values.Row(cells(Words(N_("Together")), *_figures(Row(ALL, found), asked.having(key=ALL)))),
    )
    return Sheet(
        NAME,
        Words(DISPUTES.words),
        (section,),
        lead=Words(DISPUTES.lead),
        empty=Words(N_("No dispute was raised in this period. Disputes appear here from the day they are raised.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The disputes behind a number, the newest first."""
    by, typed, key = By(asked.get("by")), asked.get("what"), asked.get("key") or ALL
    what = What(typed) if typed in set(What) else What.RAISED
    found = [
        one for one in raised_in(session, asked.since, asked.last) if key in {ALL, one.key(by)} and one.counts(what)
    ]
    whole = Section("disputes", Words(WHAT_NAMES[what]), ROW_COLUMNS, tuple(_row(one) for one in found))
    section, more_than = values.cut(whole, limit)
    return Sheet(
        NAME,
        Words.of(N_("Disputes: {what}"), what=Words(WHAT_NAMES[what])),
        (section,),
        empty=Words(N_("Nothing of this kind happened in the period.")),
        back=asked.only("by").href(NAME),
        more_than=more_than,
    )


def name_of(row: Row, by: By) -> Words | str:
    """What a row is called."""
    match by:
        case By.REASON:
            return Words(REASON_NAMES[Reason(row.key)])
        case By.OWNER:
            return row.found[0].owner or Words(N_("Nobody"))
        case By.AGE:
            return _band(int(row.key))
        case By.OUTCOME:
            return Words(END_NAMES[row.key])
        case By.CAUSE:
            return Words(CAUSE_NAMES[RootCause(row.key)] if row.key else N_("Not known"))


def _band(least: int) -> Words:
    most = dict(BANDS)[least]
    if most is None:
        return Words.of(N_("{least} days or more"), least=least)
    return Words.of(N_("{least} to {most} days"), least=least, most=most)


def _figures(row: Row, behind: Asked) -> list[Cell]:
    """The cells of a row behind its name, each number with where it opens its disputes."""
    counts = [Cell(row.many(what), behind.behind(NAME, what.value)) for what in WHAT_NAMES]
    every = counts[0].href
    means = [Cell(_rounded(each), every) for each in (row.share, row.days_to_answer, row.days_to_resolve)]
    sums: Sequence[tuple[Money, Money]] = row.money
    return [*counts, *means, Cell(tuple(one for one, _ in sums), every), Cell(tuple(other for _, other in sums), every)]


def _row(one: Raised) -> values.Row:
    return values.Row(
        cells(
            one.number,
            Cell(one.account_name, f"/accounts/{one.account_id}"),
            one.raised_on,
            Words(REASON_NAMES[one.reason]),
            one.owner or "",
            Words(END_NAMES[one.end]),
            Words(CAUSE_NAMES[one.cause]) if one.cause else "",
            one.days_to_answer,
            one.days_to_resolve,
            one.amount,
            one.credited,
        ),
        href=f"/disputes/{one.dispute_id}",
    )


def _rounded(number: Decimal | None) -> Decimal | None:
    return None if number is None else round(number, 1)


DISPUTES = Report(
    name=NAME,
    words=N_("Disputes in numbers"),
    lead=N_(
        "Of the disputes raised in a period. Late is what came, or still is, after the time its reason gives it. "
        "Every number opens its disputes."
    ),
    group=Group.RECOVERY,
    make=make,
    rows=rows,
    when=When.PERIOD,
    months=3,
    from_words=N_("Raised from"),
    choices=(Choice("by", N_("What they are counted by"), BY_NAMES),),
    icon="dispute",
)
"""How many disputes a period brought, how they ended and how fast."""
