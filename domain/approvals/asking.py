"""Asking: what somebody may not decide alone is kept for a second person, once it is sure that it could be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.approvals import changing, wishes
from domain.approvals.facts import Facts, facts
from domain.approvals.model import ApprovalRequest, ApprovalRole, ApprovalStatus
from domain.approvals.needing import needed
from domain.approvals.performing import perform
from domain.approvals.wishes import Wish
from domain.policies import authority
from domain.policies.acts import Act
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, BeyondAuthority, Conflict, Invalid, NotAllowed
from domain.shared.money import Money
from domain.staff.model import Role
from domain.staff.permissions import may_all
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task

VALID = timedelta(days=14)
"""So long a request waits; then it expires."""
LONGEST_NOTE = 1_000
NOTE = "ask_note"
"""The field of the note in a form."""
ALONE = N_("You may do this alone: nobody has to approve it.")


def ask(session: Session, account_id: int, wish: Wish, *, note: str = "", role: Role, actor: Actor) -> ApprovalRequest:
    """Keep `wish` until somebody approves it whose authority is enough; `note` is for them alone.

    It is tried first, and undone: whatever the use case would refuse for another reason than authority is refused now,
    and what it would do is kept. Raises that; Conflict where one's own authority is enough or such a request waits
    already; BeyondAuthority where nobody's is; Invalid without any reason.
    """
    accounts.lock(session, account_id)
    if not wish.why.strip() and not note.strip():
        raise Invalid(N_("Say why, for whoever decides."), field=NOTE)
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("Use at most {most} characters."), field=NOTE, most=LONGEST_NOTE)
    refused, _ = tried(session, account_id, wish, role=role, actor=actor)
    if refused is None:
        raise Conflict(ALONE)
    act = Act(refused.act)
    able, foreseen = _able(session, account_id, wish, refused, actor)
    made = ApprovalRequest(
        account_id=account_id,
        kind=wish.kind,
        act=act,
        extent=refused.extent.minor if isinstance(refused.extent, Money) else refused.extent,
        currency=_currency(session, account_id, refused),
        arguments=wishes.kept(wish),
        seen=facts(session, account_id, wish),
        foreseen=foreseen,
        why=wish.why.strip(),
        note=note.strip() or None,
        asked_by=actor.id,
        asked_at=now(session),
        valid_until=today(session) + VALID,
        status=ApprovalStatus.WAITING,
    )
    made.subject_kind, made.subject_id = wishes.about(wish, account_id)
    _keep(session, made)
    session.add_all(ApprovalRole(request_id=made.id, role=each) for each in able)
    session.flush()
    changing.note(session, made, "asked", actor=actor, why=made.why or made.note)
    open_task(
        session,
        TaskKind.APPROVAL_REQUESTED,
        subject=changing.subject(made),
        account_id=account_id,
        worth=made.amount,
        detail={"due_on": made.valid_until.isoformat(), "why": made.why or made.note},
    )
    return made


def withdraw(session: Session, request_id: int, *, actor: Actor) -> ApprovalRequest:
    """Whoever asked does not want it any more. NotFound, NotAllowed for somebody else's, Conflict once it ended."""
    request = changing.locked(session, request_id)
    if request.asked_by != actor.id:
        raise NotAllowed(N_("Only whoever asked for it can withdraw it."))
    changing.end(session, request, ApprovalStatus.WITHDRAWN, actor=actor)
    return request


def tried(
    session: Session, account_id: int, wish: Wish, *, role: Role, actor: Actor
) -> tuple[BeyondAuthority | None, Facts]:
    """Do it as somebody of `role` would, and undo it: the refusal where it is beyond them, and how all stood after it.

    Raises whatever else the use case refuses.
    """
    trial = session.begin_nested()
    try:
        perform(session, account_id, wish, role=role, actor=actor)
        session.flush()
        return None, facts(session, account_id, wish)
    except BeyondAuthority as refused:
        return refused, {}
    finally:
        trial.rollback()


def _able(
    session: Session, account_id: int, wish: Wish, refused: BeyondAuthority, actor: Actor
) -> tuple[Sequence[Role], Facts]:
    """The roles that can approve it, and what it would do; the refusal itself where there is none."""
    act = Act(refused.act)
    extent = refused.extent if isinstance(refused.extent, Money | int) else None
    covering = [
        role
        for role in authority.who_covers(session, act, extent, account_id=account_id)
        if may_all(role, needed(wish.kind, act))
    ]
    able, foreseen = [], Facts()
    for role in covering:
        beyond, after = tried(session, account_id, wish, role=role, actor=actor)
        if beyond is None:
            able.append(role)
            foreseen = after
    if not able:
        raise refused
    return able, foreseen


def _currency(session: Session, account_id: int, refused: BeyondAuthority) -> str:
    if isinstance(refused.extent, Money):
        return refused.extent.currency
    currency: str = accounts.account(session, account_id).currency
    return currency


def _keep(session: Session, made: ApprovalRequest) -> None:
    """Write it; Conflict where one of its kind about the same thing waits already."""
    waiting = select(ApprovalRequest.id).where(
        ApprovalRequest.kind == made.kind,
        ApprovalRequest.subject_kind == made.subject_kind,
        ApprovalRequest.subject_id == made.subject_id,
        ApprovalRequest.status == ApprovalStatus.WAITING,
    )
    if session.scalar(waiting) is not None:
        raise Conflict(N_("This waits for approval already. Withdraw that request first, or wait for the answer."))
    session.add(made)
    session.flush()
