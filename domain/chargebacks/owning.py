"""Owning: who handles a chargeback is whoever has its open task; there is one while it waits for somebody here."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.chargebacks.answers import locked
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, Invalid
from domain.staff import queries as staff
from domain.staff.permissions import Permission, roles_with
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.working import give

KINDS = (
    TaskKind.CHARGEBACK,
    TaskKind.CHARGEBACK_NOT_ANSWERED,
    TaskKind.CHARGEBACK_NOT_ACCEPTED,
    TaskKind.CHARGEBACK_LOST,
)
"""The tasks that a chargeback is worked by."""


def owners(session: Session, refs: Collection[str]) -> dict[str, int | None]:
    """Who handles each of these chargebacks, None for nobody; those that wait for nobody here are left out."""
    rows = session.execute(
        select(TASKS.c.subject_id, TASKS.c.owner_id)
        .where(
            TASKS.c.kind.in_(KINDS),
            TASKS.c.subject_kind == "chargeback",
            TASKS.c.subject_id.in_(refs),
            TASKS.c.done_at.is_(None),
        )
        .order_by(TASKS.c.id)
    ).all()
    found: dict[str, int | None] = {}
    for row in rows:
        found[row.subject_id] = row.owner_id or found.get(row.subject_id)
    return found


def assign(session: Session, chargeback_ref: str, owner_id: int | None, *, actor: Actor) -> None:
    """Give a chargeback, which is its tasks, to somebody who may handle it, or to nobody.

    Raises NotFound, Conflict where it waits for nobody here, Invalid for somebody who does not handle disputes.
    """
    chargeback = locked(session, chargeback_ref)
    able = staff.in_roles(session, roles_with(Permission.HANDLE_DISPUTES))
    if owner_id is not None and owner_id not in {one.id for one in able}:
        raise Invalid(N_("Choose somebody who handles disputes."), field="owner")
    now_with = owners(session, [chargeback_ref])
    if chargeback_ref not in now_with:
        raise Conflict(N_("Nothing is to be done about this chargeback just now."))
    if now_with[chargeback_ref] == owner_id:
        return
    keep(session, chargeback_ref, owner_id)
    record(
        session,
        "chargeback.assigned",
        actor=actor,
        subject=("chargeback", chargeback.id),
        account_id=chargeback.account_id,
        before={"owner_id": now_with[chargeback_ref]},
        after={"owner_id": owner_id},
    )


def keep(session: Session, chargeback_ref: str, owner_id: int | None) -> None:
    """Make all that is to be done about a chargeback theirs, as after news that has opened another task."""
    for kind in KINDS:
        give(session, kind, subject=("chargeback", chargeback_ref), owner_id=owner_id)
