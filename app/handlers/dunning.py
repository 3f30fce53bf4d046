"""Dunning: decides on the notices that are due, each account in a transaction of its own; several may run at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from app.handlers.failing import failed
from domain.dunning import calling_off, escalating, pausing, rules
from domain.dunning.selecting import DueAccount, due_accounts
from domain.dunning.stepping import step
from domain.dunning.turns import Did
from domain.notices.reach.governor import hours_allow, profile_of
from domain.shared.actor import WORKER
from domain.shared.db.session import Database, now, today


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: notices decided on, accounts held back, decisions asked for, and accounts that failed."""

    notices: int = 0
    held_back: int = 0
    escalated: int = 0
    failed: Did = field(default_factory=Did)

    @property
    def did(self) -> Did:
        """All of it together, as the worker tells of it."""
        return Did(self.notices + self.held_back + self.escalated) + self.failed

    def __add__(self, other: Turn) -> Turn:
        return Turn(
            self.notices + other.notices,
            self.held_back + other.held_back,
            self.escalated + other.escalated,
            self.failed + other.failed,
        )


def decide_due(database: Database) -> Turn:
    """Decide on all notices that are due and whose hour it is, and ask for decisions where the sequence is through.

    What waits for somebody and is no longer true is called off. Safe to repeat, to be killed and to run twice at once:
    what is due is derived anew, under each account's lock. An account that fails keeps no other from its turn.
    """
    with database.reading() as session:
        if pausing.paused(session) is not None:
            return Turn()
        lost, untrue = calling_off.missed(session), calling_off.untrue(session)
    stepped_back = [_tried(database, account_id, partial(_stepped_back, account_id)) for account_id in lost]
    called_off = [_tried(database, account_id, partial(_called_off, account_id)) for account_id in untrue]
    with database.reading() as session:
        book = rules.sequences(session, today(session))
        waiting = [due.account_id for due in due_accounts(session, book, today(session)) if _is_hour(due, now(session))]
        through = escalating.to_escalate(session, book, today(session))
    stepped = (_tried(database, account_id, partial(_stepped, account_id, book)) for account_id in waiting)
    escalated = (_tried(database, account_id, partial(_escalated, account_id, by)) for account_id, by in through)
    return sum((*stepped_back, *called_off, *stepped, *escalated), Turn())


def _is_hour(due: DueAccount, at: datetime) -> bool:
    """Whether now lies within the hours of whoever would be contacted; the step itself looks again."""
    profile = profile_of(due.legal_form, due.country, due.recipient)
    return hours_allow(profile, due.channel, at, due.time_zone)


def _tried(database: Database, account_id: int, act: Callable[[Session], Turn]) -> Turn:
    try:
        with database.transaction() as session:
            return act(session)
    except Exception as problem:
        return Turn(failed=failed("reminders", f"account {account_id}", problem))


def _stepped_back(account_id: int, session: Session) -> Turn:
    calling_off.step_back(session, account_id)
    return Turn()


def _called_off(account_id: int, session: Session) -> Turn:
    return Turn(held_back=calling_off.call_off_untrue(session, account_id, actor=WORKER))


def _stepped(account_id: int, book: rules.Book, session: Session) -> Turn:
    plan = step(session, account_id, book, actor=WORKER)
    if plan is None or plan.wait_until is not None:
        return Turn()
    return Turn(held_back=1) if plan.why else Turn(notices=1)


def _escalated(account_id: int, sequence: rules.Sequence, session: Session) -> Turn:
    return Turn(escalated=int(escalating.escalate(session, account_id, sequence) is not None))
