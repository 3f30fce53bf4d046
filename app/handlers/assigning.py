"""Assigning: accounts go to whom the rules say, a part at a time; what somebody had who left goes on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.failing import each_in_turn, in_turn
from app.wired import Wired
from domain.assignments import applying, handing_over
from domain.assignments.applying import ApplyRules
from domain.dunning import turns
from domain.dunning.turns import Did
from domain.outbox.sending import add
from domain.shared.actor import WORKER
from domain.shared.db.session import Database, today

DUTY = "assignments"


def take_due(database: Database) -> Did:
    """Hand on what somebody had who left, and give new accounts to somebody; how many, and how many failed.

    On the first turn of a day all accounts are gone through, as what is open on them has changed. Safe to repeat.
    """
    did = each_in_turn(database, DUTY, "member of staff", handing_over.to_hand_over, _hand_over)
    with database.reading() as session:
        is_first = not any(row.duty == DUTY for row in turns.on(session, today(session)))
        is_due = is_first and applying.is_needed(session)
    if is_due:
        with database.transaction() as session:
            applying.ask(session)
    return did + in_turn(database, DUTY, "new accounts", applying.apply_to_new, actor=WORKER)


def apply_rules(wired: Wired, message: ApplyRules) -> None:
    """Go through a part of the accounts, and leave the rest to a message of its own."""
    with wired.database.transaction() as session:
        _, last = applying.apply_after(session, message.after, actor=WORKER)
        if last is not None:
            add(session, ApplyRules(last))


def _hand_over(session: Session, staff_id: int) -> int:
    return handing_over.hand_over(session, staff_id, actor=WORKER)
