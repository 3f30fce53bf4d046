"""Warning: somebody is told well before a debt can no longer be enforced, once for each last day and each distance."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
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

MOST_NAMED = 10
"""So many invoices are named in a task."""


def accounts_to_warn_of(session: Session) -> list[int]:
    """The accounts with a debt that ends soon and that nobody was told of yet, or with a task that has settled itself.

    All of them are looked at without a lock; each is looked at again in its own transaction.
    """
    near = queries.ending(session, within_days=max(warn_days()))
    waiting = session.scalars(
        select(Task.account_id).where(Task.kind == TaskKind.LIMITATION_NEAR, Task.done_at.is_(None))
    )
    settled = {one for one in waiting if one is not None} - {one.account_id for one in near}
    return sorted(settled | {one.account_id for one, _ in _not_told(session, near)})


def warn(session: Session, account_id: int) -> int:
    """Open a task for what ends soon of an account and nobody was told of yet, if something does; whether it did.

    A task that waits is settled where nothing ends soon any more. Safe to repeat.
    """
    accounts.lock(session, account_id)
    near = queries.ending(session, within_days=max(warn_days()), accounts=[account_id])
    if not near:
        working.settle(session, TaskKind.LIMITATION_NEAR, subject=("limitation", account_id))
    new = _not_told(session, near)
    if not new:
        return 0
    session.add_all(
        LimitationWarning(invoice_id=one.invoice_id, expires_on=one.last_on, ahead_days=ahead, warned_at=now(session))
        for one, ahead in new
    )
    session.flush()
    ends = [one for one, _ in new]
    first = min(one.last_on for one in ends if one.last_on)
    tasks.open_task(
        session,
        TaskKind.LIMITATION_NEAR,
        subject=("limitation", account_id),
        account_id=account_id,
        worth=Money.sum((one.open for one in ends), ends[0].open.currency),
        detail={"last_on": first.isoformat(), "invoices": [one.number for one in ends[:MOST_NAMED]]},
    )
    return 1


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
