"""Fair treatment: how customers were contacted over a period, and how we held back; ready for a regulator.

Each number counts the very rows that it opens: both come from one statement a family, narrowed by its key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes.model import Dispute
from domain.notices.model import Call, Notice, NoticeStatus
from domain.notices.reach.governor import WEEK, hours_allow, profile_of
from domain.notices.reach.model import AddressNews
from domain.policies.contacting import Channel, Recipient
from domain.promises.model import PromiseToPay
from domain.reporting.periods import check_period
from domain.shared.clock import end_of_day, start_of_day
from domain.shared.db.session import business

Rows: TypeAlias = Select[Any]
Attribute: TypeAlias = Any
"""A column of a table."""
STEPS = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, None))
"""The steps of the distribution: from so many contacts to so many (None: or more)."""


class Family(StrEnum):
    """What a number is about; within it a key tells the channel, the reason, the outcome and so on."""

    CONTACTS = "contacts"
    HELD_BACK = "held_back"
    PROMISES = "promises"
    ADDRESSES = "addresses"
    DISPUTES = "disputes"
    CALLS = "calls"
    OUT_OF_HOURS = "out_of_hours"


@dataclass(frozen=True, slots=True)
class Period:
    """From its first day through its last, both in the business's time zone."""

    first: date
    last: date
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Number:
    """How often, and of how many customers."""

    many: int = 0
    accounts: int = 0


@dataclass(frozen=True, slots=True)
class Happened:
    """One row behind a number; `kind` and `id` name what it is, `detail` says what is known of it beside its key."""

    at: datetime
    account_id: int
    account_name: str
    account_number: str
    key: str
    kind: str
    id: int
    detail: str | None


