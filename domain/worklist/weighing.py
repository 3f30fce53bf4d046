"""Weighing: what is known of open tasks is gathered, some hundreds at a time, and each is given its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.promises.model import PromiseStatus, PromiseToPay
from domain.promises.queries import broken_since
from domain.receivables.delays import delays
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business, now, today
from domain.tasks.model import TASKS, TaskKind
from domain.worklist.deadlines import due_days
from domain.worklist.model import TASK_WEIGHTS
from domain.worklist.ranking import Known, points
from domain.worklist.tuning import current, rank_by, tuned_at
from domain.worklist.worth import NOTHING, standings, worths

AT_ONCE = 500
"""Tasks that are weighed in one transaction."""
OLD = timedelta(hours=1)
"""After so long a place is worked out anew: money has come in, promises were made, days have passed."""
YEAR = timedelta(days=365)
OF_LATE = timedelta(days=90)
"""Promises that were broken within these count."""
ASKING = frozenset(
    {
        TaskKind.CALL_DUE,
        TaskKind.NOTICES_TO_APPROVE,
        TaskKind.LETTERS_TO_PRINT,
        TaskKind.ESCALATION,
        TaskKind.TRACE,
        TaskKind.PROMISE_BROKEN,
        TaskKind.PLAN_DEFAULTED,
        TaskKind.SETTLEMENT_BROKEN,
        TaskKind.PLACEMENT_APPROVAL,
        TaskKind.PLACEMENT_BACK,
        TaskKind.AUTOPAY_STOPPED,
        TaskKind.METHOD_LOST,
    }
)
"""The kinds that come to asking for money: these wait a little while a promise runs."""
_NEEDED = (
    TASKS.c.id,
    TASKS.c.kind,
    TASKS.c.subject_kind,
    TASKS.c.subject_id,
    TASKS.c.account_id,
    TASKS.c.worth_minor,
    TASKS.c.currency,
    TASKS.c.detail,
    TASKS.c.opened_at,
)


def usual_amounts(session: Session) -> dict[str, int]:
    """What amounts are compared with, in minor units, by currency: what is late on an account on average.

    Where nothing is late in a currency, what its open tasks are worth on average. It reads every late invoice: whoever
    weighs thousands of tasks asks once.
    """
    worth = select(TASKS.c.currency, func.sum(TASKS.c.worth_minor), func.count()).where(
        TASKS.c.done_at.is_(None), TASKS.c.worth_minor.is_not(None), TASKS.c.currency.is_not(None)
    )
    late = select(Invoice.currency, func.sum(Invoice.open_minor), func.count(Invoice.account_id.distinct())).where(
        Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED, Invoice.due_on < today(session)
    )
    found: dict[str, int] = {}
    for query in (worth.group_by(TASKS.c.currency), late.group_by(Invoice.currency)):
        found |= {currency: max(1, int(minor) // count) for currency, minor, count in session.execute(query)}
    return found


def weigh(session: Session, usual: Mapping[str, int], *, limit: int = AT_ONCE) -> int:
    """Work out the places of open tasks that are new, or whose place is old, the oldest first; how many there were.

    One that somebody is working on just now is left for the next turn.
    """
    rows = _due(session, limit)
    if not rows:
        return 0
    ids = [row.id for row in rows]
    parts_of = [
        {"task_id": task_id, **{which.value: part for which, part in points(known).items()}, "known": known.stored()}
        for task_id, known in gathered(session, rows, usual).items()
    ]
    session.execute(delete(TASK_WEIGHTS).where(TASK_WEIGHTS.c.task_id.in_(ids)))
    session.execute(insert(TASK_WEIGHTS), parts_of)
    place = select(rank_by(current(session))).where(TASK_WEIGHTS.c.task_id == TASKS.c.id).scalar_subquery()
    session.execute(update(TASKS).where(TASKS.c.id.in_(ids)).values(rank=place, weighed_at=now(session)))
    return len(rows)


def gathered(session: Session, rows: Collection[AnyRow], usual: Mapping[str, int]) -> dict[int, Known]:
    """What is known of these tasks, by their ids: as many queries however many they are."""
    day, zone = today(session), business(session).time_zone
    account_ids = {row.account_id for row in rows if row.account_id is not None}
    currencies = _currencies(session, account_ids)
    standing = standings(session, day, account_ids)
    worth = worths(session, rows, standing)
    in_a_year = delays(session, [day - YEAR], day, account_ids)
    settled = {account_id: one[day - YEAR].settled_minor for account_id, one in in_a_year.items()}
    broken = broken_since(session, now(session) - OF_LATE, account_ids)
    promised, due = _promised(session, account_ids), due_days(session, rows)
    found = {}
    for row in rows:
        known = standing.get(row.account_id, NOTHING)
        late_minor, oldest = known.late_minor, known.oldest
        currency = row.currency or currencies.get(row.account_id)
        last = due.get(row.id)
        typical = usual.get(currency or "")
        found[row.id] = Known(
            amount_minor=worth[row.id].minor,
            currency=currency,
            usual_minor=typical,
            late_minor=late_minor,
            days_late=(day - oldest).days if oldest else 0,
            waiting_days=max(0, (day - day_in(row.opened_at, zone)).days),
            paid_percent=_paid_percent(settled.get(row.account_id, 0), late_minor, typical) if row.account_id else None,
            broken=broken.get(row.account_id, 0),
            is_promised=row.account_id in promised and row.kind in ASKING,
            due_on=last,
            days_left=(last - day).days if last else None,
        )
    return found


def _paid_percent(paid_minor: int, late_minor: int, usual_minor: int | None) -> int:
    """How much of what was asked for was paid; who is hardly known counts as one who pays half of it."""
    doubt = usual_minor or 1
    return round(100 * (paid_minor + doubt) / (paid_minor + late_minor + 2 * doubt))


def is_due(session: Session) -> bool:
    """Whether there is any task to weigh now."""
    old = TASKS.c.weighed_at < _too_old(session)
    waits = [exists().where(TASKS.c.done_at.is_(None), which) for which in (TASKS.c.weighed_at.is_(None), old)]
    return bool(session.scalar(select(or_(*waits))))


def _due(session: Session, limit: int) -> AnyRows:
    """The tasks to weigh: new ones first, then those with the oldest places."""
    waits = select(*_NEEDED).where(TASKS.c.done_at.is_(None)).with_for_update(skip_locked=True)
    new = session.execute(waits.where(TASKS.c.weighed_at.is_(None)).order_by(TASKS.c.id).limit(limit)).all()
    if len(new) == limit:
        return new
    old = waits.where(TASKS.c.weighed_at < _too_old(session))
    return [*new, *session.execute(old.order_by(TASKS.c.weighed_at, TASKS.c.id).limit(limit - len(new)))]


def _too_old(session: Session) -> datetime:
    """Places from before this moment are worked out anew: an hour ago, or when the weights were changed since."""
    hour_ago, changed = now(session) - OLD, tuned_at(session)
    return max(hour_ago, changed) if changed else hour_ago


def _currencies(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(ACCOUNTS.c.id, ACCOUNTS.c.currency).where(ACCOUNTS.c.id.in_(account_ids)))
    return {row.id: row.currency for row in rows}


def _promised(session: Session, account_ids: Collection[int]) -> set[int]:
    """Those of the accounts on which a promise runs."""
    running = select(PromiseToPay.account_id).where(
        PromiseToPay.account_id.in_(account_ids), PromiseToPay.status == PromiseStatus.OPEN
    )
    return set(session.scalars(running))
