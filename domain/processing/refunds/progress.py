"""Refund progress: a refund is out, or comes to nothing; what follows from each, whoever brings the news."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.outbox import sending as outbox
from domain.processing import money_left
from domain.processing.messages import TellRefund
from domain.receivables.model import WithdrawalKind
from domain.refunds import changing
from domain.refunds.model import Refund, RefundSource, RefundStatus, RefundWay
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind

WAITING_TASKS = (TaskKind.REFUND_APPROVAL, TaskKind.REFUND_TO_EXPLAIN, TaskKind.REFUND_UNKNOWN)
"""What is settled by itself when a refund has come to nothing."""


def went_out(session: Session, refund: Refund, at: datetime, *, actor: Actor) -> None:
    """The processor has taken the refund, or the bank shows it: the customer is told, once. The account is locked."""
    if refund.sent_at is not None:
        return
    refund.sent_at = at
    working.settle(session, TaskKind.REFUND_UNKNOWN, subject=("refund", refund.public_id))
    if not refund.outside:
        outbox.add(session, TellRefund(refund_id=refund.id, news="sent"), account_id=refund.account_id)
        _record(session, "refund.sent", refund, actor, why=None, entry_id=None)


def came_to_nothing(session: Session, refund: Refund, status: RefundStatus, *, why: str | None, actor: Actor) -> bool:
    """The refund failed, was canceled or refused: posted back, and what was taken for it is there again and covers
    what it covered, unless that was paid meanwhile. Whether an arrow led there; a task where staff must do something.
    """
    account = accounts.lock(session, refund.account_id)
    session.refresh(refund)
    if not changing.change(session, refund, status, actor=actor, why=why):
        return False
    refund.failure = why
    entry_id = None
    if refund.source is not RefundSource.UNEXPLAINED:
        entry = ledger.post(
            session,
            kind=EntryKind.REFUND_UNDONE,
            source=refund.name,
            effective_on=today(session),
            legs=[
                debit(refund.passes_through, refund.amount),
                credit(LedgerAccount.RECEIVABLE, refund.amount, account_id=account.id),
            ],
        )
        money_left.give_payment_back(
            session,
            account,
            refund.amount,
            kind=WithdrawalKind.REFUND,
            source=refund.name,
            returning=f"{refund.name}:undone",
            effective_on=entry.effective_on,
            actor=actor,
        )
        entry_id = entry.id
    for kind in WAITING_TASKS:
        working.settle(session, kind, subject=("refund", refund.public_id))
    _record(session, f"refund.{status.value}", refund, actor, why=why, entry_id=entry_id)
    if status is RefundStatus.FAILED or (status is RefundStatus.CANCELED and refund.way is RefundWay.PROCESSOR):
        _tell(session, refund, why)
    return True


def _tell(session: Session, refund: Refund, why: str | None) -> None:
    """Staff always; the customer where they had been told that the money is on its way."""
    tasks.open_task(
        session,
        TaskKind.REFUND_FAILED,
        subject=("refund", refund.public_id),
        account_id=refund.account_id,
        worth=refund.amount,
        detail={"found": why} if why else None,
    )
    if refund.sent_at is not None and refund.source is not RefundSource.UNEXPLAINED:
        outbox.add(session, TellRefund(refund_id=refund.id, news="back"), account_id=refund.account_id)


def _record(session: Session, act: str, refund: Refund, actor: Actor, *, why: str | None, entry_id: int | None) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("refund", refund.id),
        account_id=refund.account_id,
        entry_id=entry_id,
        after={"amount": refund.amount, "why": why},
    )
