"""Reminding: a sequence that rules everybody, and the notices that came of it, in one line each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers.dunning import Turn, decide_due
from domain.dunning.model import DunningStage
from domain.notices.model import Notice, NoticePart
from domain.policies.contacting import Channel, Recipient, Wording
from domain.policies.model import PolicyVersion
from domain.policies.sections import Dunning, DunningStep, Promises, Sections
from domain.receivables.model import Invoice
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from tests.support.policies import a_policy

STEPS = (
    DunningStep(day=-3, channel=Channel.EMAIL, wording=Wording.COURTESY),
    DunningStep(day=0, channel=Channel.EMAIL, wording=Wording.DUE_TODAY),
    DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
    DunningStep(day=14, channel=Channel.EMAIL, wording=Wording.SECOND_REMINDER, gap_days=5),
    DunningStep(
        day=30, channel=Channel.EMAIL, wording=Wording.DEMAND, recipient=Recipient.ABOVE, approve=True, gap_days=7
    ),
    DunningStep(day=45, channel=Channel.LETTER, wording=Wording.FINAL_NOTICE, approve=True, gap_days=7),
)
"""A sequence as most begin with."""


def a_sequence(
    session: Session,
    steps: Sequence[DunningStep] = STEPS,
    *,
    least_minor: int = 0,
    escalate_day: int | None = 60,
    account_id: int | None = None,
) -> PolicyVersion:
    """A policy with this sequence, for everybody or for one account."""
    dunning = Dunning(steps=tuple(steps), least_minor=least_minor, escalate_day=escalate_day)
    return a_policy(session, Sections(dunning=dunning, promises=Promises(most_days=14)), account_id=account_id)


def reminded(db: Database) -> Turn:
    """What the worker does about reminders now."""
    return decide_due(db)


def days_pass(db: Database, clock: MovableClock, days: int) -> list[Turn]:
    """The same on each of the next days, at the hour that it is."""
    turns = []
    for _ in range(days):
        clock.advance(days=1)
        turns.append(reminded(db))
    return turns


def asked_to_decide(session: Session, invoice: Invoice) -> int | None:
    """As if the reminders of this invoice were through: somebody is asked what else to do; the task's id."""
    stage = session.get(DunningStage, invoice.id) or DunningStage(invoice_id=invoice.id, account_id=invoice.account_id)
    stage.escalated_on = today(session)
    session.add(stage)
    session.flush()
    about, worth = ("account", invoice.account_id), invoice.open
    return open_task(session, TaskKind.ESCALATION, subject=about, account_id=invoice.account_id, worth=worth)


def notices(session: Session, account_id: int | None = None) -> list[Notice]:
    """Every notice there is, of one account or all, the oldest first."""
    wanted = select(Notice).order_by(Notice.id)
    return list(session.scalars(wanted if account_id is None else wanted.where(Notice.account_id == account_id)))


def said(session: Session, account_id: int | None = None) -> list[tuple[str, str, str | None]]:
    """Of each notice its text, its state, and why it was held back."""
    return [
        (each.wording.value, each.status.value, each.why and each.why.value) for each in notices(session, account_id)
    ]


def parts(session: Session, notice: Notice) -> list[tuple[int, int, str | None]]:
    """Of each invoice of a notice what was asked for and left out, and why."""
    rows = session.scalars(select(NoticePart).where(NoticePart.notice_id == notice.id).order_by(NoticePart.id))
    return [(part.asked_minor, part.left_out_minor, part.why and part.why.value) for part in rows]
