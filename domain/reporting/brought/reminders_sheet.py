"""Reminders sheet: what each step of dunning sent and brought, and the notices behind each of its numbers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.notices.model import STATUS_NAMES
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES
from domain.reporting.brought.reminders import Step, What, key_of, named, notices_of, steps
from domain.reporting.sheets.asking import Asked, Choice, When
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Kind, Row, Section, Sheet, cells
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

NAME = "reminders"
WITHIN = {"14": N_("Within 14 days"), "7": N_("Within 7 days"), "30": N_("Within 30 days")}
WHAT_NAMES = {
    What.SENT: N_("Sent"),
    What.FAILED: N_("Not delivered"),
    What.HELD: N_("Held back"),
    What.USED: N_("Acted upon by its link"),
    What.DISPUTED: N_("Disputed since"),
}
COLUMNS = (
    Column("day", Words(N_("Days after the due day")), Kind.COUNT),
    Column("step", Words(N_("Step"))),
    Column("channel", Words(N_("Sent by"))),
    *(Column(what.value, Words(words), Kind.COUNT) for what, words in WHAT_NAMES.items()),
    Column("asked", Words(N_("Asked for")), Kind.MONEY),
    Column("paid", Words(N_("Paid in time")), Kind.MONEY),
    Column("share", Words(N_("Paid, of what was asked for")), Kind.PERCENT),
)
ROW_COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("decided_on", Words(N_("Day")), Kind.DAY),
    Column("step", Words(N_("Step"))),
    Column("channel", Words(N_("Sent by"))),
    Column("state", Words(N_("State"))),
    Column("asked", Words(N_("Asked for")), Kind.MONEY),
)


def make(session: Session, asked: Asked) -> Sheet:
    """What each step did in the period."""
    found = steps(session, asked.since, asked.last, int(asked.get("within")))
    section = Section(
        key="steps",
        title=Words(N_("By step")),
        columns=COLUMNS,
        rows=tuple(_row(one, asked.having(key=named(one.key))) for one in found),
    )
    return Sheet(
        NAME,
        Words(REMINDERS.words),
        (section,),
        lead=Words(REMINDERS.lead),
        notes=(
            Words(
                N_(
                    "Money counts for the last notice about its invoice before it came. Printing, postage and calls "
                    "are not booked by step: the counts by channel stand for what they cost."
                )
            ),
        ),
        empty=Words(N_("No reminder was due in this period.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The notices behind a number, the latest first."""
    what = What(asked.get("what")) if asked.get("what") in set(What) else What.SENT
    found = notices_of(session, asked.since, asked.last, key_of(asked.get("key")), what, limit)
    made = tuple(
        Row(
            cells(
                each.account_name,
                each.decided_on,
                Words(WORDING_NAMES[each.wording]),
                Words(CHANNEL_NAMES[each.channel]),
                Words(STATUS_NAMES[each.status]),
                Money(each.total_minor, each.currency),
            ),
            href=f"/notices/{each.id}",
        )
        for each in found[:limit]
    )
    return Sheet(
        NAME,
        Words.of(N_("Reminders: {what}"), what=Words(WHAT_NAMES[what])),
        (Section("notices", Words(WHAT_NAMES[what]), ROW_COLUMNS, made),),
        empty=Words(N_("Nothing of this kind happened in the period.")),
        back=asked.only("within").href(NAME),
        more_than=limit if limit is not None and len(found) > limit else None,
    )


def _row(one: Step, behind: Asked) -> Row:
    day, wording, channel, _ = one.key
    return Row(
        cells(
            day,
            Words(WORDING_NAMES[wording]),
            Words(CHANNEL_NAMES[channel]),
            *(Cell(one.counts[what], behind.behind(NAME, what.value)) for what in What),
            Cell(one.asked, behind.behind(NAME, What.SENT.value)),
            Cell(one.paid, behind.behind(NAME, What.SENT.value)),
            Cell(one.share, behind.behind(NAME, What.SENT.value)),
        )
    )


REMINDERS = Report(
    name=NAME,
    words=N_("What reminders bring"),
    lead=N_("What each step of the sequence sent in a period, what of that was paid, and what was disputed since."),
    group=Group.RECOVERY,
    make=make,
    rows=rows,
    when=When.PERIOD,
    from_words=N_("Sent from"),
    choices=(Choice("within", N_("Count what was paid"), WITHIN),),
    icon="mail",
)
"""What each step of dunning brought."""
