"""Standing: an account's limit, exposure and holds as they are now; for one account as for all, in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.accounts.queries import NO_SUCH_ACCOUNT
from domain.credit.checks.model import CHECKS
from domain.credit.model import (
    CREDIT_HOLDS,
    CREDIT_LIMITS,
    HOLD_LIFT_ENDS,
    HOLD_LIFTS,
    HOLD_WORDS,
    UNBILLED,
    HoldReason,
)
from domain.policies.currencies import in_currency
from domain.policies.ruling import in_force, published
from domain.policies.sections import Limits
from domain.policies.whom import Supposed, ruled
from domain.receivables.model import CreditItem, Invoice, InvoiceStatus
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, now, today
from domain.shared.errors import NotFound
from domain.shared.money import Money
from domain.stops import queries as stops
from domain.stops.holding import kinds_that_hold
from domain.stops.model import STOP_NAMES, Held, Stop, StopKind, StopLift

NO_LIMITS = Limits(hold_above_limit=True)
"""What rules where no policy speaks of limits: an own limit still holds what is above it."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What we stand to lose: what is open, and ordered but not yet billed, less the credit that was not used."""

    open: Money
    unbilled: Money
    credit: Money

    @property
    def total(self) -> Money:
        """Open and unbilled less unapplied credit; negative when we owe them."""
        return self.open + self.unbilled - self.credit


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason for which new credit is held today; it lets through while `lifted_until` has not passed.

    `amount` is by how much the limit is exceeded, or what is overdue for too long; `day` when the check expired;
    `stop` what is on the account. `lifted_by` is the member of staff who lifted it.
    """

    reason: HoldReason
    since: date
    amount: Money | None = None
    day: date | None = None
    stop: StopKind | None = None
    lifted_until: date | None = None
    lifted_why: str | None = None
    lifted_by: int | None = None

    @property
    def words(self) -> str:
        """What it is called, as a message id."""
        return HOLD_WORDS[self.reason] if self.stop is None else STOP_NAMES[self.stop]

    @property
    def is_lifted(self) -> bool:
        """Whether somebody lets new credit through all the same."""
        return self.lifted_until is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """How much credit an account has today; `limit` None is without limit, `is_own` when staff decided on it."""

    account_id: int
    number: str
    name: str
    limit: Money | None
    is_own: bool
    exposure: Exposure
    check_until: date | None
    holds: tuple[Hold, ...]
    as_of: datetime

    @property
    def available(self) -> Money | None:
        """What is left of the limit, never below zero; None without limit."""
        if self.limit is None:
            return None
        return max(self.limit - self.exposure.total, Money.zero(self.limit.currency))

    @property
    def on_hold(self) -> bool:
        """Whether new credit is to be refused."""
        return any(not hold.is_lifted for hold in self.holds)


def standing_of(session: Session, account_id: int) -> Standing:
    """One account's standing; NotFound where there is no such account."""
    return _only(standings(session, ACCOUNTS.c.id == account_id))


def standing_of_number(session: Session, number: str) -> Standing:
    """The standing of the account with exactly this number; NotFound where there is none."""
    return _only(standings(session, ACCOUNTS.c.number == number))


def standings(
    session: Session, which: ColumnElement[bool] | None = None, *, supposed: Supposed | None = None
) -> list[Standing]:
    """The standing of the accounts that `which` picks (None: of all), by number; by what is `supposed`, if it is."""
    picked, day = true() if which is None else which, today(session)
    ours, registered = _ruled_and_registered(session, picked, day, supposed)
    if not ours:
        return []
    ids = None if which is None else list(ours)
    cutoffs = sorted({cutoff for section in ours.values() if (cutoff := _cutoff(section, day)) is not None})
    rows = session.execute(_figures(cutoffs, day).where(picked)).all()
    is_overdue = any(getattr(row, f"overdue_{place}") for row in rows for place in range(len(cutoffs)))
    set_aside = _set_aside(session, ids) if is_overdue else defaultdict(list)
    found = [_standing(session, row, ours[row.id], cutoffs, set_aside[row.id]) for row in rows]
    return [_with_register(each, registered[each.account_id]) for each in found]


