"""Plan sheet: how the plans signed in a period are kept, by their shape, and the plans behind each number."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.policies.sections import FREQUENCY_NAMES
from domain.reporting.plan_success import OUTCOME_NAMES, Kind, Made, Outcome, Success, by_kind, signed_in
from domain.reporting.sheets import values
from domain.reporting.sheets.asking import Asked, When
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Row, Section, Sheet, cells
from domain.shared.errors import N_
from domain.shared.words import Words

NAME = "plans"
SIGNED = "signed"
COLUMNS = (
    Column("instalments", Words(N_("Instalments"))),
    Column("rhythm", Words(N_("How often"))),
    Column("at_once", Words(N_("At once"))),
    Column(SIGNED, Words(N_("Signed")), values.Kind.COUNT),
    *(Column(outcome.value, Words(words), values.Kind.COUNT) for outcome, words in OUTCOME_NAMES.items()),
    Column("share", Words(N_("Kept of those that ended")), values.Kind.PERCENT),
    Column("agreed", Words(N_("Agreed")), values.Kind.MONEY),
    Column("came", Words(N_("Came in")), values.Kind.MONEY),
)
ROW_COLUMNS = (
    Column("plan", Words(N_("Plan"))),
    Column("account", Words(N_("Account"))),
    Column("signed_on", Words(N_("Signed on")), values.Kind.DAY),
    Column("outcome", Words(N_("What became of it"))),
    Column("agreed", Words(N_("Agreed")), values.Kind.MONEY),
    Column("came", Words(N_("Came in")), values.Kind.MONEY),
)


def make(session: Session, asked: Asked) -> Sheet:
    """The plans signed in the period, counted by their shape."""
    kinds = by_kind(signed_in(session, asked.since, asked.last))
    section = Section(
        key="shapes",
        title=Words(N_("By shape")),
        columns=COLUMNS,
        rows=tuple(_shape(each, asked.having(key=each.kind.key)) for each in kinds),
    )
    return Sheet(
        NAME,
        Words(PLANS.words),
        (section,),
        lead=Words(PLANS.lead),
        empty=Words(N_("No plan was signed in this period. Plans appear here from the day they are signed.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The plans behind a number, the newest first."""
    typed, key = asked.get("what"), asked.get("key")
    outcome = Outcome(typed) if typed in set(Outcome) else None
    found = [
        one
        for one in signed_in(session, asked.since, asked.last)
        if key in {"", one.kind.key} and outcome in {None, one.outcome}
    ]
    title = Words(OUTCOME_NAMES[outcome] if outcome else N_("Signed"))
    section, more_than = values.cut(Section("plans", title, ROW_COLUMNS, tuple(map(_row, found))), limit)
    return Sheet(
        NAME,
        Words.of(N_("Payment plans: {what}"), what=title),
        (section,),
        empty=Words(N_("Nothing of this kind happened in the period.")),
        back=asked.only().href(NAME),
        more_than=more_than,
    )


def _shape(each: Success, behind: Asked) -> Row:
    counts: Sequence[Cell] = [Cell(each.many(outcome), behind.behind(NAME, outcome.value)) for outcome in OUTCOME_NAMES]
    signed = behind.behind(NAME, SIGNED)
    return Row(
        cells(
            _span(each.kind),
            Words(FREQUENCY_NAMES[each.kind.frequency]),
            Words(N_("a down payment") if each.kind.has_down else N_("nothing")),
            Cell(len(each.made), signed),
            *counts,
            Cell(None if each.share is None else round(each.share, 1), signed),
            Cell(tuple(agreed for agreed, _ in each.money), signed),
            Cell(tuple(came for _, came in each.money), signed),
        )
    )


def _span(kind: Kind) -> Words:
    if kind.most is None:
        return Words.of(N_("{least} or more"), least=kind.least)
    return Words.of(N_("{least} to {most}"), least=kind.least, most=kind.most)


def _row(one: Made) -> Row:
    return Row(
        cells(
            Words.of(N_("Plan {id}"), id=str(one.plan_id)),
            Cell(one.account_name, f"/accounts/{one.account_id}"),
            one.signed_on,
            Words(OUTCOME_NAMES[one.outcome]),
            one.agreed,
            one.came,
        ),
        href=f"/plans/{one.plan_id}",
    )


PLANS = Report(
    name=NAME,
    words=N_("How payment plans are kept"),
    lead=N_(
        "Of the plans signed in a period, by their shape. One that was broken once counts as broken, even if it was "
        "paid afterwards. Every number opens its plans."
    ),
    group=Group.RECOVERY,
    make=make,
    rows=rows,
    when=When.PERIOD,
    months=12,
    from_words=N_("Signed from"),
    icon="plan",
)
"""How payment plans are kept, by their shape."""
