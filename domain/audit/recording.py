"""Recording: write down an act, its actor and its object, with what may be personal in a side table."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS, HASHED
from domain.shared.actor import Actor
from domain.shared.chunking import chunks
from domain.shared.db.inserting import insert_all, insert_new
from domain.shared.db.session import now
from domain.shared.hashing import canonical, instant_text, row_hash, salted_digest
from domain.shared.money import Money

SALT_BYTES = 16
INSERT_ENTRY = insert(AUDIT_ENTRIES).returning(AUDIT_ENTRIES.c.id)
INSERT_PAYLOAD = insert(AUDIT_PAYLOADS)


@dataclass(frozen=True, slots=True)
class Payload:
    """What stood before an act and after it, and words about it."""

    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    words: Mapping[str, object] | None = None


def record(
    session: Session,
    act: str,
    *,
    actor: Actor,
    subject: tuple[str, int | str],
    account_id: int | None = None,
    entry_id: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    **words: object,
) -> int:
    """Add one row to the audit trail and return its id.

    `act` is "noun.verb" ("payment.recorded"); `subject` is the kind and the id of what was acted on. The actor's
    address, `before`, `after` and `words` are the payload: text, whole numbers, money, decimals, days, instants, and
    lists and mappings of these (TypeError for anything else). The row commits to SHA-256(salt ‖ payload) only.
    """
    row, kept = _written(session, act, actor, subject, account_id, entry_id, Payload(before, after, words))
    audit_id = session.execute(INSERT_ENTRY, row).scalar_one()
    session.execute(INSERT_PAYLOAD, {"id": audit_id, **kept})
    return int(audit_id)


def record_on_accounts(session: Session, act: str, *, actor: Actor, payloads: Mapping[int, Payload]) -> None:
    """The same act on many accounts, each its own subject, by a few statements; `payloads` by the account's id."""
    written = [_written(session, act, actor, ("account", one), one, None, payload) for one, payload in payloads.items()]
    for some in chunks(written):
        kept_by_digest = {row["digest"]: kept for row, kept in some}
        added = insert_new(session, AUDIT_ENTRIES, ("id",), [row for row, _ in some], returning=("id", "digest"))
        rows = [{"id": each.id, **kept_by_digest[each.digest], "sealed": False} for each in added]
        insert_all(session, AUDIT_PAYLOADS, rows)


def _written(
    session: Session,
    act: str,
    actor: Actor,
    subject: tuple[str, int | str],
    account_id: int | None,
    entry_id: int | None,
    told: Payload,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row that never changes, and the salt and the payload beside it."""
    salt = secrets.token_bytes(SALT_BYTES)
    given = {"address": actor.address, "before": told.before, "after": told.after, "words": told.words}
    payload = canonical({key: plain(value) for key, value in given.items() if value})
    subject_kind, subject_id = subject
    row: dict[str, Any] = {
        "at": now(session),
        "act": act,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "subject_kind": subject_kind,
        "subject_id": str(subject_id),
        "account_id": account_id,
        "entry_id": entry_id,
        "digest": salted_digest(salt, payload),
    }
    row["hash"] = row_hash(AUDIT_ENTRIES.name, [row[name] for name in HASHED])
    return row, {"salt": salt, "payload": payload}


def plain(value: object) -> Any:
    """`value` in JSON's own types: money as amount and currency, decimals as text, days and instants in ISO 8601."""
    if isinstance(value, Money):
        return {"amount": str(value.decimal), "currency": value.currency}
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(item) for item in value]
    raise TypeError(f"an audit payload holds no {type(value).__name__}")
