"""Scope: which sections are tried, and on which accounts: those that the policy rules, a group, or all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.policies import queries as policies
from domain.policies.model import AccountGroup, CreditPolicy, GroupMember
from domain.policies.sections import Sections
from domain.policies.whom import ruled
from domain.shared.db.session import today
from domain.shared.errors import N_, NotFound


def tried_sections(session: Session, policy_id: int) -> Sections:
    """What the policy's draft says, or its last version where nothing is being written; NotFound without the policy."""
    draft = policies.draft_of(session, policy_id)
    return draft.sections if draft is not None else policies.published(session, policy_id)


def ruled_accounts(session: Session, policy_id: int) -> list[int]:
    """The accounts that the policy rules today, by id."""
    whom = ruled(today(session))
    return list(
        session.scalars(select(whom.c.account_id).where(whom.c.policy_id == policy_id).order_by(whom.c.account_id))
    )


def group_accounts(session: Session, group_id: int) -> list[int]:
    """The accounts of a group, by id."""
    members = select(GroupMember.account_id).where(GroupMember.group_id == group_id)
    return list(session.scalars(members.order_by(GroupMember.account_id)))


def all_accounts(session: Session) -> list[int]:
    """Every account, by id."""
    return list(session.scalars(select(ACCOUNTS.c.id).order_by(ACCOUNTS.c.id)))


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
        raise NotFound(N_("We could not find that group."))
    return found