@dataclass(frozen=True, slots=True)
class Debtor:
    """How often one customer was contacted, by channel."""

    account_id: int
    number: str
    name: str
    by_channel: dict[Channel, int]

    @property
    def total(self) -> int:
        """By all channels."""
        return sum(self.by_channel.values())


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report: `numbers` by family and key; `debtors`, who heard from us most first; the distribution.

    `most_calls` is how many calls one customer had within seven days at most, and whose that was.
    """

    period: Period
    numbers: dict[Family, dict[str, Number]]
    debtors: Sequence[Debtor]
    distribution: Sequence[tuple[int, int | None, int]]
    most_calls: tuple[int, int | None]
    out_of_hours: int

    def most(self, channel: Channel) -> Debtor | None:
        """Whom we contacted most by a channel; None where nobody was."""
        found = max(self.debtors, key=lambda debtor: debtor.by_channel.get(channel, 0), default=None)
        return found if found is not None and found.by_channel.get(channel) else None


def period_of(session: Session, first: date, last: date) -> Period:
    """A period of the report. Invalid where it ends before it begins, or is too long."""
    check_period(first, last)
    zone = business(session).time_zone
    return Period(first, last, start_of_day(first, zone), end_of_day(last, zone))


def report(session: Session, period: Period) -> Report:
    """The report of a period, as it is known now."""
    debtors = _debtors(session, period)
    return Report(
        period=period,
        numbers={family: _numbers(session, _FAMILIES[family](period)) for family in _FAMILIES},
        debtors=debtors,
        distribution=_distribution(debtors),
        most_calls=_most_calls(session, period),
        out_of_hours=len(out_of_hours(session, period)),
    )


def rows(session: Session, period: Period, family: Family, key: str | None, *, limit: int) -> list[Happened]:
    """The rows behind a number, the newest first; all of the family without a key."""
    if family is Family.OUT_OF_HOURS:
        return out_of_hours(session, period)[:limit]
    found = _FAMILIES[family](period).subquery()
    wanted = select(found, Account.name, Account.number).join(Account, Account.id == found.c.account_id)
    if key is not None:
        wanted = wanted.where(found.c.key == key)
    told = session.execute(wanted.order_by(found.c.at.desc(), found.c.id.desc()).limit(limit))
    return [
        Happened(row.at, row.account_id, row.name, row.number, row.key, row.kind, row.id, row.detail) for row in told
    ]


def out_of_hours(session: Session, period: Period) -> list[Happened]:
    """Messages that left and calls of ours at an hour where the customer is at which they may not, the newest first."""
    found = [*_sent_at_a_wrong_hour(session, period), *_called_at_a_wrong_hour(session, period)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _sent_at_a_wrong_hour(session: Session, period: Period) -> list[Happened]:
    sent = session.execute(
        select(Notice.id, Notice.sent_at, Notice.channel, Notice.recipient, Notice.wording, *_WHOSE)
        .join(Account, Account.id == Notice.account_id)
        .where(Notice.channel.in_({Channel.EMAIL, Channel.SMS}), *_within(Notice.sent_at, period))
        .execution_options(yield_per=1000)
    )
    return [
        Happened(
            row.sent_at, row.account_id, row.name, row.number, row.channel.value, "notice", row.id, row.wording.value
        )
        for row in sent
        if not hours_allow(
            profile_of(row.legal_form, row.country, row.recipient), row.channel, row.sent_at, row.time_zone
        )
    ]


def _called_at_a_wrong_hour(session: Session, period: Period) -> list[Happened]:
    """Calls without a number are theirs: whoever calls us chooses the hour.

    A call that a notice asked for is judged by whom that was for.
    """
    made = session.execute(
        select(Call.id, Call.called_at, Call.outcome, Notice.recipient, *_WHOSE)
        .join(Account, Account.id == Call.account_id)
        .outerjoin(Notice, Notice.id == Call.notice_id)
        .where(Call.number.is_not(None), *_within(Call.called_at, period))
        .execution_options(yield_per=1000)
    )
    return [
        Happened(
            row.called_at, row.account_id, row.name, row.number, Channel.CALL.value, "call", row.id, row.outcome.value
        )
        for row in made
        if not hours_allow(
            profile_of(row.legal_form, row.country, row.recipient or Recipient.CONTACT),
            Channel.CALL,
            row.called_at,
            row.time_zone,
        )
    ]


_WHOSE = (
    Account.id.label("account_id"),
    Account.name,
    Account.number,
    Account.legal_form,
    Account.country,
    Account.time_zone,
)


def _within(at: Attribute, period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return at >= period.begins, at < period.ends


def _select(
    kind: str, model: Any, key: Attribute, at: Attribute, detail: Attribute, period: Period, *more: ColumnElement[bool]
) -> Rows:
    """Rows of one table: their key, when, whose, what, and what is known of each beside its key."""
    return select(
        cast(key, String).label("key"),
        at.label("at"),
        model.account_id.label("account_id"),
        literal(kind).label("kind"),
        model.id.label("id"),
        cast(detail, String).label("detail"),
    ).where(*_within(at, period), model.account_id.is_not(None), *more)


def _contacts(period: Period) -> Rows:
    """Messages that left, and calls that were made; a call that nobody has made yet is none."""
    is_written = Notice.channel != Channel.CALL
    sent = _select("notice", Notice, Notice.channel, Notice.sent_at, Notice.wording, period, is_written)
    made = _select("call", Call, literal(Channel.CALL.value), Call.called_at, Call.outcome, period)
    found = union_all(sent, made).subquery()
    return select(*found.c)


def _held_back(period: Period) -> Rows:
    is_held = Notice.status == NoticeStatus.SUPPRESSED
    return _select("notice", Notice, Notice.why, Notice.decided_at, Notice.wording, period, is_held)


_FAMILIES: dict[Family, Callable[[Period], Rows]] = {
    Family.CONTACTS: _contacts,
    Family.HELD_BACK: _held_back,
    Family.PROMISES: lambda period: _select(
        "promise", PromiseToPay, PromiseToPay.status, PromiseToPay.made_at, PromiseToPay.promised_on, period
    ),
    Family.ADDRESSES: lambda period: _select(
        "address", AddressNews, AddressNews.kind, AddressNews.at, AddressNews.address, period
    ),
    Family.DISPUTES: lambda period: _select(
        "dispute", Dispute, Dispute.reason, Dispute.raised_at, Dispute.number, period
    ),
    Family.CALLS: lambda period: _select("call", Call, Call.outcome, Call.called_at, Call.number, period),
}


def _numbers(session: Session, wanted: Rows) -> dict[str, Number]:
    found = wanted.subquery()
    counted = select(found.c.key, func.count().label("many"), func.count(found.c.account_id.distinct()).label("whose"))
    return {row.key: Number(row.many, row.whose) for row in session.execute(counted.group_by(found.c.key))}


def _debtors(session: Session, period: Period) -> list[Debtor]:
    found = _contacts(period).subquery()
    counted = (
        select(found.c.account_id, found.c.key, Account.number, Account.name, func.count().label("many"))
        .join(Account, Account.id == found.c.account_id)
        .group_by(found.c.account_id, found.c.key, Account.number, Account.name)
    )
    debtors: dict[int, Debtor] = {}
    for row in session.execute(counted):
        debtor = debtors.setdefault(row.account_id, Debtor(row.account_id, row.number, row.name, {}))
        debtor.by_channel[Channel(row.key)] = row.many
    return sorted(debtors.values(), key=lambda debtor: (-debtor.total, debtor.account_id))


def _distribution(debtors: Sequence[Debtor]) -> list[tuple[int, int | None, int]]:
    """How many customers were contacted how often."""
    often = Counter(debtor.total for debtor in debtors)
    return [
        (least, most, sum(many for times, many in often.items() if least <= times <= (most or times)))
        for least, most in STEPS
    ]


def _most_calls(session: Session, period: Period) -> tuple[int, int | None]:
    """The most calls of ours to one customer within any seven days, and whose they were."""
    made: dict[int, list[datetime]] = {}
    calls = select(Call.account_id, Call.called_at).where(Call.number.is_not(None), *_within(Call.called_at, period))
    for row in session.execute(calls.order_by(Call.called_at)):
        made.setdefault(row.account_id, []).append(row.called_at)
    found: tuple[int, int | None] = (0, None)
    for account_id, times in made.items():
        first = 0
        for last, at in enumerate(times):
            while at - times[first] >= WEEK:
                first += 1
            if last - first + 1 > found[0]:
                found = (last - first + 1, account_id)
    return found
