"""Changing: the one place where a placement's state changes, along its arrows, with what that stops and starts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.placements import queries
from domain.placements.model import (
    ARROWS,
    PLACED,
    PLACEMENT_NAMES,
    Closing,
    Partner,
    Placement,
    PlacementChange,
    PlacementStatus,
)
from domain.placements.people import delivering
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import working
from domain.tasks.model import TaskKind


def note(
    session: Session, placement: Placement, before: PlacementStatus | None, *, actor: Actor, why: str | None = None
) -> None:
    """Keep a change of state: who, when, why; and tell the audit and the account's timeline."""
    session.flush()
    session.add(
        PlacementChange(
            placement_id=placement.id,
            before=before,
            after=placement.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
    minor = placement.proposed_minor if placement.placed_minor is None else placement.placed_minor
    audit.record(
        session,
        f"placement.{placement.status}",
        actor=actor,
        subject=("placement", placement.id),
        account_id=placement.account_id,
        before={"status": before},
        after={
            "status": placement.status,
            "amount": Money(minor, placement.currency),
            "partner": session.scalars(select(Partner.name).where(Partner.id == placement.partner_id)).one(),
            "closing": placement.closing,
            "why": why,
        },
    )


def change(
    session: Session,
    placement: Placement,
    after: PlacementStatus,
    *,
    actor: Actor,
    why: str | None = None,
    closing: Closing | None = None,
) -> None:
    """Move a placement of a locked account; Conflict where no arrow leads there.

    While it lies with the partner we chase none of its invoices; once it is back they are where they were.
    """
    before = placement.status
    if after not in ARROWS[before]:
        raise Conflict(N_("This has moved on meanwhile: {state}."), state=PLACEMENT_NAMES[before])
    placement.status = after
    placement.closing = closing
    placement.ended_at = None if after in PLACED or after is PlacementStatus.APPROVED else now(session)
    note(session, placement, before, actor=actor, why=why)
    if placement.sent_at is not None:
        delivering.lay(session, placement)
    if after in PLACED and before not in PLACED:
        _protect(session, placement, actor=actor)
    if before in PLACED and after not in PLACED:
        stops.lift(session, StopKind.PLACEMENT, placement.source, actor=actor)
    if before is PlacementStatus.PROPOSED:
        working.settle(session, TaskKind.PLACEMENT_APPROVAL, subject=("placement", placement.id))


def _protect(session: Session, placement: Placement, *, actor: Actor) -> None:
    """Hold the chasing of each invoice that was handed over."""
    for invoice_id in queries.handed_over(session, placement.id):
        stops.write(
            session, placement.account_id, StopKind.PLACEMENT, placement.source, actor=actor, invoice_id=invoice_id
        )
