"""Banking: a line of our bank is a partner's remittance, or was taken for it by mistake."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.remittances.model import Difference, Remittance, RemittanceLine, RemittanceStatus
from domain.remittances.remitting import bank_remittance, locked
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.tasks import working
from domain.tasks.model import TaskKind


def bank_by_line(
    session: Session, remittance_id: int, line_id: int, amount: Money, on: date, *, source: str, actor: Actor
) -> Remittance:
    """A line of the bank is this remittance; nothing more is posted where it was at the bank on somebody's word.

    Raises Invalid for another amount, Conflict where it was withdrawn or another line is of it.
    """
    remittance = locked(session, remittance_id)
    if remittance.paid != amount:
        raise Invalid(N_("The remittance was for {amount}."), field="amount", amount=remittance.paid)
    if remittance.bank_line_id is not None:
        raise Conflict(N_("Another line is of this remittance already."))
    if remittance.status is RemittanceStatus.BANKED:
        remittance.bank_line_id = line_id
        session.flush()
        return remittance
    return bank_remittance(session, remittance_id, on, actor=actor, bank_line_id=line_id, source=source)


def may_be_taken_back(session: Session, remittance_id: int) -> Remittance:
    """A remittance of which a line can be taken back; Conflict where what came of it was dealt with since.

    It only reads: whoever takes the line back has `locked` the remittance before.
    """
    remittance = session.get_one(Remittance, remittance_id, populate_existing=True)
    puts_right = select(RemittanceLine.id).where(
        RemittanceLine.remittance_id == remittance_id, RemittanceLine.corrects_id.is_not(None)
    )
    put_right = select(RemittanceLine.id).where(
        RemittanceLine.corrects_id == remittance_id, RemittanceLine.withdrawn_at.is_(None)
    )
    if remittance.difference in (Difference.ACCEPTED, Difference.MADE_GOOD) or session.scalar(put_right):
        raise Conflict(N_("The difference of {reference} has been dealt with."), reference=remittance.reference)
    if session.scalar(puts_right):
        raise Conflict(N_("{reference} puts an earlier remittance right."), reference=remittance.reference)
    return remittance


def take_back(session: Session, remittance: Remittance, *, awaited: bool) -> None:
    """No line is of this any more; where nothing else says that it was at the bank, its money is awaited again."""
    remittance.bank_line_id = None
    if awaited:
        remittance.status, remittance.banked_on = RemittanceStatus.TOLD, None
        remittance.difference, remittance.difference_minor = Difference.NONE, 0
        working.settle(session, TaskKind.REMITTANCE_DIFFERENCE, subject=("remittance", remittance.id))
    session.flush()
