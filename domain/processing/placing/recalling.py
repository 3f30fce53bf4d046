"""Recalling: what a partner says nothing about for as long as the terms let it is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.payments import queries as payments
from domain.placements import ending, queries
from domain.placements.correspondence.model import PlacementNote
from domain.placements.model import Placement, PlacementChange, PlacementStatus
from domain.policies.ruling import in_force, published
from domain.policies.whom import ruled
from domain.remittances.model import PlacedCollection, PlacementCost, Way
from domain.shared.actor import WORKER
from domain.shared.db.session import now, today

WAITED_FOR = (PlacementStatus.SENT, PlacementStatus.ACTIVE)
"""The states in which a partner should let us hear something; one that is on hold was asked to wait."""
SILENT = "silent"
"""Why it is taken back, as the history keeps it."""


def silent(session: Session, *, placement_id: int | None = None) -> list[tuple[int, int]]:
    """The placements that partners have said nothing about for too long, as account and placement, the oldest first.

    By the policy that rules the account today. A change of state, something written, what it has collected and costs
    count as heard, and so does what we change or write: that gives the partner time anew.
    """
    days = _days(session)
    if not days:
        return []
    whom = ruled(today(session))
    too_quiet = [
        and_(whom.c.policy_id == policy_id, ~_heard_since(now(session) - timedelta(days=each)))
        for policy_id, each in days.items()
    ]
    wanted = (
        select(Placement.account_id, Placement.id)
        .join(whom, whom.c.account_id == Placement.account_id)
        .where(Placement.status.in_(WAITED_FOR), or_(*too_quiet))
        .order_by(Placement.id)
    )
    if placement_id is not None:
        wanted = wanted.where(Placement.id == placement_id)
    return [(row.account_id, row.id) for row in session.execute(wanted)]


def recall_silent(session: Session, account_id: int, placement_id: int) -> bool:
    """Take a debt back that nothing was heard of; False where something was meanwhile, or it is being paid now."""
    accounts.lock(session, account_id)
    if not silent(session, placement_id=placement_id):
        return False
    if payments.live_claims(session, queries.handed_over(session, placement_id)):
        return False
    ending.recall(session, account_id, placement_id, why=SILENT, actor=WORKER)
    return True


def _days(session: Session) -> dict[int, int]:
    """After how many days of silence each policy in force today takes a debt back; one that does not is left out."""
    versions = in_force(published(session), today(session))
    return {
        policy_id: version.sections.handoff.recall_silent_days
        for policy_id, version in versions.items()
        if version.sections.handoff is not None and version.sections.handoff.recall_silent_days is not None
    }


def _heard_since(moment: datetime) -> ColumnElement[bool]:
    """Whether something of a placement was heard, or done by us, at this moment or later."""
    return or_(
        exists().where(PlacementChange.placement_id == Placement.id, PlacementChange.at >= moment),
        exists().where(PlacementNote.placement_id == Placement.id, PlacementNote.at >= moment),
        exists().where(PlacementCost.placement_id == Placement.id, PlacementCost.told_at >= moment),
        exists().where(
            PlacedCollection.placement_id == Placement.id,
            PlacedCollection.way == Way.AGENT,
            PlacedCollection.recorded_at >= moment,
        ),
    )
