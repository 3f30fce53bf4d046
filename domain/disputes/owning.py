"""Owning: who handles a dispute."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.disputes import changing
from domain.disputes.model import Dispute
from domain.disputes.raising import live_under_lock
from domain.disputes.routes import check_handler
from domain.shared.actor import Actor


def assign(session: Session, account_id: int, dispute_id: int, owner_id: int | None, *, actor: Actor) -> Dispute:
    """Give a dispute to somebody who may handle it, or to nobody; its task goes with it.

    Raises NotFound, Conflict once it has ended, Invalid for somebody who does not handle disputes.
    """
    dispute = live_under_lock(session, account_id, dispute_id)
    check_handler(session, owner_id)
    handling = changing.handling_of(session, dispute)
    before, handling.owner_id = handling.owner_id, owner_id
    if before == owner_id:
        return dispute
    session.flush()
    changing.give_task(session, dispute)
    audit.record(
        session,
        "dispute.assigned",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        before={"owner_id": before},
        after={"number": dispute.number, "owner_id": owner_id},
    )
    return dispute
