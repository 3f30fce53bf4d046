"""Dispute figures: how many disputes a period brought, how they ended and how fast, by what they share.

Each number counts the very disputes that it opens. What was opened again is counted once, with the days since then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes.model import (
    BY_SILENCE,
    DISPUTE_NAMES,
    LIVE,
    OUTCOME_NAMES,
    Dispute,
    DisputeHandling,
    DisputeStatus,
    Outcome,
)
from domain.disputes.reasons import CAUSE_NAMES, REASON_NAMES, Reason, RootCause
from domain.reporting.periods import check_period
from domain.shared.clock import day_in, end_of_day
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, now
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.model import StaffMember

DAY = timedelta(days=1)
BANDS = ((0, 7), (8, 30), (31, 60), (61, None))
"""The steps of the age in days: from so many to so many (None: or more)."""
ALL = "all"


class By(StrEnum):
    """What disputes are counted by."""

    REASON = "reason"
    OWNER = "owner"
    AGE = "age"
    OUTCOME = "outcome"
    CAUSE = "cause"


class What(StrEnum):
    """The numbers of a row, each with the disputes that it counts."""

    RAISED = "raised"
    LIVE = "live"
    DECIDED = "decided"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered_late"
    RESOLVED = "resolved"
    RESOLVED_LATE = "resolved_late"


WHAT_NAMES = {
    What.RAISED: N_("Raised"),
    What.LIVE: N_("Not decided"),
    What.DECIDED: N_("Decided by us"),
    What.ACCEPTED: N_("Accepted, also in part"),
    What.ANSWERED: N_("Answered"),
    What.ANSWERED_LATE: N_("Answer late"),
    What.RESOLVED: N_("Ended"),
    What.RESOLVED_LATE: N_("Decision late"),
}
"""What each number is called."""
DECISIONS = frozenset({Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED, Outcome.REJECTED})
RIGHT = frozenset({Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED})
NOT_ENDED = "live"
END_NAMES = {
    NOT_ENDED: N_("Not decided"),
    **{outcome.value: words for outcome, words in OUTCOME_NAMES.items()},
    **{ended.value: DISPUTE_NAMES[ended] for ended in (DisputeStatus.WITHDRAWN, DisputeStatus.MERGED)},
}
"""What each end is called, by how it is stored."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One dispute; days are full ones since it was raised, or opened again, until its first answer, its end or now."""

    dispute_id: int
    number: str
    account_id: int
    account_name: str
    raised_on: date
    reason: Reason
    owner_id: int | None
    owner: str | None
    end: str
    """Its outcome, or its state where it ended without one; NOT_ENDED before."""
    cause: RootCause | None
    amount: Money
    credited: Money
    age: int
    days_to_answer: int | None
    days_to_resolve: int | None
    is_answered_late: bool
    """Whether the answer came after its time, or is overdue; the same of the end below."""
    is_resolved_late: bool

    def counts(self, what: What) -> bool:
        """Whether a number counts it."""
        match what:
            case What.RAISED:
                return True
            case What.LIVE:
                return self.days_to_resolve is None
            case What.DECIDED:
                return self.end in DECISIONS
            case What.ACCEPTED:
                return self.end in RIGHT
            case What.ANSWERED:
                return self.days_to_answer is not None
            case What.ANSWERED_LATE:
                return self.is_answered_late
            case What.RESOLVED:
                return self.days_to_resolve is not None
            case What.RESOLVED_LATE:
                return self.is_resolved_late

    def key(self, by: By) -> str:
        """Which row of a table it belongs to."""
        match by:
            case By.REASON:
                return self.reason.value
            case By.OWNER:
                return str(self.owner_id or 0)
            case By.AGE:
                return str(next(least for least, most in BANDS if most is None or self.age <= most))
            case By.OUTCOME:
                return self.end
            case By.CAUSE:
                return self.cause.value if self.cause else ""