def lets_through(day: date) -> ColumnElement[bool]:
    """For a query over liftings: that one still lets new credit through that day."""
    return (HOLD_LIFTS.c.until_on >= day) & ~exists().where(HOLD_LIFT_ENDS.c.lift_id == HOLD_LIFTS.c.id)


def _only(found: list[Standing]) -> Standing:
    if not found:
        raise NotFound(NO_SUCH_ACCOUNT)
    return found[0]


def _ruled_and_registered(
    session: Session, picked: ColumnElement[bool], day: date, supposed: Supposed | None
) -> tuple[dict[int, Limits], defaultdict[int, dict[HoldReason, AnyRow]]]:
    """By account: what rules its limit; and the holds of the register that have not ended.

    With each hold the last lifting that still lets through.
    """
    last = (
        select(func.max(HOLD_LIFTS.c.id))
        .where(HOLD_LIFTS.c.hold_id == CREDIT_HOLDS.c.id, lets_through(day))
        .correlate(CREDIT_HOLDS)
        .scalar_subquery()
    )
    ruled_on = day if supposed is None else max(day, supposed.on)
    whom = ruled(ruled_on, supposed)
    rows = session.execute(
        select(
            ACCOUNTS.c.id,
            whom.c.policy_id,
            CREDIT_HOLDS.c.reason,
            CREDIT_HOLDS.c.began_on,
            HOLD_LIFTS.c.until_on,
            HOLD_LIFTS.c.why,
            HOLD_LIFTS.c.actor_id,
        )
        .join(whom, whom.c.account_id == ACCOUNTS.c.id)
        .outerjoin(CREDIT_HOLDS, (CREDIT_HOLDS.c.account_id == ACCOUNTS.c.id) & CREDIT_HOLDS.c.ended_at.is_(None))
        .outerjoin(HOLD_LIFTS, HOLD_LIFTS.c.id == last)
        .where(picked)
    )
    versions = in_force(published(session), ruled_on)
    limits: dict[int, Limits] = {}
    registered: defaultdict[int, dict[HoldReason, AnyRow]] = defaultdict(dict)
    for row in rows:
        version = versions.get(row.policy_id)
        limits[row.id] = (version.sections.limits if version else None) or NO_LIMITS
        if row.reason is not None:
            registered[row.id][row.reason] = row
    return limits, registered


def _cutoff(section: Limits, day: date) -> date | None:
    """What was due before this day is overdue for too long; None where nothing is."""
    return None if section.hold_overdue_days is None else day - timedelta(days=section.hold_overdue_days)


