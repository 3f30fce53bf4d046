"""Policies for tests: a published version that rules somebody, in one line."""

from __future__ import annotations

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from domain.policies.model import CreditPolicy, PolicyAssignment, PolicyVersion
from domain.policies.sections import Sections, digest
from domain.shared.db.session import now

_numbers = count(1)


def a_policy(
    session: Session,
    sections: Sections,
    *,
    valid_from: date = date(2020, 1, 1),
    account_id: int | None = None,
    group_id: int | None = None,
) -> PolicyVersion:
    """A policy with one published version, assigned from its first day on: to an account, a group, or everybody."""
    policy = CreditPolicy(name=f"Policy {next(_numbers)}", created_at=now(session))
    session.add(policy)
    session.flush()
    version = PolicyVersion(
        policy_id=policy.id,
        number=1,
        valid_from=valid_from,
        sections=sections,
        sha256=digest(sections),
        published_at=now(session),
        published_by=None,
    )
    session.add(version)
    session.add(
        PolicyAssignment(
            policy_id=policy.id,
            account_id=account_id,
            group_id=group_id,
            from_on=valid_from,
            assigned_at=now(session),
            actor_kind="operator",
            actor_id=None,
        )
    )
    session.flush()
    return version
