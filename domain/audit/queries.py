"""Reading the audit trail: an account's acts, or one thing's, newest first, with their payloads."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS

PAGE = 50
Position = tuple[datetime, int]
"""Where a page ends: the instant and the id of its last act."""


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the audit trail; without address, before, after and words once these were erased."""

    id: int
    at: datetime
    act: str
    actor_kind: str
    actor_id: int | None
    subject_kind: str
    subject_id: str
    account_id: int | None
    entry_id: int | None
    erased_at: datetime | None
    address: str | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def position(self) -> Position:
        """What to give as `after` for the page behind this act."""
        return self.at, self.id


def acts_on_account(
    session: Session,
    account_id: int,
    *,
    acts: Collection[str] | None = None,
    by: tuple[str, int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: Position | None = None,
    limit: int = PAGE,
) -> list[Act]:
    """What was done on an account, newest first, only `acts` if given; the next page is `after` the last position.

    `by` is the kind and the id of who did it; from `since` on, and before `until`.
    """
    wanted = _ACTS.where(AUDIT_ENTRIES.c.account_id == account_id)
    if by is not None:
        wanted = wanted.where(AUDIT_ENTRIES.c.actor_kind == by[0], AUDIT_ENTRIES.c.actor_id == by[1])
    if since is not None:
        wanted = wanted.where(AUDIT_ENTRIES.c.at >= since)
    if until is not None:
        wanted = wanted.where(AUDIT_ENTRIES.c.at < until)
    return _acts(session, wanted if acts is None else wanted.where(AUDIT_ENTRIES.c.act.in_(acts)), after, limit)


def acts_on(
    session: Session,
    subject: tuple[str, int | str],
    *,
    acts: Collection[str] | None = None,
    after: Position | None = None,
    limit: int = PAGE,
) -> list[Act]:
    """What was done to one thing, newest first, only these acts if they are given; `subject` as it was recorded."""
    kind, subject_id = subject
    of_subject = (AUDIT_ENTRIES.c.subject_kind == kind) & (AUDIT_ENTRIES.c.subject_id == str(subject_id))
    wanted = _ACTS.where(of_subject)
    return _acts(session, wanted if acts is None else wanted.where(AUDIT_ENTRIES.c.act.in_(acts)), after, limit)


_ACTS: Select[Any] = select(AUDIT_ENTRIES, AUDIT_PAYLOADS.c.payload, AUDIT_PAYLOADS.c.erased_at).join(
    AUDIT_PAYLOADS, AUDIT_PAYLOADS.c.id == AUDIT_ENTRIES.c.id
)


def _acts(session: Session, wanted: Select[Any], after: Position | None, limit: int) -> list[Act]:
    if after is not None:
        wanted = wanted.where(tuple_(AUDIT_ENTRIES.c.at, AUDIT_ENTRIES.c.id) < after)
    newest_first = wanted.order_by(AUDIT_ENTRIES.c.at.desc(), AUDIT_ENTRIES.c.id.desc()).limit(limit)
    return read_acts(session.execute(newest_first).all())


def read_acts(rows: Sequence[Any]) -> list[Act]:
    """Rows of the trail, each with its payload, as acts."""
    return [
        Act(
            id=row.id,
            at=row.at,
            act=row.act,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            account_id=row.account_id,
            entry_id=row.entry_id,
            erased_at=row.erased_at,
            **_given(row.payload),
        )
        for row in rows
    ]


def _given(payload: str | None) -> dict[str, Any]:
    """What a payload says; nothing of what nobody of ours can have written, so that who looks for it can go on."""
    try:
        given = json.loads(payload or "{}")
    except ValueError:
        return {}
    kinds = {"address": str, "before": dict, "after": dict, "words": dict}
    return {
        name: given[name]
        for name, kind in kinds.items()
        if isinstance(given, dict) and isinstance(given.get(name), kind)
    }
