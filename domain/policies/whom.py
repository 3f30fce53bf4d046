"""Whom: the accounts that each policy rules on a day, as one statement for one account as for sweeps over all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Subquery, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from domain.accounts.model import ACCOUNTS
from domain.policies.assigning import Whom
from domain.policies.model import GroupMember, PolicyAssignment


@dataclass(frozen=True, slots=True)
class Supposed:
    """An assignment that nobody has made yet, to see what it would change: this policy (None: an end), from `on`."""

    policy_id: int | None
    whom: Whom
    on: date


def ruled(
    on: date, supposed: Supposed | None = None, *, of: Collection[int] | BindParameter[int] | None = None
) -> Subquery:
    """`account_id` and `policy_id` (None: none rules it) of every account: what `RuleBook.policy_of` says of one.

    With what is `supposed`, as if it had been assigned last. Of these accounts alone with `of`: whoever asks for one
    looks through the assignments of that one, and a sweep joins the last assignments of all.
    """
    of_accounts = [] if of is None else [PolicyAssignment.account_id.in_(of)]
    own = _last(on, PolicyAssignment.account_id, *of_accounts)
    group = _last(on, PolicyAssignment.group_id)
    to_all = (PolicyAssignment.account_id.is_(None), PolicyAssignment.group_id.is_(None))
    everybody: ColumnElement[Any] = (
        select(PolicyAssignment.policy_id)
        .where(*to_all, PolicyAssignment.from_on <= on)
        .order_by(*LAST_FIRST)
        .limit(1)
        .scalar_subquery()
    )
    by_account: ColumnElement[Any] = own.c.policy_id
    by_group: ColumnElement[Any] = group.c.policy_id
    if supposed is not None:
        policy = literal(supposed.policy_id, Integer)
        if supposed.whom.account_id is not None:
            by_account = case((ACCOUNTS.c.id == supposed.whom.account_id, policy), else_=by_account)
        elif supposed.whom.group_id is not None:
            by_group = case((GroupMember.group_id == supposed.whom.group_id, policy), else_=by_group)
        else:
            everybody = policy
    found = (
        select(ACCOUNTS.c.id.label("account_id"), func.coalesce(by_account, by_group, everybody).label("policy_id"))
        .outerjoin(own, own.c.whose == ACCOUNTS.c.id)
        .outerjoin(GroupMember, GroupMember.account_id == ACCOUNTS.c.id)
        .outerjoin(group, group.c.whose == GroupMember.group_id)
    )
    return (found if of is None else found.where(ACCOUNTS.c.id.in_(of))).subquery()


LAST_FIRST = (PolicyAssignment.from_on.desc(), PolicyAssignment.id.desc())


def _last(on: date, whose: InstrumentedAttribute[int | None], *among: ColumnElement[bool]) -> Subquery:
    """The policy of the last assignment to each account, or to each group, by a day."""
    place = func.row_number().over(partition_by=whose, order_by=LAST_FIRST).label("place")
    ranked = (
        select(whose.label("whose"), PolicyAssignment.policy_id, place)
        .where(whose.is_not(None), PolicyAssignment.from_on <= on, *among)
        .subquery()
    )
    return select(ranked.c.whose, ranked.c.policy_id).where(ranked.c.place == 1).subquery()
