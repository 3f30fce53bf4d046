"""Ending: staff end a signed plan before it is kept, and what of that the customer reads."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.collecting.model import EndReason
from domain.plans import changing, queries, taking
from domain.plans.messages import PlanNews
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.negotiating import tell
from domain.plans.rules import stand
from domain.plans.schedule import span_months
from domain.plans.standing import Standing
from domain.policies import authority
from domain.policies.acts import Act
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_, Invalid
from domain.staff.model import Role

LONGEST_WHY = 500
TAKEN_BACK = frozenset({PlanStatus.OFFERED, PlanStatus.COUNTERED})
"""What staff take back from here was theirs, so that they owe the customer a reason."""


def end(session: Session, account_id: int, plan_id: int, *, why: str, role: Role, actor: Actor) -> PaymentPlan:
    """Staff end a signed plan: nothing more is taken, its invoices are chased again where they were.

    What is being tried is ended as soon as the processor confirms it; what was paid stays paid. It takes the authority
    to agree to a plan of as many months as are left of it. Raises NotFound, BeyondAuthority, Invalid beside "why",
    Conflict where it has ended already or was never signed.
    """
    said = why.strip()
    if not said:
        raise Invalid(N_("Say why: the customer reads it."), field="why")
    if len(said) > LONGEST_WHY:
        raise Invalid(N_("Say it in at most {most} characters."), field="why", most=LONGEST_WHY)
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    changing.check(plan, PlanStatus.CANCELLED)
    months = months_left(stand(session, [plan.id])[plan.id])
    authority.check(session, role, Act.PLAN, months, account_id=account_id)
    taking.end_collections(session, plan, EndReason.PLAN_CHANGED, actor=actor)
    changing.change(session, plan, PlanStatus.CANCELLED, actor=actor, why=said)
    tell(session, plan, PlanNews.CANCELLED)
    return plan


def months_left(standing: Standing) -> int:
    """How many months a signed plan still has until its last open part, the one that has begun included."""
    last_on = max((standing.due_on(part) for part in standing.parts if part.rest), default=standing.day)
    return max(1, span_months(last_on, standing.day))


def told_why(changes: AnyRows) -> str | None:
    """What staff wrote to the customer about the end of a plan, from `queries.changes`; None where there is nothing."""
    last = changes[-1]
    if last.after in (PlanStatus.DECLINED, PlanStatus.CANCELLED):
        return str(last.why) if last.why else None
    taken_back = last.after is PlanStatus.WITHDRAWN and changes[-2].after in TAKEN_BACK
    return str(last.why) if taken_back and last.why and last.actor_kind != ActorKind.LOGIN else None
