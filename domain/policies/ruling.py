"""Ruling: which version rules an account today, and which one governs an invoice for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.policies.model import (
    GroupMember,
    PolicyAssignment,
    PolicyVersion,
    TermsAcceptance,
    TermsRequest,
)
from domain.policies.sections import Sections
from domain.policies.whom import ruled
from domain.shared.db.base import Key
from domain.shared.db.session import today

NOTHING = Sections()
"""What rules where no policy does: every section is off."""


@dataclass(frozen=True, slots=True)
class Version:
    """A published version as it is read; `sections` says what it rules."""

    id: int
    policy_id: int
    number: int
    valid_from: date
    sections: Sections


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment as it is read: to an account, to a group, or (neither named) to everybody."""

    policy_id: int | None
    account_id: int | None
    group_id: int | None
    from_on: date


def published(session: Session) -> list[Version]:
    """Every published version."""
    rows = session.execute(
        select(
            PolicyVersion.id,
            PolicyVersion.policy_id,
            PolicyVersion.number,
            PolicyVersion.valid_from,
            PolicyVersion.sections,
        ).order_by(PolicyVersion.number)
    )
    return [Version(*row) for row in rows]


def in_force(versions: Iterable[Version], on: date) -> dict[int, Version]:
    """The version of each policy that is in force on a day, by the policy."""
    valid = (each for each in versions if each.valid_from <= on)
    return {each.policy_id: each for each in sorted(valid, key=lambda each: (each.valid_from, each.number))}


class RuleBook:
    """All versions, and what decides between them for some accounts (None: for all): five queries, however many."""

    def __init__(self, session: Session, account_ids: Collection[int] | None) -> None:
        self.versions = {version.id: version for version in published(session)}
        if not self.versions:
            account_ids = ()
        self._groups = {
            row.account_id: row.group_id
            for row in session.execute(
                select(GroupMember.account_id, GroupMember.group_id).where(_among(GroupMember.account_id, account_ids))
            )
        }
        self._assigned = [
            Assigned(*row)
            for row in session.execute(
                select(
                    PolicyAssignment.policy_id,
                    PolicyAssignment.account_id,
                    PolicyAssignment.group_id,
                    PolicyAssignment.from_on,
                )
                .where(PolicyAssignment.account_id.is_(None) | _among(PolicyAssignment.account_id, account_ids))
                .order_by(PolicyAssignment.from_on.desc(), PolicyAssignment.id.desc())
            )
        ]
        self._accepted = _by_account(session, TermsAcceptance, TermsAcceptance.accepted_on, account_ids)
        self._told = _by_account(session, TermsRequest, TermsRequest.asked_on, account_ids)

    def assigned(self, account_id: int, on: date) -> Version | None:
        """The version that rules limits, dunning and authority on a day: the newest valid of the assigned policy."""
        policy_id = self.policy_of(account_id, on)
        return None if policy_id is None else self.in_force(on).get(policy_id)

    def governing(self, account_id: int, issued_on: date) -> Version | None:
        """The version that governs an invoice issued that day: the last accepted, else as the assigned one says.

        Where the assigned version does not ask for acceptance, it governs itself. Where it asks, what the account
        accepted last goes on, of this policy or, until it accepts this one, of another. Whoever accepted nothing is
        governed by the last that they were told of, if that is enough, else by the last before it that asked nobody,
        else by what governed before the policy was assigned.
        """
        assignment = self.assignment_of(account_id, issued_on)
        assigned = self.assigned(account_id, issued_on)
        if assignment is None or assigned is None:
            return None
        asking = assigned.sections.acceptance
        if asking is None or not asking.asked:
            return assigned
        found = self._last_accepted(account_id, assigned.policy_id, issued_on)
        if found is None and asking.told_is_enough:
            found = self._last(self._told, account_id, assigned.policy_id, issued_on)
        found = found or self._last_unasked(assigned, issued_on)
        return found or self.governing(account_id, assignment.from_on - timedelta(days=1))

    def in_force(self, on: date) -> dict[int, Version]:
        """The version of each policy that is in force on a day, assigned or not, by the policy."""
        return in_force(self.versions.values(), on)

    def turns(self, on: date) -> list[date]:
        """The days after `on` on which other policies begin to rule somebody, ascending."""
        return sorted({each.from_on for each in self._assigned if each.from_on > on})

    def accepted(self, account_id: int) -> set[int]:
        """The ids of the versions that the account has accepted."""
        return {version_id for _, version_id in self._accepted.get(account_id, ())}

    def told(self, account_id: int) -> set[int]:
        """The ids of the versions that the account was told of."""
        return {version_id for _, version_id in self._told.get(account_id, ())}

    def policy_of(self, account_id: int, on: date) -> int | None:
        """The policy that is assigned on a day."""
        found = self.assignment_of(account_id, on)
        return found.policy_id if found else None

    def assignment_of(self, account_id: int, on: date) -> Assigned | None:
        """What is assigned on a day: to the account, else to its group, else to everybody."""
        group_id = self._groups.get(account_id)
        since = [each for each in self._assigned if each.from_on <= on]
        own = next((each for each in since if each.account_id == account_id), None)
        if own is not None and own.policy_id is not None:
            return own
        group = next((each for each in since if group_id is not None and each.group_id == group_id), None)
        if group is not None and group.policy_id is not None:
            return group
        return next((each for each in since if each.account_id is None and each.group_id is None), None)

    def _last_accepted(self, account_id: int, policy_id: int, on: date) -> Version | None:
        """The newest version of the policy that the account accepted, else of the one that it accepted last of all."""
        found = self._last(self._accepted, account_id, policy_id, on)
        elsewhere = self._valid(self._accepted, account_id, on)
        if found or not elsewhere:
            return found
        return self._last(self._accepted, account_id, elsewhere[-1].policy_id, on)

    def _last_unasked(self, assigned: Version, on: date) -> Version | None:
        """The newest version of the same policy, valid that day and older, that did not ask to be accepted."""
        older = (
            each
            for each in self.versions.values()
            if each.policy_id == assigned.policy_id and each.number < assigned.number and each.valid_from <= on
        )
        unasked = (each for each in older if not (each.sections.acceptance and each.sections.acceptance.asked))
        return max(unasked, key=lambda each: each.number, default=None)

    def _last(
        self, told: dict[int, list[tuple[date, int]]], account_id: int, policy_id: int, on: date
    ) -> Version | None:
        """The newest version of the policy, valid that day, that stands in a list of what was accepted or told."""
        valid = (each for each in self._valid(told, account_id, on) if each.policy_id == policy_id)
        return max(valid, key=lambda each: each.number, default=None)

    def _valid(self, told: dict[int, list[tuple[date, int]]], account_id: int, on: date) -> list[Version]:
        """What stands in a list of what was accepted or told by a day, and is valid then; the latest last."""
        found = (self.versions[version_id] for day, version_id in told.get(account_id, ()) if day <= on)
        return [each for each in found if each.valid_from <= on]


