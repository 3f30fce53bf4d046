"""What the audit trail says, in the order in which it was written."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.model import AuditEntry, AuditPayload


def acts(session: Session) -> list[str]:
    """The acts alone."""
    return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def last_payload(session: Session, act: str) -> dict[str, Any]:
    """The payload of the last row about this act."""
    statement = select(AuditPayload.payload).join(AuditEntry, AuditEntry.id == AuditPayload.id)
    words = session.scalars(statement.where(AuditEntry.act == act).order_by(AuditEntry.id.desc())).first()
    payload: dict[str, Any] = json.loads(words or "{}")
    return payload
