"""Asked: which versions customers are asked to accept, and what settles it that one has; no session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.policies.comparing import difference, in_words
from domain.policies.ruling import RuleBook, Version


def reference(version: Version) -> str:
    """By what customers know a version: a policy's name is not for them."""
    return f"{version.policy_id}.{version.number}"


def needs_a_yes(version: Version, *, has_accepted: bool) -> bool:
    """Whether a version that asks governs an account's invoices only once it accepts; else, being told is enough.

    `has_accepted`: whether the account has accepted other terms, which go on until then.
    """
    asking = version.sections.acceptance
    return has_accepted or asking is None or not asking.told_is_enough


def asks(version: Version, currency: str) -> bool:
    """Whether a version asks for acceptance, and says something to customers that they could accept."""
    asking = version.sections.acceptance
    return asking is not None and asking.asked and bool(in_words(version.sections, currency, for_customer=True))


def coming(book: RuleBook, days: Sequence[date], currency: str) -> dict[int, tuple[date, ...]]:
    """The versions that ask, by id, each with days of `days`: who is ruled by its policy on one is asked to accept it.

    `days` are today and those after it on which other policies begin to rule somebody, ascending; to each belong the
    version that is then in force and those that follow it before the next day.
    """
    found: dict[int, tuple[date, ...]] = {}
    for day, end in zip(days, [*days[1:], date.max], strict=True):
        in_force = {version.id for version in book.in_force(day).values()}
        for version in book.versions.values():
            if (version.id in in_force or day < version.valid_from < end) and asks(version, currency):
                found[version.id] = (*found.get(version.id, ()), day)
    return found


def settled_by(book: RuleBook, version: Version, currency: str) -> frozenset[int]:
    """The ids of the versions whose acceptance settles this one: itself, and those before that say the same.

    Nobody is asked again because of what customers are not told of, such as limits or the authority of staff.
    """
    settling = {version.id}
    before = sorted(
        (each for each in book.versions.values() if each.policy_id == version.policy_id), key=lambda each: each.number
    )
    for each in reversed([each for each in before if each.number < version.number]):
        if difference(each.sections, version.sections, currency, for_customer=True):
            break
        settling.add(each.id)
    return frozenset(settling)


def to_accept(book: RuleBook, account_id: int, on: date, currency: str) -> list[Version]:
    """What an account is asked to accept and has not, the first to rule first."""
    accepted, days = book.accepted(account_id), [on, *book.turns(on)]
    found = [
        version
        for version_id, on_days in coming(book, days, currency).items()
        if any(book.policy_of(account_id, day) == book.versions[version_id].policy_id for day in on_days)
        and not accepted & settled_by(book, version := book.versions[version_id], currency)
    ]
    return sorted(found, key=lambda version: (version.valid_from, version.id))
