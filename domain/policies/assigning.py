"""Assigning: which policy rules everybody, a group, or one account, from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.policies.drafting import the_policy
from domain.policies.groups import the_group
from domain.policies.model import PolicyAssignment, PolicyVersion
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom an assignment is for: one account, a group, or (neither) everybody who is in none with one of its own."""

    account_id: int | None = None
    group_id: int | None = None


EVERYBODY = Whom()


def assign(session: Session, policy_id: int | None, whom: Whom, from_on: date, *, actor: Actor) -> PolicyAssignment:
    """Let a policy rule them from a day on, today or later; None ends what was assigned.

    The first assignment of all may begin in the past, because a new business writes down what already held. Invalid
    for a policy without a version that is valid on that day, because until then nothing would rule them; Invalid for
    a day too early, Conflict where it is so already, NotFound.
    """
    if whom.account_id is not None:
        accounts.lock(session, whom.account_id)
    name = refuse_unfit(session, policy_id, whom, from_on)
    assignment = PolicyAssignment(
        policy_id=policy_id,
        account_id=whom.account_id,
        group_id=whom.group_id,
        from_on=from_on,
        assigned_at=now(session),
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    session.add(assignment)
    session.flush()
    record(
        session,
        "policy.assigned" if policy_id is not None else "policy.unassigned",
        actor=actor,
        subject=("policy_assignment", assignment.id),
        account_id=whom.account_id,
        after={"name": name, "policy": policy_id, "group": whom.group_id, "from_on": from_on},
    )
    return assignment


def refuse_unfit(session: Session, policy_id: int | None, whom: Whom, from_on: date) -> str:
    """What the policy is called (nothing for an end), where `assign` would take it; else raises what it raises."""
    if whom.group_id is not None:
        the_group(session, whom.group_id)
    name = _refuse_without_version(session, policy_id, from_on) if policy_id is not None else ""
    before = _last(session, whom)
    if before is not None and from_on < max(today(session), before.from_on):
        raise Invalid(N_("This begins today or later, and not before what was assigned last."), field="from_on")
    if policy_id == (before.policy_id if before else None):
        raise Conflict(N_("That is so already."))
    return name


def _refuse_without_version(session: Session, policy_id: int, from_on: date) -> str:
    """What the policy is called, where a version of it is valid on that day; Invalid where none is."""
    name = the_policy(session, policy_id).name
    first = session.scalar(select(func.min(PolicyVersion.valid_from)).where(PolicyVersion.policy_id == policy_id))
    if first is None:
        raise Invalid(N_("Publish this policy before it is assigned."), field="policy")
    if from_on < first:
        raise Invalid(
            N_("{name} is valid from {day}: choose that day or a later one. Until then, what rules now goes on."),
            field="from_on",
            name=name,
            day=first,
        )
    return name


def _last(session: Session, whom: Whom) -> PolicyAssignment | None:
    wanted = select(PolicyAssignment).where(
        PolicyAssignment.account_id == whom.account_id, PolicyAssignment.group_id == whom.group_id
    )
    return session.scalar(wanted.order_by(PolicyAssignment.from_on.desc(), PolicyAssignment.id.desc()).limit(1))
