"""Whom: the accounts that each policy rules on a day, as one statement for one account as for sweeps over all."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, func, select

from domain.accounts.model import ACCOUNTS
from domain.policies.model import GroupMember, PolicyAssignment


def ruled(on: date) -> Subquery:
    """`account_id` and `policy_id` (None: none rules it) of every account: what `RuleBook.policy_of` says of one."""
    own = _last(on, PolicyAssignment.account_id == ACCOUNTS.c.id)
    group = _last(on, PolicyAssignment.group_id == GroupMember.group_id)
    everybody = _last(on, PolicyAssignment.account_id.is_(None), PolicyAssignment.group_id.is_(None))
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
