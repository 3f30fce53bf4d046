"""What the audit trail says, in the order in which it was written."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.model import AuditEntry, AuditPayload
from domain.shared.actor import ActorKind


def acts(session: Session) -> list[str]:
    """The acts alone."""
    return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def doers(session: Session, act: str) -> list[ActorKind]:
    """Who did this act, each time."""
    wanted = select(AuditEntry.actor_kind).where(AuditEntry.act == act).order_by(AuditEntry.id)
    return [ActorKind(kind) for kind in session.scalars(wanted)]


def last_payload(session: Session, act: str) -> dict[str, Any]:
    """The payload of the last row about this act."""
    statement = select(AuditPayload.payload).join(AuditEntry, AuditEntry.id == AuditPayload.id)
    words = session.scalars(statement.where(AuditEntry.act == act).order_by(AuditEntry.id.desc())).first()
    payload: dict[str, Any] = json.loads(words or "{}")
    return payload
