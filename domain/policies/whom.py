"""Whom: the accounts that each policy rules on a day, as one statement for one account as for sweeps over all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Subquery, case, func, literal, select

from domain.accounts.model import ACCOUNTS
from domain.policies.assigning import Whom
from domain.policies.model import GroupMember, PolicyAssignment


@dataclass(frozen=True, slots=True)
class Supposed:
    """An assignment that nobody has made yet, to see what it would change: this policy (None: an end), from `on`."""

    policy_id: int | None
    whom: Whom
    on: date


def ruled(on: date, supposed: Supposed | None = None) -> Subquery:
    """`account_id` and `policy_id` (None: none rules it) of every account: what `RuleBook.policy_of` says of one.

    With what is `supposed`, as if it had been assigned last.
    """
    own: ColumnElement[Any] = _last(on, PolicyAssignment.account_id == ACCOUNTS.c.id)
    group: ColumnElement[Any] = _last(on, PolicyAssignment.group_id == GroupMember.group_id)
    to_all = (PolicyAssignment.account_id.is_(None), PolicyAssignment.group_id.is_(None))
    everybody: ColumnElement[Any] = _last(on, *to_all)
    if supposed is not None:
        policy = literal(supposed.policy_id, Integer)
        if supposed.whom.account_id is not None:
            own = case((ACCOUNTS.c.id == supposed.whom.account_id, policy), else_=own)
        elif supposed.whom.group_id is not None:
            group = case((GroupMember.group_id == supposed.whom.group_id, policy), else_=group)
        else:
            everybody = policy
    return (
        select(ACCOUNTS.c.id.label("account_id"), func.coalesce(own, group, everybody).label("policy_id"))
        .outerjoin(GroupMember, GroupMember.account_id == ACCOUNTS.c.id)
        .subquery()
    )


def _last(on: date, *whose: ColumnElement[bool]) -> ScalarSelect[int | None]:
    """The policy of the last assignment."""
    return (
        select(PolicyAssignment.policy_id)
        .where(*whose, PolicyAssignment.from_on <= on)
        .order_by(PolicyAssignment.from_on.desc(), PolicyAssignment.id.desc())
        .limit(1)
        .scalar_subquery()
    )
