"""Undoing: a line that was booked to the wrong account, or linked to the wrong thing, is taken back and booked anew."""

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
from domain.processing.bank.unlinking import LINKS, Unlinked, unlink, would_unlink
from domain.processing.money_left import would_uncover
from domain.processing.receipts.undoing import check_undoing, undo_receipt
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money

UNDOABLE = LINKS | {BookedAs.PAYMENT}
NOT_UNDOABLE = N_(
    "Only a line that was booked as payments, recorded receipts, a payout or a remittance can be booked differently."
)
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A receipt that is taken off its account, and which invoices that opens again, by how much."""

    payment: Payment
    uncovered: Sequence[Uncovered]


def may_be_undone(session: Session, line_id: int) -> bool:
    """Whether a line stands as something that can be booked differently, unless it was built upon since."""
    standing = _standing(session, line_id)
    return bool(standing) and all(booking.booked_as in UNDOABLE for booking in standing)


def would_undo(session: Session, line_id: int) -> list[TakenBack | Unlinked]:
    """What booking a line differently takes back; Conflict, with the reason, where it can no longer be done."""
    return [_would_take_back(session, booking) for booking in _undoable(session, line_id)]


def undo(session: Session, line_id: int, *, reason: str, actor: Actor) -> list[TakenBack | Unlinked]:
    """Take back all that a line was booked as: it waits again, open or parked as it was before, to be booked anew.

    Raises Invalid without a reason, and Conflict where money of its receipts has left their accounts since, where a
    receipt has come back, or where the line is neither payments nor a link.
    """
    if not reason.strip():
        raise Invalid(N_("Say what was wrong."), field="reason")
    for account_id in sorted({each.account_id for each in _undoable(session, line_id) if each.account_id is not None}):
        accounts.lock(session, account_id)
    to = LineState.PARKED if _was_parked(session, line_id) else LineState.OPEN
    line, _ = take_line(session, line_id, to, LineState.BOOKED)
    taken_back = []
    for booking in _undoable(session, line_id):
        session.add(
            UndoneBooking(
                booking_id=booking.id,
                reason=reason.strip(),
                undone_at=now(session),
                actor_kind=actor.kind.value,
                actor_id=actor.id,
            )
        )
        amount = Money(booking.amount_minor, line.currency)
        after = {"subject": booking.subject, "amount": amount, "why": reason.strip()}
        taken_back.append(_take_back(session, line, booking, why=reason.strip(), actor=actor))
        record(session, line, "bank_line.undone", actor, after, account_id=booking.account_id)
    if to is LineState.PARKED:
        open_task(session, line)
    return taken_back


def _undoable(session: Session, line_id: int) -> list[LineBooking]:
    """What a line stands as; Conflict where that is nothing that can be taken back."""
    if not may_be_undone(session, line_id):
        raise Conflict(NOT_UNDOABLE)
    return _standing(session, line_id)


def _standing(session: Session, line_id: int) -> list[LineBooking]:
    """What a line was booked as in the end, and still stands as."""
    ended = (LineBooking.line_id == line_id, LineBooking.booked_as != BookedAs.UNIDENTIFIED, standing_booking())
    return list(session.scalars(select(LineBooking).where(*ended).order_by(LineBooking.id)))


def _would_take_back(session: Session, booking: LineBooking) -> TakenBack | Unlinked:
    if booking.booked_as in LINKS:
        return would_unlink(session, booking)
    payment = _payment(session, booking)
    check_undoing(session, payment)
    return TakenBack(payment, would_uncover(session, payment, payment.amount))


def _take_back(
    session: Session, line: BankLine, booking: LineBooking, *, why: str, actor: Actor
) -> TakenBack | Unlinked:
    if booking.booked_as in LINKS:
        return unlink(session, booking)
    payment = _payment(session, booking)
    uncovered = undo_receipt(session, payment, why=why, actor=actor)
    _unlearn(session, payment.account_id, line)
    return TakenBack(payment, uncovered)


def _payment(session: Session, booking: LineBooking) -> Payment:
    return session.scalars(select(Payment).where(Payment.public_id == booking.subject)).one()


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
