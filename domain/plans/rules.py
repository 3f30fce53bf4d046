"""Rules: the section of the policy that a plan was made under, which it keeps."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.plans.model import PaymentPlan
from domain.plans.standing import PLANS, Standing, standings
from domain.policies.model import PolicyVersion
from domain.policies.sections import Plans

_SECTIONS = (
    select(PaymentPlan.id, PolicyVersion.sections)
    .join(PolicyVersion, PolicyVersion.id == PaymentPlan.version_id)
    .where(PaymentPlan.id.in_(PLANS))
)


def rules_of(session: Session, plan_ids: Collection[int]) -> dict[int, Plans]:
    """The section that each of these plans was made under, in one query."""
    found = {}
    for row in session.execute(_SECTIONS, {"plans": list(plan_ids)}):
        section = row.sections.plans
        assert section is not None, "a plan is made under a version that has plans"
        found[row.id] = section
    return found


def stand(session: Session, plan_ids: Collection[int]) -> dict[int, Standing]:
    """How these signed plans stand now, by the rules that they were made under."""
    rules = rules_of(session, plan_ids)
    return standings(session, plan_ids, {plan_id: rule.reopened_days for plan_id, rule in rules.items()})
