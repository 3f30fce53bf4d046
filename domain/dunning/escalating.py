"""Escalating: where the sequence is through and the debt is open still, somebody is asked to decide what else to do."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.dunning.model import DunningStage
from domain.dunning.rules import Book, Sequence
from domain.dunning.second_look import look
from domain.dunning.selecting import DueStep
from domain.notices.model import WENT_OUT, Notice, NoticePart, NoticeStatus
from domain.policies.whom import ruled
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind


def to_escalate(session: Session, sequences: Book, on: date) -> list[tuple[int, Sequence]]:
    """The accounts with an invoice that somebody is to decide about that day, by id, each with its sequence."""
    found: list[tuple[int, Sequence]] = []
    for sequence in sequences.values():
        whom = ruled(on)
        rows = session.scalars(
            _through(sequence, on)
            .join(whom, whom.c.account_id == Invoice.account_id)
            .where(whom.c.policy_id == sequence.policy_id)
            .with_only_columns(Invoice.account_id)
            .distinct()
        )
        found += [(account_id, sequence) for account_id in rows]
    return sorted(found, key=lambda each: each[0])


def escalate(session: Session, account_id: int, sequence: Sequence) -> Money | None:
    """Ask somebody to decide about an account, under its lock; how much it is about, None where nothing is.

    What is held by a stop, or being paid, is looked at again tomorrow.
    """
    account = accounts.lock(session, account_id)
    day = today(session)
    rows = session.execute(
        _through(sequence, day)
        .where(Invoice.account_id == account_id)
        .with_only_columns(Invoice.id, Invoice.number, Invoice.due_on, Invoice.open_minor)
        .order_by(Invoice.due_on, Invoice.id)
    )
    last = sequence.dunning.steps[-1]
    due = [DueStep(row.id, row.number, row.due_on, row.open_minor, last, sequence.version_id) for row in rows]
    worth = Money.zero(account.currency)
    for part in look(session, account, due):
        stage = session.get_one(DunningStage, part.invoice_id, populate_existing=True)
        stage.looked_on = day
        if part.asked.minor > 0:
            stage.escalated_on = day
            worth += part.asked
    session.flush()
    if not worth:
        return None
    tasks.open_task(session, TaskKind.ESCALATION, subject=("account", account_id), account_id=account_id, worth=worth)
    return worth


def _through(sequence: Sequence, on: date) -> Select[int]:
    """Selects the open invoices that had their last step, once the day for a decision has come; none without one.

    One whose last notice waits for approval still, or names a day to act that is not over, is waited for.
    """
    days = sequence.dunning.escalate_day
    is_waited_for = exists().where(
        NoticePart.invoice_id == Invoice.id,
        NoticePart.step_day == DunningStage.day,
        Notice.id == NoticePart.notice_id,
        or_(
            Notice.status == NoticeStatus.WAITING,
            and_(Notice.status.in_({NoticeStatus.READY, *WENT_OUT}), Notice.act_by >= on),
        ),
    )
    found = (
        select(Invoice.id)
        .join(DunningStage, DunningStage.invoice_id == Invoice.id)
        .where(
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            DunningStage.day >= sequence.dunning.steps[-1].day,
            DunningStage.escalated_on.is_(None),
            or_(DunningStage.looked_on.is_(None), DunningStage.looked_on < on),
            ~is_waited_for,
        )
    )
    if days is None:
        return found.where(false())
    return found.where(Invoice.due_on <= on - timedelta(days=days))
