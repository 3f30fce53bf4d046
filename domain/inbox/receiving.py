"""Receiving: keep an event as it arrived, once; no rule runs here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.inbox.model import EVENTS
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now


def receive(
    session: Session,
    *,
    source: str,
    external_id: str,
    kind: str,
    object_ref: str,
    payload: Mapping[str, Any],
    occurred_at: datetime,
) -> bool:
    """Keep the event `external_id` of `source` about `object_ref`, due at once; False where it was here before."""
    values = {
        "source": source,
        "external_id": external_id,
        "kind": kind,
        "object_ref": object_ref,
        "payload": dict(payload),
        "occurred_at": occurred_at,
        "received_at": now(session),
        "due_at": now(session),
        "attempts": 0,
    }
    return insert_if_new(session, EVENTS, ("source", "external_id"), values) is not None
