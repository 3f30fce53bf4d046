"""Scope: which sections are tried, and on which accounts: those that the policy rules, a group, or all.

On whom something is tried is a word: `ruled`, `all`, or `group-` and the id of a group.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.policies import queries as policies
from domain.policies.model import AccountGroup, CreditPolicy, GroupMember
from domain.policies.sections import Sections
from domain.policies.whom import ruled
from domain.shared.db.session import today
from domain.shared.errors import N_, NotFound

RULED, ALL, GROUP = "ruled", "all", "group-"
NO_GROUP = N_("We could not find that group.")


def tried_sections(session: Session, policy_id: int) -> Sections:
    """What the policy's draft says, or its last version where nothing is being written; NotFound without the policy."""
    draft = policies.draft_of(session, policy_id)
    return draft.sections if draft is not None else policies.published(session, policy_id)


def accounts_of(session: Session, policy_id: int, whom: str) -> Sequence[int]:
    """The accounts on which a policy is tried, by id; NotFound where that says nothing."""
    ids, account_id = _of(session, policy_id, whom)
    return session.scalars(ids.order_by(account_id)).all()


def next_of(session: Session, policy_id: int, whom: str, after: int, most: int) -> Sequence[int]:
    """The next of these accounts after this id, so many at most: all are gone through in turn."""
    ids, account_id = _of(session, policy_id, whom)
    return session.scalars(ids.where(account_id > after).order_by(account_id).limit(most)).all()


def count_of(session: Session, policy_id: int, whom: str, most: int | None = None) -> int:
    """How many accounts these are; counted up to `most` alone, where that is enough to know."""
    ids, _ = _of(session, policy_id, whom)
    return session.scalars(select(func.count()).select_from(ids.limit(most).subquery())).one()


def _of(session: Session, policy_id: int, whom: str) -> tuple[Select[int], ColumnElement[int]]:
    """The ids of the accounts, and their column, to go through them."""
    if whom == ALL:
        return select(ACCOUNTS.c.id), ACCOUNTS.c.id
    if whom == RULED:
        by_policy = ruled(today(session))
        return select(by_policy.c.account_id).where(by_policy.c.policy_id == policy_id), by_policy.c.account_id
    typed = whom.removeprefix(GROUP)
    if not (whom.startswith(GROUP) and typed.isascii() and typed.isdigit() and len(typed) <= 18):
        raise NotFound(NO_GROUP)
    group_id = policies.group(session, int(typed)).id
    member = GroupMember.__table__.c
    return select(member.account_id).where(member.group_id == group_id), member.account_id


def policy_named(session: Session, name: str) -> int:
    """The id of the policy with this name, or NotFound."""
    found = session.scalar(select(CreditPolicy.id).where(CreditPolicy.name == name))
    if found is None:
        raise NotFound(N_("We could not find that policy."))
    return found


def group_named(session: Session, name: str) -> int:
    """The id of the group with this name, or NotFound."""
    found = session.scalar(select(AccountGroup.id).where(AccountGroup.name == name))
    if found is None:
        raise NotFound(NO_GROUP)
    return found
