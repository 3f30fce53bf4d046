"""Queries: what the back office reads of policies, their versions, whom they rule, and groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from domain.accounts.model import ACCOUNTS
from domain.policies import whom
from domain.policies.drafting import last_version, the_policy
from domain.policies.model import (
    AccountGroup,
    CreditPolicy,
    GroupMember,
    PolicyAssignment,
    PolicyDraft,
    PolicyVersion,
    TermsAcceptance,
)
from domain.policies.ruling import Assigned, RuleBook, Version
from domain.policies.sections import Sections
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.errors import N_, NotFound

MOST_ASSIGNMENTS = 100


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy in a list: its last version, whether a draft is being written, how many accounts it rules today."""

    id: int
    name: str
    number: int | None
    valid_from: date | None
    is_drafted: bool
    accounts: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in a list."""

    id: int
    name: str
    members: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whom a policy was assigned to (None: everybody), from when, and by whom; without a policy it ended.

    `stands` where it has begun and no later one has replaced it.
    """

    id: int
    policy_id: int | None
    policy: str | None
    account_id: int | None
    account: str | None
    group_id: int | None
    group: str | None
    from_on: date
    assigned_at: datetime
    actor_kind: str
    actor_id: int | None
    stands: bool
    is_to_come: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """What rules an account today: the policy's name, how it was assigned, the governing version, what was accepted."""

    policy: str | None
    assignment: Assigned | None
    assigned: Version | None
    governing: Version | None
    governing_policy: str | None
    accepted: AnyRow | None
    group: GroupRow | None


def policies(session: Session) -> list[PolicyRow]:
    """Every policy, by name."""
    last = (
        select(PolicyVersion.policy_id, func.max(PolicyVersion.number).label("number"))
        .group_by(PolicyVersion.policy_id)
        .subquery()
    )
    rows = session.execute(
        select(CreditPolicy.id, CreditPolicy.name, last.c.number, PolicyVersion.valid_from, PolicyDraft.policy_id)
        .outerjoin(last, last.c.policy_id == CreditPolicy.id)
        .outerjoin(
            PolicyVersion, (PolicyVersion.policy_id == CreditPolicy.id) & (PolicyVersion.number == last.c.number)
        )
        .outerjoin(PolicyDraft, PolicyDraft.policy_id == CreditPolicy.id)
        .order_by(CreditPolicy.name)
    ).all()
    counted = ruled(session, today(session))
    return [
        PolicyRow(row.id, row.name, row.number, row.valid_from, row.policy_id is not None, counted.get(row.id, 0))
        for row in rows
    ]


def ruled(session: Session, on: date) -> dict[int | None, int]:
    """How many accounts each policy rules on a day (None: those without one)."""
    policy_id = whom.ruled(on).c.policy_id
    counted = session.execute(select(policy_id, func.count()).group_by(policy_id))
    return {row[0]: row[1] for row in counted}


def versions(session: Session, policy_id: int) -> AnyRows:
    """The published versions of a policy, newest first; NotFound where there is no such policy."""
    the_policy(session, policy_id)
    wanted = select(
        PolicyVersion.id,
        PolicyVersion.number,
        PolicyVersion.valid_from,
        PolicyVersion.published_at,
        PolicyVersion.published_by,
        PolicyVersion.sha256,
    )
    return session.execute(
        wanted.where(PolicyVersion.policy_id == policy_id).order_by(PolicyVersion.number.desc())
    ).all()


def version(session: Session, policy_id: int, number: int) -> PolicyVersion:
    """One published version; NotFound where there is none."""
    found = session.scalar(
        select(PolicyVersion).where(PolicyVersion.policy_id == policy_id, PolicyVersion.number == number)
    )
    if found is None:
        raise NotFound(N_("We could not find that version."))
    return found


def draft_of(session: Session, policy_id: int) -> PolicyDraft | None:
    """The draft as it stands; None where nothing is being written, NotFound where there is no such policy."""
    the_policy(session, policy_id)
    return session.get(PolicyDraft, policy_id)


def published(session: Session, policy_id: int) -> Sections:
    """What the last version says; nothing where there is none."""
    last = last_version(session, policy_id)
    return last.sections if last else Sections()


