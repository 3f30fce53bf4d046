"""Warning: somebody is told well before a debt can no longer be enforced, once for each last day and each distance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.limitations import queries
from domain.limitations.facts import Timed
from domain.limitations.model import LimitationWarning
from domain.limitations.rules import warn_days
from domain.shared.chunking import chunks
from domain.shared.db.session import now, today
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import Task, TaskKind


def warn(session: Session) -> int:
    """Open a task for each account with a debt that ends soon and that nobody was told of yet; how many there were.

    A task that waits of an account on which nothing ends soon any more is settled.
    """
    near = queries.ending(session, within_days=max(warn_days()))
    _settle(session, {one.account_id for one in near})
    new = _not_told(session, near)
    by_account: dict[int, list[Timed]] = defaultdict(list)
    for one, ahead in new:
        by_account[one.account_id].append(one)
        session.execute(
            insert(LimitationWarning).values(
                invoice_id=one.invoice_id, expires_on=one.last_on, ahead_days=ahead, warned_at=now(session)
            )
        )
    for account_id, ends in by_account.items():
        first = min(one.last_on for one in ends if one.last_on)
        tasks.open_task(
            session,
            TaskKind.LIMITATION_NEAR,
            subject=("limitation", account_id),
            account_id=account_id,
            worth=Money.sum((one.open for one in ends), ends[0].open.currency),
            detail={"last_on": first.isoformat(), "invoices": [one.number for one in ends[:10]]},
        )
    return len(by_account)


def _not_told(session: Session, near: Sequence[Timed]) -> list[tuple[Timed, int]]:
    """Those of which nobody was told at the nearest distance that they have reached, with that distance."""
    told = set()
    for some in chunks([one.invoice_id for one in near]):
        rows = session.execute(
            select(LimitationWarning.invoice_id, LimitationWarning.expires_on, LimitationWarning.ahead_days).where(
                LimitationWarning.invoice_id.in_(some)
            )
        )
        told |= {(row.invoice_id, row.expires_on, row.ahead_days) for row in rows}
    found = []
    for one in near:
        assert one.last_on is not None
        ahead = min(days for days in warn_days() if (one.last_on - today(session)).days <= days)
        if (one.invoice_id, one.last_on, ahead) not in told:
            found.append((one, ahead))
    return found


def _settle(session: Session, near: set[int]) -> None:
    open_ones = session.scalars(
        select(Task.account_id).where(Task.kind == TaskKind.LIMITATION_NEAR, Task.done_at.is_(None))
    ).all()
    for account_id in open_ones:
        if account_id is not None and account_id not in near:
            working.settle(session, TaskKind.LIMITATION_NEAR, subject=("limitation", account_id))
