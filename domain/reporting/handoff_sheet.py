"""Handoff sheet: what came of the debts sent to partners in a period, and the handoffs behind each of its numbers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.placements.model import CLOSING_NAMES, PLACEMENT_NAMES
from domain.placements.naming import reference_of
from domain.reporting.handoff_figures import AGES, ALL, SIZES, WHAT_NAMES, By, Row, Sent, What, rows_by, sent_in
from domain.reporting.sheets import values
from domain.reporting.sheets.asking import Asked, Choice, When
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Kind, Section, Sheet, cells
from domain.shared.errors import N_
from domain.shared.words import Words

NAME = "handoffs"
BY_NAMES = {
    By.PARTNER.value: N_("By partner"),
    By.AGE.value: N_("By age when sent"),
    By.SIZE.value: N_("By size"),
}
"""What the tables are called."""
COLUMNS = (
    Column("about", Words(N_("Handoffs"))),
    *(Column(what.value, Words(words), Kind.COUNT) for what, words in WHAT_NAMES.items()),
    Column("to_act", Words(N_("Days until the first action")), Kind.DAYS),
    Column("placed", Words(N_("Handed over")), Kind.MONEY),
    Column("gross", Words(N_("Came in")), Kind.MONEY),
    Column("commission", Words(N_("Commission")), Kind.MONEY),
    Column("costs", Words(N_("Costs")), Kind.MONEY),
    Column("net", Words(N_("Left for us")), Kind.MONEY),
    Column("gross_percent", Words(N_("Of what was handed over")), Kind.PERCENT),
    Column("net_percent", Words(N_("Left, of what was handed over")), Kind.PERCENT),
    Column("per_unit", Words(N_("Cost of one unit that came in")), Kind.NUMBER),
)
ROW_COLUMNS = (
    Column("handoff", Words(N_("Handoff"))),
    Column("account", Words(N_("Account"))),
    Column("partner", Words(N_("Partner"))),
    Column("sent_on", Words(N_("Sent on")), Kind.DAY),
    Column("late", Words(N_("Days late then")), Kind.COUNT),
    Column("state", Words(N_("State"))),
    Column("closing", Words(N_("How it ended"))),
    Column("to_act", Words(N_("Days until the first action")), Kind.COUNT),
    Column("placed", Words(N_("Handed over")), Kind.MONEY),
    Column("gross", Words(N_("Came in")), Kind.MONEY),
    Column("commission", Words(N_("Commission")), Kind.MONEY),
    Column("costs", Words(N_("Costs")), Kind.MONEY),
    Column("net", Words(N_("Left for us")), Kind.MONEY),
)


def make(session: Session, asked: Asked) -> Sheet:
    """The handoffs sent in the period, counted by what they share."""
    found, by = sent_in(session, asked.since, asked.last), By(asked.get("by"))
    section = Section(
        key="handoffs",
        title=Words(BY_NAMES[by.value]),
        columns=COLUMNS,
        rows=tuple(
            values.Row(cells(name_of(row, by), *_figures(row, asked.having(key=row.key)))) for row in rows_by(found, by)
        ),
        total=values.Row(cells(Words(N_("Together")), *_figures(Row(ALL, found), asked.having(key=ALL)))),
    )
    return Sheet(
        NAME,
        Words(HANDOFFS.words),
        (section,),
        lead=Words(HANDOFFS.lead),
        empty=Words(
            N_("Nothing was sent to a partner in this period. Handoffs appear here from the day they are sent.")
        ),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The handoffs behind a number, the newest first."""
    by, typed, key = By(asked.get("by")), asked.get("what"), asked.get("key") or ALL
    what = What(typed) if typed in set(What) else What.SENT
    found = [one for one in sent_in(session, asked.since, asked.last) if key in {ALL, one.key(by)} and one.counts(what)]
    whole = Section("handoffs", Words(WHAT_NAMES[what]), ROW_COLUMNS, tuple(_row(one) for one in found))
    section, more_than = values.cut(whole, limit)
    return Sheet(
        NAME,
        Words.of(N_("Handoffs: {what}"), what=Words(WHAT_NAMES[what])),
        (section,),
        empty=Words(N_("Nothing of this kind happened in the period.")),
        back=asked.only("by").href(NAME),
        more_than=more_than,
    )


def name_of(row: Row, by: By) -> Words | str:
    """What a row is called."""
    match by:
        case By.PARTNER:
            return row.found[0].partner_name
        case By.AGE:
            return _age(int(row.key))
        case By.SIZE:
            return _size(int(row.key))


def _age(least: int) -> Words:
    most = dict(AGES)[least]
    if most is None:
        return Words.of(N_("{least} days or more"), least=least)
    return Words.of(N_("{least} to {most} days"), least=least, most=most)


def _size(least: int) -> Words:
    most = dict(SIZES)[least]
    if most is None:
        return Words.of(N_("{least} or more"), least=least)
    return Words.of(N_("{least} to below {most}"), least=least, most=most)


def _figures(row: Row, behind: Asked) -> list[Cell]:
    """The cells of a row behind its name, each number with where it opens its handoffs."""
    sums = row.sums
    counts = [Cell(row.many(what), behind.behind(NAME, what.value)) for what in WHAT_NAMES]
    every = counts[0].href
    return [
        *counts,
        Cell(row.days_to_act, every),
        Cell(tuple(each.placed for each in sums), every),
        Cell(tuple(each.gross for each in sums), every),
        Cell(tuple(each.commission for each in sums), every),
        Cell(tuple(each.costs for each in sums), every),
        Cell(tuple(each.net for each in sums), every),
        Cell(tuple(each.gross_percent for each in sums), every),
        Cell(tuple(each.net_percent for each in sums), every),
        Cell(tuple(each.per_unit for each in sums), every),
    ]


def _row(one: Sent) -> values.Row:
    return values.Row(
        cells(
            reference_of(one.placement_id),
            Cell(one.account_name, f"/accounts/{one.account_id}"),
            Cell(one.partner_name, f"/partners/{one.partner_id}"),
            one.sent_on,
            one.late_days,
            Words(PLACEMENT_NAMES[one.status]),
            Words(CLOSING_NAMES[one.closing]) if one.closing else "",
            one.days_to_act,
            one.placed,
            one.gross,
            one.commission,
            one.costs,
            one.net,
        ),
        href=f"/handoffs/{one.placement_id}",
    )


HANDOFFS = Report(
    name=NAME,
    words=N_("Handoffs in numbers"),
    lead=N_(
        "What has come until now of the debts sent to partners in a period. Money is without what partners refused and "
        "what fell away; the commission is without its tax. Every number opens its handoffs."
    ),
    group=Group.RECOVERY,
    make=make,
    rows=rows,
    when=When.PERIOD,
    months=12,
    from_words=N_("Sent from"),
    choices=(Choice("by", N_("What they are counted by"), BY_NAMES),),
    icon="handoff",
)
"""What came of the debts sent to partners."""
