"""Erasing: take what is personal out of an audit row on a legal ground; the row stays, and proves itself without it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS, ERASED
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound


def erase_payload(session: Session, audit_id: int, *, ground: str, actor: Actor) -> None:
    """Remove the payload and the salt of one audit row for good, and record that this was done, by whom and why.

    Raises Invalid without a ground, NotFound for no such row, Conflict when it was erased before.
    """
    if not ground.strip():
        raise Invalid(N_("Say on what legal ground this is erased."), field="ground")
    found = session.execute(
        select(AUDIT_ENTRIES.c.account_id, AUDIT_PAYLOADS.c.erased_at)
        .join(AUDIT_PAYLOADS, AUDIT_PAYLOADS.c.id == AUDIT_ENTRIES.c.id)
        .where(AUDIT_ENTRIES.c.id == audit_id)
        .with_for_update(of=AUDIT_PAYLOADS)
    ).one_or_none()
    if found is None:
        raise NotFound
    if found.erased_at is not None:
        raise Conflict(N_("This was erased already."))
    session.execute(
        update(AUDIT_PAYLOADS)
        .where(AUDIT_PAYLOADS.c.id == audit_id)
        .values(salt=None, payload=None, erased_at=now(session), ground=ground)
    )
    record(
        session,
        ERASED,
        actor=actor,
        subject=(AUDIT_ENTRIES.name, audit_id),
        account_id=found.account_id,
        ground=ground,
    )
