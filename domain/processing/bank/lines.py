"""Lines: one line of a bank statement is locked, moved along its arrows, and what it was booked as written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.banking.model import ARROWS, BankLine, BookedAs, LineBooking, LineState, UndoneBooking
from domain.banking.queries import standing_booking
from domain.payments.model import Payment
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind


def take_line(session: Session, line_id: int, to: LineState, *only_from: LineState) -> tuple[BankLine, LineState]:
    """Lock a line, move it along an arrow, and say where it stood; Conflict when somebody was faster."""
    line = session.get(BankLine, line_id, with_for_update=True, populate_existing=True)
    if line is None:
        raise NotFound
    was = line.state
    if to not in ARROWS[was] or (only_from and was not in only_from):
        raise Conflict(N_("This line has been dealt with already."))
    line.state = to
    return line, was


def note(
    session: Session,
    line: BankLine,
    booked_as: BookedAs,
    subject: str,
    amount: Money,
    actor: Actor,
    account_id: int | None = None,
    confidence: str | None = None,
) -> LineBooking:
    """Write down what (a part of) a line was booked as; `confidence` where a suggestion was accepted."""
    booking = LineBooking(
        line_id=line.id,
        booked_as=booked_as,
        subject=subject,
        account_id=account_id,
        amount_minor=amount.minor,
        confidence=confidence,
        booked_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(booking)
    session.flush()
    after = {"as": booked_as.value, "subject": subject, "amount": amount}
    act = "bank_line.rebooked" if _was_undone(session, line) else "bank_line.booked"
    record(session, line, act, actor, after, account_id=account_id)
    return booking


def source_of(booking: LineBooking) -> str:
    """How the entry is named by which a link puts something at the bank: each has its own, so that it can be undone."""
    return f"line_booking:{booking.id}"


def day_of(session: Session, line: BankLine) -> date:
    """The day for which a line is booked: its value date, which banks also set days ahead, or today before that."""
    return min(line.value_on, today(session))


def shown_by_line() -> ColumnElement[bool]:
    """For a query of payments: that a line of the bank was booked as the receipt."""
    as_receipt = LineBooking.booked_as.in_((BookedAs.RECORDED_RECEIPT, BookedAs.PAYMENT))
    return exists().where(LineBooking.subject == Payment.public_id, as_receipt, standing_booking())


def open_task(session: Session, line: BankLine) -> None:
    """Somebody is to find out whose parked money it is."""
    tasks.open_task(
        session,
        TaskKind.UNIDENTIFIED_RECEIPT,
        subject=("bank_line", line.id),
        worth=line.amount,
        detail={"from": line.counterparty_name, "text": line.text[:200]},
    )


def settle_task(session: Session, line: BankLine) -> None:
    """Nobody has to find out any more whose parked money it is."""
    working.settle(session, TaskKind.UNIDENTIFIED_RECEIPT, subject=("bank_line", line.id))


def _was_undone(session: Session, line: BankLine) -> bool:
    """Whether the line had been booked by mistake before."""
    undone = select(UndoneBooking.booking_id).join(LineBooking, LineBooking.id == UndoneBooking.booking_id)
    return session.scalar(undone.where(LineBooking.line_id == line.id).limit(1)) is not None


def record(
    session: Session,
    line: BankLine,
    act: str,
    actor: Actor,
    after: Mapping[str, object],
    *,
    account_id: int | None = None,
) -> None:
    """Leave what was done with a line in the audit trail."""
    audit.record(session, act, actor=actor, subject=("bank_line", line.id), account_id=account_id, after=after)
