"""Promises in numbers: of those that fell due in a period, how many were kept, and how much of what was promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.promises.model import PROMISE_NAMES, PromiseChange, PromiseStatus, PromiseToPay
from domain.reporting.brought.rates import percent
from domain.reporting.sheets.asking import Asked, Choice, When
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Kind, Row, Scalar, Section, Sheet, cells, cut
from domain.shared.actor import ActorKind
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.model import StaffMember

NAME = "promises"
BY_NAMES = {"who": N_("By who took them"), "week": N_("By week")}
ALL, OURS, THEIRS = "all", "staff", "customer"


class What(StrEnum):
    """The numbers of a row, each with the promises that it counts."""

    DUE = "due"
    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"


WHAT_NAMES = {
    What.DUE: N_("Fell due"),
    What.KEPT: N_("Kept"),
    What.BROKEN: N_("Not kept"),
    What.OPEN: N_("Not judged yet"),
}
STATUSES = {
    What.KEPT: (PromiseStatus.KEPT,),
    What.BROKEN: (PromiseStatus.BROKEN,),
    What.OPEN: (PromiseStatus.OPEN,),
    What.DUE: (PromiseStatus.KEPT, PromiseStatus.BROKEN, PromiseStatus.OPEN),
}
"""Which states each counts: what was withdrawn, or replaced by another promise, never fell due."""
COLUMNS = (
    Column("about", Words(N_("Promises"))),
    *(Column(what.value, Words(words), Kind.COUNT) for what, words in WHAT_NAMES.items()),
    Column("share", Words(N_("Kept, by count")), Kind.PERCENT),
    Column("promised", Words(N_("Promised")), Kind.MONEY),
    Column("kept_amount", Words(N_("Of that kept")), Kind.MONEY),
    Column("amount_share", Words(N_("Kept, by amount")), Kind.PERCENT),
)
ROW_COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("promised_on", Words(N_("Promised for")), Kind.DAY),
    Column("state", Words(N_("State"))),
    Column("taken_by", Words(N_("Taken by"))),
    Column("amount", Words(N_("Promised")), Kind.MONEY),
)
_MADE = and_(PromiseChange.promise_id == PromiseToPay.id, PromiseChange.before.is_(None))


@dataclass(slots=True)
class Counted:
    """Promises that share something: how many of each state, and their amounts by currency."""

    counts: dict[PromiseStatus, int]
    minors: dict[str, dict[PromiseStatus, int]]

    def many(self, what: What) -> int:
        """How many a number counts."""
        return sum(self.counts.get(status, 0) for status in STATUSES[what])

    def minor(self, currency: str, what: What) -> int:
        """How much was promised in those that a number counts."""
        return sum(self.minors[currency].get(status, 0) for status in STATUSES[what])


def counted(session: Session, asked: Asked) -> dict[str, Counted]:
    """The promises that fell due in the period by the keys of what is asked for, all of them under ALL; one query."""
    rows = session.execute(
        select(
            PromiseToPay.promised_on,
            PromiseToPay.currency,
            PromiseToPay.status,
            PromiseChange.actor_kind,
            PromiseChange.actor_id,
            func.count().label("many"),
            cast(func.sum(PromiseToPay.amount_minor), BigInteger).label("minor"),
        )
        .join(PromiseChange, _MADE)
        .where(*_fell_due(session, asked))
        .group_by(
            PromiseToPay.promised_on,
            PromiseToPay.currency,
            PromiseToPay.status,
            PromiseChange.actor_kind,
            PromiseChange.actor_id,
        )
    )
    found: dict[str, Counted] = {}
    for row in rows:
        for key in (ALL, _key(asked, row.promised_on, row.actor_kind, row.actor_id)):
            one = found.setdefault(key, Counted(defaultdict(int), defaultdict(lambda: defaultdict(int))))
            one.counts[row.status] += row.many
            one.minors[row.currency][row.status] += int(row.minor)
    return found


def make(session: Session, asked: Asked) -> Sheet:
    """The promises that fell due in the period, by who took them or by week."""
    found = counted(session, asked)
    names = _names(session, found)
    keys = sorted((key for key in found if key != ALL), key=lambda key: (_said(names, key)[0], key))
    section = Section(
        key="promises",
        title=Words(BY_NAMES[asked.get("by")]),
        columns=COLUMNS,
        rows=tuple(_row(_said(names, key)[1], found[key], asked.having(key=key)) for key in keys),
        total=_row(Words(N_("Together")), found[ALL], asked.having(key=ALL)) if found else None,
    )
    return Sheet(
        NAME,
        Words(PROMISES.words),
        (section,),
        lead=Words(PROMISES.lead),
        empty=Words(N_("No promise fell due in this period.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The promises behind a number, the latest day first."""
    what, key = What(asked.get("what")) if asked.get("what") in set(What) else What.DUE, asked.get("key") or ALL
    wanted = session.execute(
        select(
            PromiseToPay.id,
            PromiseToPay.account_id,
            PromiseToPay.promised_on,
            PromiseToPay.status,
            PromiseToPay.currency,
            PromiseToPay.amount_minor,
            PromiseChange.actor_kind,
            PromiseChange.actor_id,
            Account.name.label("account_name"),
        )
        .join(PromiseChange, _MADE)
        .join(Account, Account.id == PromiseToPay.account_id)
        .where(*_fell_due(session, asked), PromiseToPay.status.in_(STATUSES[what]))
        .order_by(PromiseToPay.promised_on.desc(), PromiseToPay.id.desc())
    ).all()
    some = [each for each in wanted if key in {ALL, _key(asked, each.promised_on, each.actor_kind, each.actor_id)}]
    names = _names(session, {_by_who(each.actor_kind, each.actor_id) for each in some})
    made = tuple(
        Row(
            cells(
                each.account_name,
                each.promised_on,
                Words(PROMISE_NAMES[each.status]),
                _said(names, _by_who(each.actor_kind, each.actor_id))[1],
                Money(each.amount_minor, each.currency),
            ),
            href=f"/promises/{each.id}",
        )
        for each in some
    )
    section, more_than = cut(Section("promises", Words(WHAT_NAMES[what]), ROW_COLUMNS, made), limit)
    return Sheet(
        NAME,
        Words.of(N_("Promises: {what}"), what=Words(WHAT_NAMES[what])),
        (section,),
        empty=Words(N_("Nothing of this kind happened in the period.")),
        back=asked.only("by").href(NAME),
        more_than=more_than,
    )