def sections_today(session: Session, account_id: int) -> Sections:
    """What rules an account today; nothing where no policy is assigned."""
    found = version_today(session, account_id)
    return NOTHING if found is None else found[1]


def version_today(session: Session, account_id: int) -> tuple[int, Sections] | None:
    """The version that rules an account today, as its id and sections; None where no policy is assigned."""
    row = session.execute(_version_on(today(session)), {"accounts": [account_id]}).one_or_none()
    return None if row is None else (row.id, row.sections)


@lru_cache(maxsize=16)
def _version_on(day: date) -> Select[int, Sections]:
    """The version that rules on a day the one account among `accounts`."""
    whom = ruled(day, of=bindparam("accounts", expanding=True, type_=Key))
    return (
        select(PolicyVersion.id, PolicyVersion.sections)
        .where(PolicyVersion.policy_id == select(whom.c.policy_id).scalar_subquery(), PolicyVersion.valid_from <= day)
        .order_by(PolicyVersion.valid_from.desc(), PolicyVersion.number.desc())
        .limit(1)
    )


def _among(column: InstrumentedAttribute[Any], account_ids: Collection[int] | None) -> ColumnElement[bool]:
    return true() if account_ids is None else column.in_(account_ids)


def _by_account(
    session: Session,
    table: type[TermsAcceptance] | type[TermsRequest],
    day: InstrumentedAttribute[date],
    account_ids: Collection[int] | None,
) -> dict[int, list[tuple[date, int]]]:
    found: dict[int, list[tuple[date, int]]] = {}
    rows = session.execute(
        select(table.account_id, day, table.version_id)
        .where(_among(table.account_id, account_ids))
        .order_by(day, table.id)
    )
    for account_id, on, version_id in rows:
        found.setdefault(account_id, []).append((on, version_id))
    return found
