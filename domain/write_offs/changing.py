"""Changing: the one place where a write-off's state changes, along its arrows, with what that stops and starts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import working
from domain.tasks.model import TaskKind
from domain.write_offs.model import ARROWS, WRITE_OFF_NAMES, WriteOff, WriteOffChange, WriteOffStatus

CAN_GO_ON = frozenset({WriteOffStatus.PROPOSED, WriteOffStatus.STANDING})
"""The states in which something of it is still to come; in the others it has ended."""
NEVER_STOOD = frozenset({WriteOffStatus.DECLINED, WriteOffStatus.DROPPED})
"""How a proposal ends of which nothing came."""


def note(
    session: Session,
    written: WriteOff,
    before: WriteOffStatus | None,
    *,
    actor: Actor,
    why: str | None = None,
    entry_id: int | None = None,
) -> None:
    """Keep a change of state: who, when, why; and tell the audit and the account's timeline."""
    session.flush()
    session.add(
        WriteOffChange(
            write_off_id=written.id,
            before=before,
            after=written.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
    audit.record(
        session,
        f"write_off.{written.status}",
        actor=actor,
        subject=("write_off", written.id),
        account_id=written.account_id,
        entry_id=entry_id,
        before={"status": before},
        after={
            "status": written.status,
            "kind": written.kind,
            "amount": written.amount,
            "left": written.left,
            "number": session.scalars(select(Invoice.number).where(Invoice.id == written.invoice_id)).one(),
            "why": why,
        },
    )


def change(
    session: Session,
    written: WriteOff,
    after: WriteOffStatus,
    *,
    actor: Actor,
    why: str | None = None,
    entry_id: int | None = None,
) -> None:
    """Move a write-off of a locked account; Conflict where no arrow leads there.

    While it stands in the books we ask for the invoice no more; after that it is as it was.
    """
    before = written.status
    check_arrow(written, after)
    written.status = after
    if after in NEVER_STOOD:
        written.left_minor = 0
    written.ended_at = None if after in CAN_GO_ON else now(session)
    note(session, written, before, actor=actor, why=why, entry_id=entry_id)
    if after is WriteOffStatus.STANDING:
        stops.write(
            session,
            written.account_id,
            StopKind.WRITE_OFF,
            written.source,
            actor=actor,
            invoice_id=written.invoice_id,
        )
    if before is WriteOffStatus.STANDING:
        stops.lift(session, StopKind.WRITE_OFF, written.source, actor=actor)
    if before is WriteOffStatus.PROPOSED:
        working.settle(session, TaskKind.WRITE_OFF_APPROVAL, subject=("write_off", written.id))
    if after in (WriteOffStatus.RECOVERED, WriteOffStatus.TAKEN_BACK):
        working.settle(session, TaskKind.TAX_RELIEF_DUE, subject=("write_off", written.id))


def check_arrow(written: WriteOff, after: WriteOffStatus) -> None:
    """Conflict where no arrow leads from its state to that one."""
    if after not in ARROWS[written.status]:
        raise Conflict(N_("This has moved on meanwhile: {state}."), state=WRITE_OFF_NAMES[written.status])
