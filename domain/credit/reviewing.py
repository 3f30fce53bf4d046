"""Reviewing: the holds of all accounts are brought up to date by the worker, and staff see how that went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import queries as audit
from domain.audit.recording import record
from domain.credit.holding import review_all
from domain.outbox import sending as outbox
from domain.outbox.model import OUTBOX
from domain.outbox.sending import Message
from domain.shared.actor import WORKER
from domain.shared.db.session import Database

REGISTER = ("credit_hold_register", "all")
"""The subject by which the audit trail knows what came of each review."""


class ReviewHolds(Message, frozen=True):
    """Bring the holds of all accounts up to date, because what rules many of them has changed; safe to repeat."""

    kind: ClassVar[str] = "review_holds"


@dataclass(frozen=True, slots=True)
class Review:
    """The last review that was asked for.

    Neither done nor given up, it is still to come, or is tried again. `changed` is of how many accounts a hold began or
    ended by it.
    """

    asked_at: datetime
    done_at: datetime | None
    given_up_at: datetime | None
    changed: int

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self.done_at is not None or self.given_up_at is not None


def ask(session: Session) -> None:
    """Have the worker look at all accounts once this transaction has committed."""
    outbox.add(session, ReviewHolds())


def carry_out(database: Database) -> int:
    """Bring the register up to date, and write down for how many accounts that changed something; how many."""
    changed = review_all(database)
    with database.transaction() as session:
        record(session, "credit_hold.all_reviewed", actor=WORKER, subject=REGISTER, after={"accounts": changed})
    return changed


def last_review(session: Session) -> Review | None:
    """The review that was asked for last; None where none ever was."""
    asked = select(OUTBOX).where(OUTBOX.c.kind == ReviewHolds.kind).order_by(OUTBOX.c.id.desc()).limit(1)
    row = session.execute(asked).one_or_none()
    if row is None:
        return None
    changed = next((act.after.get("accounts", 0) for act in audit.acts_on(session, REGISTER, limit=1)), 0)
    return Review(row.created_at, row.done_at, row.given_up_at, changed)
