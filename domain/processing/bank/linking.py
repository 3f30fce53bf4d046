"""Bank links: a line is seen to be a payout of the processor, a remittance of a partner, or a refund from our bank."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.banking.model import BookedAs, LineBooking, LineState
from domain.banking.queries import standing_booking
from domain.clearing import queries as clearing
from domain.processing.bank.lines import day_of, note, source_of, take_line
from domain.processing.reconciling import payouts
from domain.processing.refunds import banking
from domain.refunds.model import Refund, RefundStatus, RefundWay
from domain.remittances.banking import bank_by_line
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money

MOST_ALIKE = 20
"""Refunds of one amount that are offered."""


def book_payout(session: Session, line_id: int, payout_id: int, *, actor: Actor, confidence: str | None = None) -> None:
    """The line is a payout's; where the processor's word of its arrival came first, nothing more is posted.

    Conflict for a payout that another line is of, or that the processor has taken back.
    """
    payout = clearing.payout(session, payout_id)
    line, _ = take_line(session, line_id, LineState.BOOKED, LineState.OPEN)
    if line.amount != payout.amount:
        raise Invalid(N_("The payout was for {amount}."), field="amount", amount=payout.amount)
    other = select(LineBooking.id).where(
        LineBooking.booked_as == BookedAs.PAYOUT, LineBooking.subject == payout.external_id, standing_booking()
    )
    payouts.lock(session, payout)
    if session.scalar(other) is not None:
        raise Conflict(N_("Another line is of this payout already."))
    booking = note(session, line, BookedAs.PAYOUT, payout.external_id, line.amount, actor, confidence=confidence)
    payouts.payout_arrived(session, payout, day_of(session, line), actor=actor, source=source_of(booking))


def book_refund(session: Session, line_id: int, refund_id: int, *, actor: Actor, confidence: str | None = None) -> None:
    """The line is a refund that was paid from our bank or, where money came in, one that its bank sent back."""
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    accounts.lock(session, refund.account_id)
    line, _ = take_line(session, line_id, LineState.BOOKED, LineState.OPEN)
    day = day_of(session, line)
    if -line.amount == refund.amount:
        banking.refund_banked(session, refund, day, actor=actor)
    elif line.amount == refund.amount:
        why = line.reason or line.text or "sent back by the bank"
        banking.refund_sent_back(session, refund, day, why=why, actor=actor)
    else:
        raise Invalid(N_("The refund was for {amount}."), field="amount", amount=refund.amount)
    note(session, line, BookedAs.REFUND, refund.public_id, line.amount, actor, refund.account_id, confidence)


def book_remittance(
    session: Session, line_id: int, remittance_id: int, *, actor: Actor, confidence: str | None = None
) -> None:
    """The line is a partner's remittance: it is at the bank from its day on, unless somebody had said so before.

    Conflict where that was withdrawn, or another line is of it; Invalid for another amount.
    """
    line, _ = take_line(session, line_id, LineState.BOOKED, LineState.OPEN)
    booking = note(
        session, line, BookedAs.REMITTANCE, f"remittance:{remittance_id}", line.amount, actor, confidence=confidence
    )
    on, source = day_of(session, line), source_of(booking)
    bank_by_line(session, remittance_id, line.id, line.amount, on, source=source, actor=actor)


def refunds_gone_out(session: Session, amount: Money) -> list[Refund]:
    """Refunds of this amount that our bank has paid, and of which a line of money that came in may be the return."""
    wanted = select(Refund).where(
        Refund.way == RefundWay.BANK,
        Refund.status == RefundStatus.SUCCEEDED,
        Refund.amount_minor == amount.minor,
        Refund.currency == amount.currency,
    )
    return list(session.scalars(wanted.order_by(Refund.id.desc()).limit(MOST_ALIKE)))
