"""Stepping: what is to be done in a case and by when, what came of it, and what we paid for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.model import Document
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.ledger.streams import bank_stream
from domain.legal_cases import changing, queries
from domain.legal_cases.model import CaseStatus, CourtCost, LegalCase, LegalStep, StepKind
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import Task, TaskKind

LONGEST_WORDS = 1_000
AHEAD = timedelta(days=14)
"""So long before its day somebody is told that a step is due."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is to be done in a case, by a day where there is one."""

    kind: StepKind
    what: str
    due_on: date | None = None


def plan_step(session: Session, account_id: int, case_id: int, step: Step, *, actor: Actor) -> LegalStep:
    """Write down what is to be done. Raises Invalid beside the field, Conflict where the case is closed, NotFound."""
    case = _going_on(session, account_id, case_id)
    if not step.what.strip():
        raise Invalid(N_("Say what is to be done."), field="what")
    made = LegalStep(
        case_id=case_id, kind=step.kind, what=step.what.strip(), due_on=step.due_on, recorded_at=now(session)
    )
    session.add(made)
    changing.record(session, case, "step_planned", case.claimed, made.what, actor=actor)
    if step.due_on is not None and step.due_on - AHEAD <= today(session):
        _open_task(session, case, made)
    return made


def finish_step(
    session: Session,
    account_id: int,
    case_id: int,
    step_id: int,
    *,
    came_of_it: str,
    actor: Actor,
    document_id: int | None = None,
) -> LegalStep:
    """Write down what came of a step, with its paper; Conflict where that was done. Invalid, NotFound."""
    accounts.lock(session, account_id)
    case = queries.entity(session, account_id, case_id)
    step = session.get(LegalStep, step_id, populate_existing=True)
    if step is None or step.case_id != case_id:
        raise NotFound(N_("We could not find that step."))
    if step.done_on is not None:
        raise Conflict(N_("This has been done already."))
    if not came_of_it.strip():
        raise Invalid(N_("Say what came of it."), field=f"came_of_it-{step_id}")
    if document_id is not None:
        of_it = session.scalars(select(Document.account_id).where(Document.id == document_id)).one_or_none()
        if of_it != account_id:
            raise NotFound(N_("We could not find that document."))
    step.done_on, step.came_of_it, step.document_id = today(session), came_of_it.strip(), document_id
    working.settle(session, TaskKind.LEGAL_DEADLINE, subject=("legal_step", step_id))
    changing.record(session, case, "step_done", case.claimed, f"{step.what}: {step.came_of_it}", actor=actor)
    return step


def pay_cost(
    session: Session, account_id: int, case_id: int, amount: Money, paid_on: date, *, what: str, actor: Actor
) -> CourtCost:
    """Write down what we paid from our bank for a case; the act stands for the line of our bank. Raises Invalid.

    What an attorney spends for us is told, and owed, as a cost of its placement.
    """
    accounts.lock(session, account_id)
    case = queries.entity(session, account_id, case_id)
    if amount.minor <= 0:
        raise Invalid(N_("Enter more than nothing."), field="cost")
    if amount.currency != case.currency:
        raise Invalid(N_("Enter it in {currency}."), field="cost", currency=case.currency)
    if paid_on > today(session):
        raise Invalid(N_("This day is still to come."), field="paid_on")
    if not what.strip():
        raise Invalid(N_("Say what it was for."), field="cost_what")
    cost = CourtCost(
        case_id=case_id,
        currency=amount.currency,
        amount_minor=amount.minor,
        paid_on=paid_on,
        what=what.strip(),
        recorded_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(cost)
    session.flush()
    ledger.post(
        session,
        kind=EntryKind.COURT_COST,
        source=cost.source,
        effective_on=paid_on,
        legs=[debit(LedgerAccount.COLLECTION_COSTS, amount), credit(LedgerAccount.BANK, amount)],
        stream=bank_stream(amount.currency),
    )
    changing.record(session, case, "costs_paid", amount, cost.what, actor=actor)
    return cost


def tell_deadlines(session: Session) -> int:
    """Open a task for each step that is due soon or late and of which nobody was told; how many there were.

    A task that somebody has finished is not opened again.
    """
    told = select(Task.subject_id).where(Task.kind == TaskKind.LEGAL_DEADLINE)
    rows = session.execute(
        select(LegalStep, LegalCase)
        .join(LegalCase, LegalCase.id == LegalStep.case_id)
        .where(
            LegalStep.done_on.is_(None),
            LegalStep.due_on <= today(session) + AHEAD,
            LegalCase.status != CaseStatus.CLOSED,
        )
        .order_by(LegalStep.due_on, LegalStep.id)
    ).all()
    known = set(session.scalars(told.where(Task.subject_id.in_([str(step.id) for step, _ in rows]))))
    new = [(step, case) for step, case in rows if str(step.id) not in known]
    for step, case in new:
        _open_task(session, case, step)
    return len(new)


def _open_task(session: Session, case: LegalCase, step: LegalStep) -> None:
    session.flush()
    tasks.open_task(
        session,
        TaskKind.LEGAL_DEADLINE,
        subject=("legal_step", step.id),
        account_id=case.account_id,
        worth=case.claimed,
        detail={"case": case.id, "due_on": step.due_on.isoformat() if step.due_on else "", "what": step.what},
    )


def _going_on(session: Session, account_id: int, case_id: int) -> LegalCase:
    accounts.lock(session, account_id)
    case = queries.entity(session, account_id, case_id)
    if case.status is CaseStatus.CLOSED:
        raise Conflict(N_("This case is closed."))
    return case
