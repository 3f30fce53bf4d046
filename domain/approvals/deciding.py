"""Deciding: a second person approves a request, which is done then with today's books, or refuses it with a reason."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.approvals import changing, wishes
from domain.approvals.facts import changed, facts
from domain.approvals.model import ApprovalRequest, ApprovalStatus
from domain.approvals.needing import needed
from domain.approvals.performing import perform
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed
from domain.staff.model import Role
from domain.staff.permissions import require
from domain.tasks import working
from domain.tasks.model import TaskKind

CHANGED = N_(
    "Something has changed since this was asked for, such as an amount or a day. Refuse it, so that it can be asked"
    " for again as it is now."
)
TWO_PERSONS = N_("Whoever asks for approval does not give it: a second person has to.")
LONGEST_ANSWER = 500


def approve(session: Session, request_id: int, *, role: Role, actor: Actor) -> int | None:
    """Do what was asked for, as somebody of `role`; the id of what was made, where that has a page.

    Raises NotFound; NotAllowed for one's own request, and BeyondAuthority where the authority is not enough now;
    Conflict where it has ended, expired or no longer fits; and whatever its use case refuses. Nothing is done then.
    """
    request = _of_another(session, request_id, actor)
    if request.valid_until < today(session):
        raise Conflict(N_("This request was valid until {day}."), day=request.valid_until)
    require(role, *needed(request.kind, request.act))
    wish = wishes.read(request.arguments)
    if changed(request.seen, facts(session, request.account_id, wish)):
        raise Conflict(CHANGED)
    changing.end(session, request, ApprovalStatus.APPROVED, actor=actor, decided_by=actor.id)
    return perform(session, request.account_id, wish, role=role, actor=actor)


def refuse(session: Session, request_id: int, *, why: str, role: Role, actor: Actor) -> ApprovalRequest:
    """Say no, and why; whoever asked reads it.

    Raises NotFound, NotAllowed for one's own and for a role that may not do such a thing at all, Invalid without a
    reason, Conflict where it has ended.
    """
    request = _of_another(session, request_id, actor)
    require(role, *needed(request.kind, request.act))
    if not why.strip():
        raise Invalid(N_("Say why: whoever asked reads it."), field="answer")
    changing.end(session, request, ApprovalStatus.REFUSED, actor=actor, answer=why.strip(), decided_by=actor.id)
    return request


def has_read(session: Session, request_id: int, *, actor: Actor) -> None:
    """Whoever asked has seen what came of it: their task is done. NotFound; nothing follows for somebody else."""
    request = changing.locked(session, request_id)
    if request.asked_by == actor.id:
        working.settle(session, TaskKind.APPROVAL_ANSWERED, subject=changing.subject(request))


def _of_another(session: Session, request_id: int, actor: Actor) -> ApprovalRequest:
    """A request that somebody else has made and that waits, under its account's lock."""
    request = changing.locked(session, request_id)
    changing.check_waits(request)
    if request.asked_by == actor.id:
        raise NotAllowed(TWO_PERSONS)
    return request
