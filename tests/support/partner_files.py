"""Partner files: what a partner writes, by the published schema, in a line."""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO
from typing import Any

from domain.placements.correspondence.model import BroughtBy
from domain.processing.placing.answers import Answer
from domain.processing.placing.taking_in import Brought, read, take_in
from domain.shared.actor import Actor
from domain.shared.db.session import Database

HEADER = {
    "schema": "quittance-placement",
    "version": 1,
    "creditor": "Harbour Supplies Ltd",
    "partner": "Fair Recovery Ltd",
}
ANA = Actor.partner(7, "192.0.2.1")


def a_file(*records: dict[str, Any], kind: str = "updates", made_at: str = "2026-03-20T09:30:00Z") -> bytes:
    """A file of these updates or remittances."""
    return json.dumps({**HEADER, "kind": kind, "made_at": made_at, kind: list(records)}).encode()


def taken(database: Database, partner_id: int, content: bytes, *, name: str = "updates.json") -> list[Answer]:
    """What became of a partner's file."""
    brought = Brought(name, sha256(content).hexdigest(), BroughtBy.SITE)
    return take_in(database, partner_id, read(BytesIO(content)), brought, actor=ANA)


def told(answers: list[Answer]) -> list[tuple[str, str, str]]:
    """Each answer in short: what was told, what became of it, and why not."""
    return [(each.told, each.outcome.value, "" if each.why is None else str(each.why)) for each in answers]
