"""Behaviour sheet: the accounts that pay later than they used to, the worst first, and what about each is a warning."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.reporting.behaviour import getting_worse
from domain.reporting.sheets.asking import Asked, When
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Column, Kind, Row, Section, Sheet, cells
from domain.shared.errors import N_
from domain.shared.words import Words

NAME = "behaviour"
MOST = 500
"""So many accounts are listed, the worst ones."""
COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("number", Words(N_("Number"))),
    Column("grade", Words(N_("Grade"))),
    Column("delay", Words(N_("Days late on average")), Kind.DAYS),
    Column("overdue", Words(N_("Overdue")), Kind.MONEY),
    Column("warning", Words(N_("What is worth a look"))),
)


def make(session: Session, asked: Asked) -> Sheet:
    """The accounts with a warning today, the worst first: a line for each, and its warnings beneath each other."""
    found = getting_worse(session)
    labels = accounts.labels(session, [each.account_id for each in found[:MOST]])
    rows = tuple(
        Row(
            cells(
                labels[each.account_id].name,
                labels[each.account_id].number,
                each.grade.value if each.grade else None,
                each.delay,
                each.overdue,
                tuple(warning.words for warning in each.warnings),
            ),
            href=f"/accounts/{each.account_id}/behaviour",
        )
        for each in found[:MOST]
    )
    notes = (Words.of(N_("The worst {most} of {count}."), most=MOST, count=len(found)),) if len(found) > MOST else ()
    return Sheet(
        NAME,
        Words(BEHAVIOUR.words),
        (Section("accounts", Words(N_("Accounts with a warning, the worst first")), COLUMNS, rows, notes=notes),),
        lead=Words(BEHAVIOUR.lead),
        empty=Words(N_("Nobody pays later than usual. The credit policy says how many days are worth a warning.")),
    )


BEHAVIOUR = Report(
    name=NAME,
    words=N_("Paying later than usual"),
    lead=N_(
        "Accounts that pay later than last quarter, or leave an invoice open for longer than they used to. A call now "
        "is cheaper than a reminder later."
    ),
    group=Group.PAYING,
    make=make,
    when=When.NOW,
    icon="late",
)
"""Who pays later than usual today."""
