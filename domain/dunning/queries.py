"""Queries: how far the sequence has come for each open invoice of an account, and what comes next, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning import rules
from domain.dunning.model import DunningStage
from domain.dunning.pausing import paused
from domain.dunning.second_look import look
from domain.dunning.selecting import DueStep, is_told
from domain.dunning.sequence import next_step
from domain.notices.model import LIVE, HeldBack, Notice, NoticePart
from domain.policies.contacting import Wording
from domain.policies.sections import DunningStep
from domain.policies.whom import ruled
from domain.receivables.model import Invoice, InvoiceKind, InvoiceStatus
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today

OF_THE_ACCOUNT = frozenset({HeldBack.TRIFLE, HeldBack.OPTED_OUT, HeldBack.NO_ADDRESS, HeldBack.TOO_OFTEN})
"""The reasons that are not seen in an invoice: they hold for as long as nobody found otherwise."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where the sequence stands for an open invoice.

    `stage` is the day of the last step taken and `reached_on` when that was; `last` the text that it sent, None where
    none was taken. `coming` is the step that comes next if nothing is paid, on `on` at the earliest; both None at the
    end of the sequence, or where none rules. `held` is why it would be held back as things are today.
    """

    invoice_id: int
    number: str
    due_on: date
    stage: int | None
    reached_on: date | None
    last: Wording | None
    coming: DunningStep | None
    on: date | None
    held: HeldBack | None


def next_steps(session: Session, account_id: int) -> dict[int, NextStep]:
    """What comes next for every open invoice of an account, by its id, the longest due first."""
    rows = session.execute(
        select(Invoice.id, Invoice.number, Invoice.due_on, Invoice.open_minor, DunningStage)
        .outerjoin(DunningStage, DunningStage.invoice_id == Invoice.id)
        .where(
            Invoice.account_id == account_id,
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.kind != InvoiceKind.DEBIT_NOTE,
        )
        .order_by(Invoice.due_on, Invoice.id)
    ).all()
    if not rows:
        return {}
    coming = _coming(session, account_id, rows)
    held = _held(session, account_id, list(coming.values()))
    last = _last_texts(session, [row.id for row in rows])
    return {row.id: _next(row, coming.get(row.id), held.get(row.id), last.get(row.id)) for row in rows}


def _coming(session: Session, account_id: int, rows: AnyRows) -> dict[int, tuple[date, DueStep]]:
    """The step that comes next, and when, by the invoice: tomorrow at the earliest where today is over."""
    day = today(session)
    sequence = _sequence(session, account_id, day)
    if sequence is None:
        return {}
    tomorrow = day + timedelta(days=1)
    told = session.scalar(select(is_told(account_id, day)))
    found = {}
    for row in rows:
        stage = row.DunningStage or DunningStage()
        coming = next_step(
            sequence.dunning.steps,
            due_on=row.due_on,
            on=tomorrow if told or stage.looked_on == day else day,
            stage=stage.day,
            reached_on=stage.reached_on,
        )
        if coming is not None:
            on, step = coming
            found[row.id] = on, DueStep(row.id, row.number, row.due_on, row.open_minor, step, sequence.version_id)
    return found


def _next(row: AnyRow, coming: tuple[date, DueStep] | None, held: HeldBack | None, last: Wording | None) -> NextStep:
    stage = row.DunningStage or DunningStage()
    on, due = coming or (None, None)
    step = due.step if due else None
    if held is None and step is not None and stage.held_day == step.day and stage.held_why in OF_THE_ACCOUNT:
        held = stage.held_why
    return NextStep(row.id, row.number, row.due_on, stage.day, stage.reached_on, last, step, on, held)


def _sequence(session: Session, account_id: int, day: date) -> rules.Sequence | None:
    whom = ruled(day, of=[account_id])
    policy_id = session.scalar(select(whom.c.policy_id).where(whom.c.account_id == account_id))
    return None if policy_id is None else rules.sequences(session, day).get(policy_id)


def _held(session: Session, account_id: int, coming: list[tuple[date, DueStep]]) -> dict[int, HeldBack]:
    """Why nothing at all would be asked for, as things are today, by the invoice."""
    if not coming:
        return {}
    if paused(session) is not None:
        return {due.invoice_id: HeldBack.PAUSED for _, due in coming}
    parts = look(session, session.get_one(Account, account_id), [due for _, due in coming])
    return {part.invoice_id: part.why for part in parts if part.why is not None and part.asked.minor == 0}


def _last_texts(session: Session, invoice_ids: Iterable[int]) -> dict[int, Wording]:
    """The text of the last step that asked for something of each invoice."""
    newest = (
        select(NoticePart.invoice_id, func.max(NoticePart.notice_id).label("notice_id"))
        .join(Notice, Notice.id == NoticePart.notice_id)
        .where(
            NoticePart.invoice_id.in_(invoice_ids),
            NoticePart.step_day.is_not(None),
            NoticePart.asked_minor > 0,
            Notice.status.in_(LIVE),
        )
        .group_by(NoticePart.invoice_id)
        .subquery()
    )
    rows = session.execute(select(newest.c.invoice_id, Notice.wording).join(Notice, Notice.id == newest.c.notice_id))
    return {row.invoice_id: row.wording for row in rows}
