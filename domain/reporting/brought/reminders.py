"""Reminders in numbers: what each step of the sequence sent, and what was paid, answered and disputed after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, exists, func, not_, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.model import Account
from domain.disputes.model import Dispute
from domain.notices.model import WENT_OUT, Notice, NoticePart, NoticeStatus, PayLink
from domain.policies.contacting import CHASING, Channel, Wording
from domain.receivables.due_days import days_after
from domain.receivables.model import Allocation, CreditItem, CreditKind
from domain.reporting.brought.rates import percent
from domain.shared.db.rows import AnyRows
from domain.shared.home import home_place
from domain.shared.money import Money

Key = tuple[int, Wording, Channel, str]
"""A step: its day, its text, its channel, and the currency of what it asked for."""


class What(StrEnum):
    """The counts of a step, each with the notices that it counts."""

    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    USED = "used"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step, by one channel, did in one currency; `paid`: what of `asked` came after it in time."""

    key: Key
    counts: dict[What, int]
    asked: Money
    paid: Money

    @property
    def share(self) -> Decimal | None:
        """The per cent of what it asked for that was paid."""
        return percent(self.paid.minor, self.asked.minor)


_WENT_OUT = Notice.status.in_(WENT_OUT)
_USED = exists().where(PayLink.notice_id == Notice.id, PayLink.first_used_at.is_not(None))
_DISPUTED = exists().where(
    NoticePart.notice_id == Notice.id,
    Dispute.invoice_id == NoticePart.invoice_id,
    Dispute.raised_at >= Notice.decided_at,
)
COUNTED: dict[What, ColumnElement[bool]] = {
    What.SENT: _WENT_OUT,
    What.FAILED: Notice.status == NoticeStatus.FAILED,
    What.HELD: Notice.status == NoticeStatus.SUPPRESSED,
    What.USED: and_(_WENT_OUT, _USED),
    What.DISPUTED: and_(_WENT_OUT, _DISPUTED),
}
"""Which notices each counts. A look at a link proves nothing: it was used where something was done with it."""
_STEP = (Notice.step_day, Notice.wording, Notice.channel, Notice.currency)


def steps(
    session: Session, first: date, last: date, within: int, *, versions: Collection[int] | None = None
) -> list[Step]:
    """What each step that was decided on in the period did (by these policy versions), the earliest first; two queries.

    Money counts for the last notice about its invoice before it, up to what that asked for, where it came within so
    many days of it.
    """
    paid: dict[Key, int] = {
        (row.step_day, row.wording, row.channel, row.currency): int(row.minor)
        for row in session.execute(_paid(first, last, within, versions))
    }
    counted = session.execute(
        select(
            *_STEP,
            *(func.sum(case((is_counted, 1), else_=0)).label(what.value) for what, is_counted in COUNTED.items()),
            cast(func.sum(case((_WENT_OUT, Notice.total_minor), else_=0)), BigInteger).label("asked"),
        )
        .where(*_of_period(first, last, versions))
        .group_by(*_STEP)
        .order_by(*_STEP[:-1], home_place(session, Notice.currency), Notice.currency)
    )
    found = []
    for row in counted:
        key: Key = (row.step_day, row.wording, row.channel, row.currency)
        counts = {what: int(row._mapping[what.value]) for what in What}
        found.append(Step(key, counts, Money(int(row.asked), row.currency), Money(paid.get(key, 0), row.currency)))
    return found


def notices_of(
    session: Session,
    first: date,
    last: date,
    key: Key | None,
    what: What,
    limit: int | None,
    *,
    versions: Collection[int] | None = None,
) -> AnyRows:
    """The notices that a count of a step (of all) counts, the latest first; one more than `limit` where there are."""
    wanted = (
        select(
            Notice.id,
            Notice.account_id,
            Notice.decided_on,
            Notice.wording,
            Notice.channel,
            Notice.status,
            Notice.currency,
            Notice.total_minor,
            Account.name.label("account_name"),
        )
        .join(Account, Account.id == Notice.account_id)
        .where(*_of_period(first, last, versions), COUNTED[what])
        .order_by(Notice.id.desc())
    )
    if key is not None:
        wanted = wanted.where(*(column == value for column, value in zip(_STEP, key, strict=True)))
    return session.execute(wanted.limit(None if limit is None else limit + 1)).all()


def key_of(text: str) -> Key | None:
    """The step that an address names; None where it names none."""
    try:
        day, wording, channel, currency = text.split(".")
        return int(day[:5]), Wording(wording), Channel(channel), currency
    except ValueError:
        return None


def named(key: Key) -> str:
    """How an address names a step."""
    return ".".join(map(str, key))


def _of_period(first: date, last: date, versions: Collection[int] | None) -> Sequence[ColumnElement[bool]]:
    of_them = () if versions is None else (Notice.version_id.in_(versions),)
    return Notice.decided_on.between(first, last), Notice.wording.in_(CHASING), Notice.step_day.is_not(None), *of_them


def _paid(first: date, last: date, within: int, versions: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    later, later_part = aliased(Notice), aliased(NoticePart)
    overtaken = exists().where(
        later_part.invoice_id == NoticePart.invoice_id,
        later.id == later_part.notice_id,
        later.id > Notice.id,
        later.wording.in_(CHASING),
        later.status.in_(WENT_OUT),
        later.decided_on <= Allocation.effective_on,
    )
    came = func.sum(Allocation.amount_minor)
    of_part = (
        select(
            *_STEP,
            case((came > NoticePart.asked_minor, NoticePart.asked_minor), (came < 0, 0), else_=came).label("minor"),
        )
        .join(NoticePart, NoticePart.notice_id == Notice.id)
        .join(Allocation, Allocation.invoice_id == NoticePart.invoice_id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(
            *_of_period(first, last, versions),
            _WENT_OUT,
            CreditItem.kind == CreditKind.PAYMENT,
            Allocation.effective_on >= Notice.decided_on,
            days_after(Notice.decided_on, Allocation.effective_on) <= within,
            not_(overtaken),
        )
        .group_by(NoticePart.id, NoticePart.asked_minor, *_STEP)
        .subquery()
    )
    step = [of_part.c[column.key] for column in _STEP]
    return select(*step, cast(func.sum(of_part.c.minor), BigInteger).label("minor")).group_by(*step)