def _fell_due(session: Session, asked: Asked) -> Sequence[ColumnElement[bool]]:
    is_over = or_(PromiseToPay.status != PromiseStatus.OPEN, PromiseToPay.promised_on < today(session))
    of_period = PromiseToPay.promised_on.between(asked.since, asked.last)
    return PromiseToPay.status.in_(STATUSES[What.DUE]), of_period, is_over


def _key(asked: Asked, day: date, kind: str, actor_id: int | None) -> str:
    if asked.get("by") == "week":
        return (day - timedelta(days=day.weekday())).isoformat()
    return _by_who(kind, actor_id)


def _by_who(kind: str, actor_id: int | None) -> str:
    return f"{OURS}-{actor_id}" if kind == ActorKind.STAFF else THEIRS


def _names(session: Session, keys: Iterable[str]) -> Mapping[str, str]:
    ids = {int(key.removeprefix(f"{OURS}-")) for key in keys if key.startswith(f"{OURS}-")}
    members = session.execute(select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(ids))) if ids else ()
    return {f"{OURS}-{row.id}": row.name for row in members}


def _said(names: Mapping[str, str], key: str) -> tuple[str, Scalar]:
    """What a key is sorted by, and how it is said."""
    if key == THEIRS:
        return "", Words(N_("Made by customers themselves"))
    return (names[key], names[key]) if key in names else (key, date.fromisoformat(key))


def _row(about: Scalar, found: Counted, behind: Asked) -> Row:
    currencies = sorted(found.minors)
    judged = found.many(What.DUE)
    due, kept = behind.behind(NAME, What.DUE.value), behind.behind(NAME, What.KEPT.value)
    return Row(
        cells(
            about,
            *(Cell(found.many(what), behind.behind(NAME, what.value)) for what in What),
            Cell(percent(found.many(What.KEPT), judged), due),
            Cell(tuple(Money(found.minor(each, What.DUE), each) for each in currencies), due),
            Cell(tuple(Money(found.minor(each, What.KEPT), each) for each in currencies), kept),
            Cell(tuple(percent(found.minor(each, What.KEPT), found.minor(each, What.DUE)) for each in currencies), due),
        )
    )


PROMISES = Report(
    name=NAME,
    words=N_("Promises kept"),
    lead=N_(
        "Of the promises that fell due in a period, how many were kept, and how much of what was promised. One that "
        "was withdrawn, or replaced by another, is not counted."
    ),
    group=Group.COMING,
    make=make,
    rows=rows,
    when=When.PERIOD,
    from_words=N_("Fell due from"),
    choices=(Choice("by", N_("Count"), BY_NAMES),),
    icon="clock",
)
"""Promises kept, by who took them or by week."""
