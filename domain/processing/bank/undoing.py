"""Undoing: a line that was booked as payments of the wrong account or invoices is taken back, and booked anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.banking.model import (
    PAYER_BANK_ACCOUNTS,
    BankLine,
    BookedAs,
    LineBooking,
    LineState,
    UndoneBooking,
)
from domain.banking.queries import standing_booking
from domain.payments.model import Payment
from domain.processing.bank.lines import open_task, record, take_line
from domain.processing.money_left import would_uncover
from domain.processing.receipts.undoing import check_undoing, undo_receipt
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid

ONLY_PAYMENTS = N_("Only a line that was booked as payments can be booked differently.")
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A receipt that is taken off its account, and which invoices that opens again, by how much."""

    payment: Payment
    uncovered: Sequence[Uncovered]


def may_be_undone(session: Session, line_id: int) -> bool:
    """Whether a line stands as payments of accounts, so that it can be booked differently, if nothing has left them."""
    return bool(_payments(session, line_id))


def would_undo(session: Session, line_id: int) -> list[TakenBack]:
    """What booking a line differently takes back; Conflict, with the reason, where it can no longer be done."""
    found = []
    for _, payment in _standing(session, line_id):
        check_undoing(session, payment)
        found.append(TakenBack(payment, would_uncover(session, payment, payment.amount)))
    return found


def undo(session: Session, line_id: int, *, reason: str, actor: Actor) -> list[TakenBack]:
    """Take back all that a line was booked as: it waits again, open or parked as it was before, to be booked anew.

    Raises Invalid without a reason, and Conflict where money of its receipts has left their accounts since, or where
    the line is no payment.
    """
    if not reason.strip():
        raise Invalid(N_("Say what was wrong."), field="reason")
    for account_id in sorted({payment.account_id for _, payment in _standing(session, line_id)}):
        accounts.lock(session, account_id)
    to = LineState.PARKED if _was_parked(session, line_id) else LineState.OPEN
    line, _ = take_line(session, line_id, to, LineState.BOOKED)
    taken_back = []
    for booking, payment in _standing(session, line_id):
        session.add(
            UndoneBooking(
                booking_id=booking.id,
                reason=reason.strip(),
                undone_at=now(session),
                actor_kind=actor.kind.value,
                actor_id=actor.id,
            )
        )
        uncovered = undo_receipt(session, payment, why=reason.strip(), actor=actor)
        taken_back.append(TakenBack(payment, uncovered))
        after = {"subject": booking.subject, "amount": payment.amount, "why": reason.strip()}
        record(session, line, "bank_line.undone", actor, after, account_id=payment.account_id)
        _unlearn(session, payment.account_id, line)
    if to is LineState.PARKED:
        open_task(session, line)
    return taken_back


def _standing(session: Session, line_id: int) -> list[tuple[LineBooking, Payment]]:
    """The bookings of a line as payments that count, with these; Conflict where it stands as something else."""
    found = _payments(session, line_id)
    if not found:
        raise Conflict(ONLY_PAYMENTS)
    return found


def _payments(session: Session, line_id: int) -> list[tuple[LineBooking, Payment]]:
    wanted = (
        select(LineBooking, Payment)
        .join(Payment, Payment.public_id == LineBooking.subject)
        .where(LineBooking.line_id == line_id, LineBooking.booked_as == BookedAs.PAYMENT, standing_booking())
        .order_by(LineBooking.id)
    )
    return [(booking, payment) for booking, payment in session.execute(wanted)]


def _was_parked(session: Session, line_id: int) -> bool:
    parked = select(LineBooking.id).where(
        LineBooking.line_id == line_id, LineBooking.booked_as == BookedAs.UNIDENTIFIED
    )
    return session.scalar(parked) is not None


def _unlearn(session: Session, account_id: int, line: BankLine) -> None:
    """Forget that the account pays from this bank account, unless another line has taught it too."""
    session.flush()
    known = PAYER_BANK_ACCOUNTS.c
    also = (
        exists()
        .where(
            LineBooking.line_id == BankLine.id,
            LineBooking.account_id == account_id,
            LineBooking.booked_as == BookedAs.PAYMENT,
            BankLine.counterparty_account == line.counterparty_account,
            standing_booking(),
        )
        .correlate(None)
    )
    session.execute(
        delete(PAYER_BANK_ACCOUNTS).where(
            known.account_id == account_id, known.bank_account == line.counterparty_account, ~also
        )
    )
