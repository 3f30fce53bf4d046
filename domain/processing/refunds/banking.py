"""Refund banking: refunds that go out from our own bank: paid, sent back by the customer's bank, or never made."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.ledger.streams import bank_stream
from domain.processing.refunds import progress
from domain.refunds import changing
from domain.refunds.model import Refund, RefundStatus, RefundWay
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid


def refund_banked(session: Session, refund: Refund, on: date, *, actor: Actor) -> None:
    """A refund from the bank has gone out, by the bank's line or on staff's word; Conflict when it is not awaited."""
    _awaited(session, refund, RefundStatus.PENDING)
    _refuse_the_future(session, on)
    refund.moved_at = now(session)
    ledger.post(
        session,
        kind=EntryKind.REFUND_BANKED,
        source=refund.name,
        effective_on=on,
        legs=[debit(refund.passes_through, refund.amount), credit(LedgerAccount.BANK, refund.amount)],
        stream=bank_stream(refund.currency),
    )
    changing.change(session, refund, RefundStatus.SUCCEEDED, actor=actor)
    progress.went_out(session, refund, now(session), actor=actor)


def refund_sent_back(session: Session, refund: Refund, on: date, *, why: str, actor: Actor) -> None:
    """The customer's bank did not take it, and the money is at our bank again; Conflict unless it had gone out."""
    _awaited(session, refund, RefundStatus.SUCCEEDED)
    _refuse_the_future(session, on)
    if not why.strip():
        raise Invalid(N_("Say why it came back."), field="why")
    refund.moved_back_at = now(session)
    ledger.post(
        session,
        kind=EntryKind.REFUND_BANKED,
        source=f"{refund.name}:back",
        effective_on=on,
        legs=[debit(LedgerAccount.BANK, refund.amount), credit(refund.passes_through, refund.amount)],
        stream=bank_stream(refund.currency),
    )
    session.flush()
    progress.came_to_nothing(session, refund, RefundStatus.FAILED, why=why.strip(), actor=actor)


def cancel(session: Session, refund: Refund, *, why: str, actor: Actor) -> None:
    """A refund from the bank is not made after all: what was taken for it comes back; Conflict when it has gone out."""
    _awaited(session, refund, RefundStatus.PENDING)
    if not why.strip():
        raise Invalid(N_("Say why it is not made."), field="why")
    progress.came_to_nothing(session, refund, RefundStatus.CANCELED, why=why.strip(), actor=actor)


def _awaited(session: Session, refund: Refund, status: RefundStatus) -> None:
    accounts.lock(session, refund.account_id)
    session.refresh(refund)
    if refund.way is not RefundWay.BANK or refund.status is not status:
        raise Conflict(N_("The bank is not expected to show this refund."))


def _refuse_the_future(session: Session, on: date) -> None:
    if on > today(session):
        raise Invalid(N_("Enter the day on which the bank shows it; that cannot be in the future."), field="on")
