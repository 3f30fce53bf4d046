"""Checking: having everything checked in the background (the books, every seal, every sealed row) and what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from domain.audit.queries import Act, acts_on
from domain.audit.reading import Wanted, find
from domain.audit.recording import record
from domain.ledger.check_some import newest_seal
from domain.ledger.findings import Finding
from domain.outbox import sending as outbox
from domain.outbox.sending import Message
from domain.processing.checks import check_books
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Conflict

ASKED, DONE = "audit.check_asked", "audit.checked"
SUBJECT = "audit_check"
KEPT = 50
"""So many findings are kept with a check; how many there were in all is kept too."""
PATIENCE = timedelta(hours=2)
"""After that a check without an end counts as lost, and another may be asked for."""


class CheckEverything(Message, frozen=True):
    """Check the books and the trail; repeating it only writes down once what was found."""

    kind: ClassVar[str] = "check_everything"
    asked_id: int


@dataclass(frozen=True, slots=True)
class Check:
    """One check: who asked for it and when, when it ended (None: not yet), and what it found."""

    asked: Act
    ended_at: datetime | None
    through_seal: int | None
    count: int
    found: Sequence[dict[str, Any]]


def ask(session: Session, *, actor: Actor) -> int:
    """Have the worker check everything; Conflict while a check is under way."""
    newest = next(iter(checks(session, limit=1)), None)
    if newest is not None and newest.ended_at is None and newest.asked.at > now(session) - PATIENCE:
        raise Conflict(N_("A check is under way. What it finds appears here."))
    asked_id = record(session, ASKED, actor=actor, subject=(SUBJECT, "everything"))
    outbox.add(session, CheckEverything(asked_id))
    return asked_id


def check_everything(database: Database, asked_id: int) -> list[Finding]:
    """Check all that was asked for, from one moment of the books, and write down what was found."""
    with database.reading() as session:
        if _end_of(session, asked_id) is not None:
            return []
        seal = newest_seal(session)
        findings = check_books(session)
    with database.transaction() as session:
        if _end_of(session, asked_id) is None:
            after = {
                "through_seal": seal.number if seal is not None else None,
                "count": len(findings),
                "found": [{"place": each.place, "words": each.words} for each in findings[:KEPT]],
            }
            record(session, DONE, actor=WORKER, subject=(SUBJECT, asked_id), after=after)
    return findings


def checks(session: Session, limit: int = 10) -> list[Check]:
    """The last checks of everything, the newest first."""
    acts = find(session, Wanted(acts=(ASKED, DONE)), limit=2 * limit).acts
    ends = {act.subject_id: act for act in acts if act.act == DONE}
    return [_check(asked, ends.get(str(asked.id))) for asked in acts if asked.act == ASKED][:limit]


def _check(asked: Act, end: Act | None) -> Check:
    after = end.after if end is not None else {}
    return Check(
        asked,
        end.at if end is not None else None,
        after.get("through_seal"),
        int(after.get("count", 0)),
        after.get("found", ()),
    )


def _end_of(session: Session, asked_id: int) -> Act | None:
    return next(iter(acts_on(session, (SUBJECT, asked_id), acts=(DONE,), limit=1)), None)
