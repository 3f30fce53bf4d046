"""Changing: the one place where a request's state changes, with its tasks, its audit row and who is told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.approvals.model import APPROVAL_NAMES, ARROWS, ApprovalRequest, ApprovalStatus
from domain.audit import recording as audit
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.tasks import working
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task

NO_SUCH_REQUEST = N_("We could not find that request.")


def locked(session: Session, request_id: int) -> ApprovalRequest:
    """A request, its account locked and itself read afresh; NotFound."""
    found = session.get(ApprovalRequest, request_id)
    if found is None:
        raise NotFound(NO_SUCH_REQUEST)
    accounts.lock(session, found.account_id)
    session.refresh(found)
    return found


def subject(request: ApprovalRequest) -> tuple[str, int]:
    """How tasks and the audit trail name it."""
    return "approval", request.id


def note(session: Session, request: ApprovalRequest, act: str, *, actor: Actor, why: str | None) -> None:
    """Write an act on a request into the audit trail, and with it onto the account's timeline."""
    audit.record(
        session,
        f"approval.{act}",
        actor=actor,
        subject=subject(request),
        account_id=request.account_id,
        after={"asked": request.kind.value, "amount": request.amount, "status": request.status, "why": why},
    )


def check_waits(request: ApprovalRequest) -> None:
    """Do nothing while it waits; Conflict, with how it ended, once it does not."""
    if not ARROWS[request.status]:
        raise Conflict(N_("This request has moved on meanwhile: {state}."), state=APPROVAL_NAMES[request.status])


def end(
    session: Session,
    request: ApprovalRequest,
    after: ApprovalStatus,
    *,
    actor: Actor,
    answer: str | None = None,
    decided_by: int | None = None,
) -> None:
    """End a request that waits: nobody has to decide any more, and whoever asked is told unless they did it.

    Conflict where it has been decided already.
    """
    check_waits(request)
    request.status, request.answer = after, answer
    request.decided_by, request.decided_at = decided_by, now(session)
    session.flush()
    note(session, request, after.value, actor=actor, why=answer)
    working.settle(session, TaskKind.APPROVAL_REQUESTED, subject=subject(request))
    if after is not ApprovalStatus.WITHDRAWN:
        told = open_task(session, TaskKind.APPROVAL_ANSWERED, subject=subject(request), account_id=request.account_id)
        if told is not None:
            working.give(session, TaskKind.APPROVAL_ANSWERED, subject=subject(request), owner_id=request.asked_by)
