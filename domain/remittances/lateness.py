"""Lateness: partners that have not paid over in time what they collected, so that somebody asks for it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from domain.remittances.books import lock_partner
from domain.remittances.holding import AT_THE_BANK
from domain.remittances.model import PlacedCollection, Way
from domain.shared.db.session import now, today
from domain.shared.money import Money
from domain.tasks import working
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.opening import open_task

REMITTED_WITHIN = timedelta(days=45)
"""Agencies pay over once a month, in the month after: what was received longer ago is late."""
AGAIN_AFTER = timedelta(days=14)
"""So long after somebody has dealt with it they are left in peace."""


def partners_to_ask(session: Session) -> list[int]:
    """The partners of whom something is late that nobody is told of, or that somebody is told of in vain.

    Whoever has dealt with it is told again only after a while.
    """
    late = {partner_id for partner_id, _, _ in _late(session)}
    told = select(TASKS.c.subject_id, TASKS.c.done_at).where(TASKS.c.kind == TaskKind.REMITTANCE_LATE)
    rows = session.execute(told.where(TASKS.c.done_at.is_(None) | (TASKS.c.done_at > now(session) - AGAIN_AFTER))).all()
    waiting = {int(row.subject_id) for row in rows if row.done_at is None}
    return sorted((late - {int(row.subject_id) for row in rows}) | (waiting - late))


def ask_in_time(session: Session, partner_id: int) -> bool:
    """Have somebody ask a partner for what is late, or have the task off the list where nothing is any more."""
    lock_partner(session, partner_id)
    late = [row for row in _late(session) if row[0] == partner_id]
    if not late:
        working.settle(session, TaskKind.REMITTANCE_LATE, subject=("partner", partner_id))
        return True
    _, currency, minor = late[0]
    subject = ("partner", partner_id)
    return open_task(session, TaskKind.REMITTANCE_LATE, subject=subject, worth=Money(minor, currency)) is not None


def _late(session: Session) -> list[tuple[int, str, int]]:
    """Partner, currency and sum of what is late, where that is more than went back."""
    amount = cast(func.sum(PlacedCollection.amount_minor), BigInteger)
    rows = session.execute(
        select(PlacedCollection.partner_id, PlacedCollection.currency, amount.label("minor"))
        .where(
            PlacedCollection.way == Way.AGENT,
            PlacedCollection.received_on < today(session) - REMITTED_WITHIN,
            ~AT_THE_BANK,
        )
        .group_by(PlacedCollection.partner_id, PlacedCollection.currency)
        .having(func.sum(PlacedCollection.amount_minor) > 0)
        .order_by(PlacedCollection.partner_id, PlacedCollection.currency)
    )
    return [(row.partner_id, row.currency, row.minor) for row in rows]
