"""Changing: the one place where a case's state changes, along its arrows, with what that stops and starts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.legal_cases import queries
from domain.legal_cases.model import (
    ARROWS,
    BEFORE_COURT,
    CASE_NAMES,
    CASE_OUTCOMES,
    CaseChange,
    CaseInvoice,
    CaseOutcome,
    CaseStatus,
    LegalCase,
    LegalStep,
)
from domain.legal_cases.naming import reference_of
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import working
from domain.tasks.model import TaskKind


def note(session: Session, case: LegalCase, before: CaseStatus | None, *, actor: Actor, why: str | None = None) -> None:
    """Keep a change of state: who, when, why; and tell the audit and the account's timeline."""
    session.flush()
    session.add(
        CaseChange(
            case_id=case.id,
            before=before,
            after=case.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
    minor = case.claimed_minor if case.judgment_minor is None else case.judgment_minor
    record(
        session,
        case,
        case.status.value,
        Money(minor, case.currency),
        why or (case.outcome and CASE_OUTCOMES[case.outcome]),
        actor=actor,
    )


def record(session: Session, case: LegalCase, act: str, amount: Money, why: str | None, *, actor: Actor) -> None:
    """Tell the audit and the account's timeline of an act of a case."""
    session.flush()
    audit.record(
        session,
        f"case.{act}",
        actor=actor,
        subject=("legal_case", case.id),
        account_id=case.account_id,
        after={"number": reference_of(case.id), "name": case.court, "amount": amount, "why": why},
    )


def change(
    session: Session,
    case: LegalCase,
    after: CaseStatus,
    *,
    actor: Actor,
    why: str | None = None,
    outcome: CaseOutcome | None = None,
    again: bool = False,
) -> None:
    """Move a case of a locked account; Conflict where no arrow leads there. Only `again` opens one that is closed.

    From filing on we remind nobody of its invoices, and the terms bear no interest on them. It stays so after a
    judgment, whatever becomes of the case: from then on the judgment says what is owed.
    """
    before = case.status
    if after not in ARROWS[before] or (before is CaseStatus.CLOSED and not again):
        raise Conflict(N_("This has moved on meanwhile: {state}."), state=CASE_NAMES[before])
    case.status, case.outcome = after, outcome
    case.ended_at = now(session) if after is CaseStatus.CLOSED else None
    note(session, case, before, actor=actor, why=why)
    if after in BEFORE_COURT and before in (CaseStatus.PREPARED, CaseStatus.CLOSED):
        for invoice_id in queries.part_ids(session, case.id):
            hold(session, case, invoice_id, actor=actor)
    if after is CaseStatus.CLOSED:
        if case.judgment_on is None or outcome is CaseOutcome.PAID:
            stops.lift(session, StopKind.JUDGMENT, case.source, actor=actor)
        _settle_tasks(session, case.id)


def hold(session: Session, case: LegalCase, invoice_id: int, *, actor: Actor) -> None:
    """Remind nobody of an invoice of a case, and let the terms bear no interest on it."""
    stops.write(session, case.account_id, StopKind.JUDGMENT, case.source, actor=actor, invoice_id=invoice_id)


def invoice_ids(session: Session, case_id: int) -> list[int]:
    """The invoices that a case is about, without what it has brought itself."""
    wanted = select(CaseInvoice.invoice_id).where(CaseInvoice.case_id == case_id).order_by(CaseInvoice.invoice_id)
    return list(session.scalars(wanted))


def _settle_tasks(session: Session, case_id: int) -> None:
    for step_id in session.scalars(select(LegalStep.id).where(LegalStep.case_id == case_id)).all():
        working.settle(session, TaskKind.LEGAL_DEADLINE, subject=("legal_step", step_id))
