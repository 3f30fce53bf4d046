"""Whom: the accounts that each policy rules on a day, as one statement for sweeps over all of them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import InstrumentedAttribute

from domain.accounts.model import ACCOUNTS
from domain.policies.model import GroupMember, PolicyAssignment

LATEST = (PolicyAssignment.from_on.desc(), PolicyAssignment.id.desc())


def ruled(on: date) -> Subquery:
    """`account_id` and `policy_id` (None: none rules it) of every account: what `RuleBook.policy_of` says of one."""
    own, group = _last(PolicyAssignment.account_id, on), _last(PolicyAssignment.group_id, on)
    everybody = (
        select(PolicyAssignment.policy_id)
        .where(
            PolicyAssignment.account_id.is_(None), PolicyAssignment.group_id.is_(None), PolicyAssignment.from_on <= on
        )
        .order_by(*LATEST)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            ACCOUNTS.c.id.label("account_id"),
            func.coalesce(own.c.policy_id, group.c.policy_id, everybody).label("policy_id"),
        )
        .outerjoin(own, own.c.whom == ACCOUNTS.c.id)
        .outerjoin(GroupMember, GroupMember.account_id == ACCOUNTS.c.id)
        .outerjoin(group, group.c.whom == GroupMember.group_id)
        .subquery()
    )


def _last(whom: InstrumentedAttribute[int | None], on: date) -> Subquery:
    """The last assignment of each account, or of each group."""
    place = func.row_number().over(partition_by=whom, order_by=LATEST).label("place")
    ranked = (
        select(whom.label("whom"), PolicyAssignment.policy_id, place)
        .where(whom.is_not(None), PolicyAssignment.from_on <= on)
        .subquery()
    )
    return select(ranked.c.whom, ranked.c.policy_id).where(ranked.c.place == 1).subquery()