@dataclass(frozen=True, slots=True)
class Row:
    """The disputes that share something."""

    key: str
    found: Sequence[Raised]

    def many(self, what: What) -> int:
        """How many of them a number counts."""
        return sum(one.counts(what) for one in self.found)

    @property
    def share(self) -> Decimal | None:
        """The per cent of those decided by us that were accepted, also in part; None where none was."""
        decided = self.many(What.DECIDED)
        return Decimal(100 * self.many(What.ACCEPTED)) / decided if decided else None

    @property
    def days_to_answer(self) -> Decimal | None:
        """The mean of the days until the first answer, of those that have one."""
        return _mean([one.days_to_answer for one in self.found if one.days_to_answer is not None])

    @property
    def days_to_resolve(self) -> Decimal | None:
        """The mean of the days until the end, of those that have ended."""
        return _mean([one.days_to_resolve for one in self.found if one.days_to_resolve is not None])

    @property
    def money(self) -> list[tuple[Money, Money]]:
        """What is or was contested, and what of it was credited, in each currency; what has gone up counts there."""
        sums: dict[str, tuple[Money, Money]] = {}
        for one in self.found:
            if one.end != DisputeStatus.MERGED:
                contested, credited = sums.get(one.amount.currency, (Money.zero(one.amount.currency),) * 2)
                sums[one.amount.currency] = (contested + one.amount, credited + one.credited)
        return [sums[currency] for currency in sorted(sums)]


def raised_in(session: Session, first: date, last: date) -> list[Raised]:
    """Every dispute that was raised from `first` through `last`, the newest first. Invalid for an impossible period."""
    check_period(first, last)
    zone, at = business(session).time_zone, now(session)
    rows = session.execute(
        select(
            Dispute.id,
            Dispute.number,
            Dispute.account_id,
            Dispute.currency,
            Dispute.amount_minor,
            Dispute.credited_minor,
            Dispute.reason,
            Dispute.status,
            Dispute.outcome,
            Dispute.raised_at,
            Dispute.ended_at,
            Account.name.label("account_name"),
            DisputeHandling.owner_id,
            StaffMember.name.label("owner_name"),
            DisputeHandling.answer_by,
            DisputeHandling.resolve_by,
            DisputeHandling.answered_at,
            DisputeHandling.reopened_at,
            DisputeHandling.cause,
        )
        .join(Account, Account.id == Dispute.account_id)
        .join(DisputeHandling, DisputeHandling.dispute_id == Dispute.id)
        .outerjoin(StaffMember, StaffMember.id == DisputeHandling.owner_id)
        .where(Dispute.raised_at >= end_of_day(first - DAY, zone), Dispute.raised_at < end_of_day(last, zone))
        .order_by(Dispute.id.desc())
    )
    return [_raised(row, at, zone) for row in rows]


def rows_by(found: Sequence[Raised], by: By) -> list[Row]:
    """The disputes by what they share, in the order of its values; owners by name, nobody's first."""
    shared: dict[str, list[Raised]] = defaultdict(list)
    for one in found:
        shared[one.key(by)].append(one)
    if by is By.OWNER:
        keys = sorted(shared, key=lambda key: (shared[key][0].owner or "", int(key)))
    else:
        keys = [key for key in _order(by) if key in shared]
    return [Row(key, shared[key]) for key in keys]


def _order(by: By) -> list[str]:
    match by:
        case By.REASON:
            return [reason.value for reason in REASON_NAMES]
        case By.AGE:
            return [str(least) for least, _ in BANDS]
        case By.CAUSE:
            return [*(cause.value for cause in CAUSE_NAMES), ""]
        case _:
            return list(END_NAMES)


def _raised(row: AnyRow, at: datetime, zone: str) -> Raised:
    began = row.reopened_at or row.raised_at
    needs_answer = row.answered_at is None and row.ended_at is None
    answered = at if needs_answer else row.answered_at
    return Raised(
        dispute_id=row.id,
        number=row.number,
        account_id=row.account_id,
        account_name=row.account_name,
        raised_on=day_in(row.raised_at, zone),
        reason=row.reason,
        owner_id=row.owner_id,
        owner=row.owner_name,
        end=NOT_ENDED if row.status in LIVE else (row.outcome or row.status).value,
        cause=row.cause,
        amount=Money(row.amount_minor, row.currency),
        credited=Money(row.credited_minor or 0, row.currency),
        age=((row.ended_at or at) - row.raised_at) // DAY,
        days_to_answer=None if row.answered_at is None else (row.answered_at - began) // DAY,
        days_to_resolve=None if row.ended_at is None else (row.ended_at - began) // DAY,
        is_answered_late=answered is not None and answered > row.answer_by,
        is_resolved_late=not _is_theirs(row) and (row.ended_at or at) > row.resolve_by,
    )


def _is_theirs(row: AnyRow) -> bool:
    """Whether the customer is, or was at its end, the one whose word was missing: nothing of ours is late then."""
    return row.status is DisputeStatus.AWAITING_CUSTOMER or row.outcome in BY_SILENCE


def _mean(days: Sequence[int]) -> Decimal | None:
    return Decimal(sum(days)) / len(days) if days else None