def assignments(
    session: Session, *, policy_id: int | None = None, account_id: int | None = None, group_id: int | None = None
) -> list[Assignment]:
    """Assignments of a policy, an account or a group, the newest first.

    Where none is named: those to everybody and to groups, then those to single accounts that were not replaced.
    """
    on, later = today(session), aliased(PolicyAssignment)
    replaced = exists().where(
        later.account_id.is_not_distinct_from(PolicyAssignment.account_id),
        later.group_id.is_not_distinct_from(PolicyAssignment.group_id),
        later.from_on <= on,
        tuple_(later.from_on, later.id) > tuple_(PolicyAssignment.from_on, PolicyAssignment.id),
    )
    wanted = (
        select(
            PolicyAssignment.id,
            PolicyAssignment.policy_id,
            CreditPolicy.name.label("policy"),
            PolicyAssignment.account_id,
            ACCOUNTS.c.name.label("account"),
            PolicyAssignment.group_id,
            AccountGroup.name.label("group"),
            PolicyAssignment.from_on,
            PolicyAssignment.assigned_at,
            PolicyAssignment.actor_kind,
            PolicyAssignment.actor_id,
            and_(PolicyAssignment.from_on <= on, ~replaced).label("stands"),
            (PolicyAssignment.from_on > on).label("is_to_come"),
        )
        .outerjoin(CreditPolicy, CreditPolicy.id == PolicyAssignment.policy_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == PolicyAssignment.account_id)
        .outerjoin(AccountGroup, AccountGroup.id == PolicyAssignment.group_id)
        .order_by(PolicyAssignment.from_on.desc(), PolicyAssignment.id.desc())
        .limit(MOST_ASSIGNMENTS)
    )
    if policy_id is not None:
        wanted = wanted.where(PolicyAssignment.policy_id == policy_id)
    elif group_id is not None:
        wanted = wanted.where(PolicyAssignment.group_id == group_id)
    elif account_id is not None:
        wanted = wanted.where(PolicyAssignment.account_id == account_id)
    else:
        wanted = wanted.where(PolicyAssignment.account_id.is_(None) | ~replaced)
        wanted = wanted.order_by(None).order_by(
            PolicyAssignment.account_id.is_not(None), PolicyAssignment.from_on.desc(), PolicyAssignment.id.desc()
        )
    return [Assignment(**row) for row in session.execute(wanted).mappings()]


def groups(session: Session) -> list[GroupRow]:
    """Every group by name, with how many accounts are in it."""
    return [GroupRow(*row) for row in session.execute(_groups())]


def group(session: Session, group_id: int) -> GroupRow:
    """One group; NotFound where there is none."""
    row = session.execute(_groups().where(AccountGroup.id == group_id)).one_or_none()
    if row is None:
        raise NotFound(N_("We could not find that group."))
    return GroupRow(*row)


def members(session: Session, group_id: int, *, limit: int = 500) -> AnyRows:
    """`id`, `number` and `name` of the accounts of a group, by name."""
    wanted = select(ACCOUNTS.c.id, ACCOUNTS.c.number, ACCOUNTS.c.name).join(
        GroupMember, GroupMember.account_id == ACCOUNTS.c.id
    )
    return session.execute(
        wanted.where(GroupMember.group_id == group_id).order_by(ACCOUNTS.c.name, ACCOUNTS.c.id).limit(limit)
    ).all()


def ruling(session: Session, account_id: int) -> Ruling:
    """What rules an account today, and what it accepted."""
    book, on = RuleBook(session, [account_id]), today(session)
    assignment = book.assignment_of(account_id, on)
    policy_id = assignment.policy_id if assignment else None
    accepted = session.execute(
        select(
            PolicyVersion.number,
            CreditPolicy.name.label("policy"),
            TermsAcceptance.name,
            TermsAcceptance.job_title,
            TermsAcceptance.accepted_on,
        )
        .join(PolicyVersion, PolicyVersion.id == TermsAcceptance.version_id)
        .join(CreditPolicy, CreditPolicy.id == PolicyVersion.policy_id)
        .where(TermsAcceptance.account_id == account_id)
        .order_by(TermsAcceptance.accepted_at.desc(), TermsAcceptance.id.desc())
        .limit(1)
    ).one_or_none()
    member = session.get(GroupMember, account_id)
    governing = book.governing(account_id, on)
    called = names(session, {each.policy_id for each in (assignment, governing) if each and each.policy_id is not None})
    return Ruling(
        policy=called.get(policy_id) if policy_id is not None else None,
        assignment=assignment,
        assigned=book.assigned(account_id, on),
        governing=governing,
        governing_policy=called[governing.policy_id] if governing else None,
        accepted=accepted,
        group=group(session, member.group_id) if member else None,
    )


def names(session: Session, policy_ids: Collection[int]) -> dict[int, str]:
    """What policies are called."""
    rows = session.execute(select(CreditPolicy.id, CreditPolicy.name).where(CreditPolicy.id.in_(set(policy_ids))))
    return {row.id: row.name for row in rows}


def _groups() -> Any:
    return (
        select(AccountGroup.id, AccountGroup.name, func.count(GroupMember.account_id))
        .outerjoin(GroupMember, GroupMember.group_id == AccountGroup.id)
        .group_by(AccountGroup.id, AccountGroup.name)
        .order_by(AccountGroup.name)
    )