def _figures(cutoffs: Collection[date], day: date) -> Select[AnyRow]:
    """One row an account: its sums, its last own limit, how long its check is good, and its overdue by each cutoff.

    And which stop on the account holds new credit that day.
    """
    owing = (Invoice.account_id == ACCOUNTS.c.id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
    still_open = select(func.coalesce(func.sum(Invoice.open_minor), 0)).where(*owing)
    credit = select(func.coalesce(func.sum(CreditItem.unapplied_minor), 0)).where(
        CreditItem.account_id == ACCOUNTS.c.id, CreditItem.unapplied_minor > 0
    )
    unbilled = select(func.coalesce(func.sum(UNBILLED.c.amount_minor), 0)).where(UNBILLED.c.account_id == ACCOUNTS.c.id)
    limit = (
        select(CREDIT_LIMITS.c.limit_minor)
        .where(CREDIT_LIMITS.c.account_id == ACCOUNTS.c.id)
        .order_by(CREDIT_LIMITS.c.id.desc())
        .limit(1)
    )
    check = select(func.max(CHECKS.c.expires_on)).where(CHECKS.c.account_id == ACCOUNTS.c.id)
    overdue = [
        still_open.where(Invoice.due_on < cutoff).scalar_subquery().label(f"overdue_{place}")
        for place, cutoff in enumerate(cutoffs)
    ]
    return select(
        ACCOUNTS.c.id,
        ACCOUNTS.c.number,
        ACCOUNTS.c.name,
        ACCOUNTS.c.currency,
        still_open.scalar_subquery().label("open"),
        credit.scalar_subquery().label("credit"),
        unbilled.scalar_subquery().label("unbilled"),
        limit.scalar_subquery().label("own_limit"),
        check.scalar_subquery().label("check_until"),
        stops.kind_on(ACCOUNTS.c.id, kinds_that_hold(Held.NEW_CREDIT), day).label("stop"),
        *overdue,
    ).order_by(ACCOUNTS.c.number)


def _set_aside(session: Session, ids: Collection[int] | None) -> defaultdict[int, list[tuple[date, int]]]:
    """What stops keep from counting as overdue, by account: the invoice's due day, and how much of it."""
    kinds = kinds_that_hold(Held.CREDIT_LIMIT)
    rows = session.execute(
        select(Invoice.account_id, Invoice.id, Invoice.due_on, Invoice.open_minor, Stop.amount_minor, Stop.invoice_id)
        .select_from(Stop)
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .join(
            Invoice,
            (Invoice.account_id == Stop.account_id) & or_(Stop.invoice_id.is_(None), Stop.invoice_id == Invoice.id),
        )
        .where(
            StopLift.id.is_(None),
            Stop.kind.in_(kinds),
            Stop.from_on <= today(session),
            or_(Stop.until_on.is_(None), Stop.until_on >= today(session)),
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            true() if ids is None else Stop.account_id.in_(ids),
        )
    )
    held: dict[int, tuple[int, date, int]] = {}
    for account_id, invoice_id, due_on, open_minor, amount_minor, stopped in rows:
        part = open_minor if stopped is None or amount_minor is None else amount_minor
        before = held[invoice_id][2] if invoice_id in held else 0
        held[invoice_id] = (account_id, due_on, min(open_minor, before + part))
    found: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for account_id, due_on, minor in held.values():
        found[account_id].append((due_on, minor))
    return found


def _standing(
    session: Session,
    row: AnyRow,
    section: Limits,
    cutoffs: Sequence[date],
    set_aside: list[tuple[date, int]],
) -> Standing:
    day, own = today(session), row.own_limit is not None
    section = in_currency(section, row.currency, ours=business(session).currency)
    limit_minor = row.own_limit if own else section.limit_minor
    limit = None if limit_minor is None else Money(limit_minor, row.currency)
    exposure = Exposure(*(Money(int(minor), row.currency) for minor in (row.open, row.unbilled, row.credit)))
    cutoff = _cutoff(section, day)
    overdue = 0
    if cutoff is not None:
        counted = int(getattr(row, f"overdue_{cutoffs.index(cutoff)}"))
        overdue = counted - sum(minor for due_on, minor in set_aside if due_on < cutoff)
    stopped = [] if row.stop is None else [Hold(HoldReason.STOPPED, day, stop=row.stop)]
    by_policy = causes(section, limit, exposure, Money(overdue, row.currency), row.check_until, day)
    holds = (*stopped, *by_policy)
    return Standing(row.id, row.number, row.name, limit, own, exposure, row.check_until, holds, now(session))


def causes(
    section: Limits, limit: Money | None, exposure: Exposure, overdue: Money, check_until: date | None, day: date
) -> Iterator[Hold]:
    """What holds new credit on `day`, by the policy's section: computed from the figures alone."""
    if limit is not None and section.hold_above_limit and exposure.total > limit:
        yield Hold(HoldReason.ABOVE_LIMIT, day, amount=exposure.total - limit)
    too_long = section.hold_overdue_days is not None and overdue.minor > 0
    if too_long and overdue.minor >= section.hold_overdue_least_minor:
        yield Hold(HoldReason.OVERDUE, day, amount=overdue)
    if section.check_months is not None and check_until is not None and check_until < day:
        yield Hold(HoldReason.CHECK_EXPIRED, day, day=check_until)


def _with_register(found: Standing, registered: dict[HoldReason, AnyRow]) -> Standing:
    """The standing with what the register knows of its holds: since when, and until when each is lifted and why."""
    if not found.holds:
        return found
    return replace(found, holds=tuple(_remembered(hold, registered.get(hold.reason)) for hold in found.holds))


def _remembered(hold: Hold, row: AnyRow | None) -> Hold:
    if row is None:
        return hold
    return replace(hold, since=row.began_on, lifted_until=row.until_on, lifted_why=row.why, lifted_by=row.actor_id)
