"""Stepping: the notice that is due for an account is decided under its lock, or held back with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.dunning import rules
from domain.dunning.model import DunningStage
from domain.dunning.planning import Plan, of_one_tone, planned
from domain.dunning.selecting import DueStep, due_invoices
from domain.notices.deciding import Part, decide, hold_back
from domain.notices.model import HeldBack
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

STAGES = (
    select(DunningStage)
    .where(DunningStage.invoice_id.in_(bindparam("invoices", expanding=True)))
    .execution_options(populate_existing=True)
)


def step(session: Session, account_id: int, book: rules.Book, *, actor: Actor) -> Plan | None:
    """Do for an account what is due today; what that was, None where nothing is (any more). Safe to repeat.

    Out of its hours nothing is done, and it is due still.
    """
    account = accounts.lock(session, account_id)
    due = due_invoices(session, book, today(session), [account_id]).get(account_id)
    if not due:
        return None
    due = of_one_tone(due)
    plan = planned(session, book, [(account, due)])[account.id]
    if plan.wait_until is not None:
        return plan
    stages = _stages(session, account_id, [each.invoice_id for each in due])
    if plan.why is None and plan.reached is not None:
        decide(session, account, plan.what, plan.reached, plan.parts, approve=plan.step.approve, actor=actor)
    elif any(_is_news(stages[part.invoice_id], part, plan.why) for part in plan.parts if part.invoice_id in stages):
        _hold_back(session, account, plan, actor)
    for each, part in zip(due, plan.parts, strict=False):
        _move(stages[each.invoice_id], each, part, plan, today(session))
    session.flush()
    return plan


def _stages(session: Session, account_id: int, invoice_ids: Sequence[int]) -> dict[int, DunningStage]:
    """The stage of each of these invoices, new where it has none yet."""
    stages = {stage.invoice_id: stage for stage in session.scalars(STAGES, {"invoices": invoice_ids})}
    for invoice_id in invoice_ids:
        if invoice_id not in stages:
            stages[invoice_id] = DunningStage(invoice_id=invoice_id, account_id=account_id)
            session.add(stages[invoice_id])
    return stages


def _is_news(stage: DunningStage, part: Part, why: HeldBack | None) -> bool:
    """Whether this step was not already held back for the same reason."""
    return (stage.held_day, stage.held_why) != (part.step_day, part.why or why)


def _hold_back(session: Session, account: Account, plan: Plan, actor: Actor) -> None:
    assert plan.why is not None
    hold_back(
        session,
        account,
        plan.what,
        plan.why,
        plan.parts,
        channel=plan.step.channel,
        recipient=plan.step.recipient,
        actor=actor,
    )
    if plan.why is HeldBack.NO_ADDRESS:
        tasks.open_task(
            session, TaskKind.TRACE, subject=("account", account.id), account_id=account.id, worth=plan.total, detail={}
        )


def _move(stage: DunningStage, due: DueStep, part: Part, plan: Plan, day: date) -> None:
    """Where something of the invoice is asked for, it has reached the step; else it is looked at again tomorrow."""
    stage.looked_on = day
    if plan.why is None and part.asked.minor > 0:
        stage.day, stage.reached_on = due.step.day, day
        stage.held_day = stage.held_why = None
    else:
        stage.held_day, stage.held_why = due.step.day, part.why or plan.why
