"""Telling: accounts are asked to accept the terms that rule them, or will, and reminded until they have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, String, and_, func, insert, or_, select, type_coerce
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import ACCESS, ACCOUNTS, LOGINS, Right
from domain.audit.recording import record
from domain.outbox.sending import add
from domain.policies.asked import coming, reference, settled_by, to_accept
from domain.policies.drafting import the_policy
from domain.policies.messages import SendTerms
from domain.policies.model import REQUESTS, AskedHow, PolicyAssignment, TermsAcceptance, TermsRequest
from domain.policies.ruling import RuleBook, Version
from domain.policies.whom import ruled
from domain.shared.actor import Actor
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict, NotFound

PACE = 200
"""Accounts that are written to at once: receipts and sign-in links must not wait behind everybody's terms."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A version that is asked of the accounts that its policy rules on one of `days`, unless one of `settled` is."""

    version: Version
    days: tuple[date, ...]
    settled: frozenset[int]


def askings(session: Session) -> list[Asking]:
    """All that is asked of anybody today, by policy."""
    book, day, currency = RuleBook(session, ()), today(session), business(session).currency
    later = select(PolicyAssignment.from_on).where(PolicyAssignment.from_on > day).distinct()
    days = [day, *session.scalars(later.order_by(PolicyAssignment.from_on))]
    found = [
        Asking(book.versions[version_id], on, settled_by(book, book.versions[version_id], currency))
        for version_id, on in coming(book, days, currency).items()
    ]
    return sorted(found, key=lambda asking: (asking.version.policy_id, asking.version.number))


def tell_due(session: Session, *, limit: int = PACE) -> int:
    """Ask at most `limit` accounts that were not asked yet; how many they were.

    The policies are locked one after another: of two workers the second finds nobody left.
    """
    left = limit
    for asking in askings(session):
        the_policy(session, asking.version.policy_id, locked=True)
        found = list(session.scalars(untold(asking).order_by(ACCOUNTS.c.id).limit(left)))
        _ask(session, found, asking.version.id, AskedHow.MAIL)
        left -= len(found)
    return limit - left


def remind_due(session: Session, *, limit: int = PACE) -> int:
    """Remind at most `limit` accounts that have not accepted for as long as the terms themselves say; how many."""
    left = limit
    for asking in askings(session):
        the_policy(session, asking.version.policy_id, locked=True)
        found = list(late(session, asking))[:left]
        _ask(session, found, asking.version.id, AskedHow.REMINDER)
        left -= len(found)
    return limit - left


def ask_again(session: Session, account_id: int, version_id: int, *, actor: Actor) -> None:
    """Staff ask an account once more; at most one mail a day.

    NotFound where this is not asked of the account; Conflict where it was asked today, or nobody can be written to.
    """
    accounts.lock(session, account_id)
    currency, day = business(session).currency, today(session)
    asked = to_accept(RuleBook(session, [account_id]), account_id, day, currency)
    version = next((each for each in asked if each.id == version_id), None)
    if version is None:
        raise NotFound(N_("This account is not asked to accept that version."))
    already = select(TermsRequest.id).where(
        TermsRequest.account_id == account_id, TermsRequest.version_id == version_id, TermsRequest.asked_on == day
    )
    if session.scalar(already.limit(1)) is not None:
        raise Conflict(N_("They were asked today already."))
    reachable = session.scalar(select(ACCOUNTS.c.id).where(ACCOUNTS.c.id == account_id, can_be_told()))
    if reachable is None:
        raise Conflict(N_("Nobody on this account can be written to: add an address first."))
    _ask(session, [account_id], version_id, AskedHow.STAFF)
    record(
        session,
        "terms.asked_again",
        actor=actor,
        subject=("policy_version", version_id),
        account_id=account_id,
        after={"number": reference(version)},
    )


def untold(asking: Asking) -> Select[int]:
    """The ids of the accounts that have to be asked and were not."""
    told = select(TermsRequest.id).where(
        TermsRequest.account_id == ACCOUNTS.c.id, TermsRequest.version_id.in_(asking.settled)
    )
    return waiting(asking).where(~told.exists(), can_be_told())


def waiting(asking: Asking) -> Select[int]:
    """The ids of the accounts of which it is asked, and which have not accepted it."""
    accepted = select(TermsAcceptance.id).where(
        TermsAcceptance.account_id == ACCOUNTS.c.id, TermsAcceptance.version_id.in_(asking.settled)
    )
    return asked_of(asking).where(~accepted.exists())


def asked_of(asking: Asking) -> Select[int]:
    """The ids of the accounts of which it is asked, accepted or not."""
    wanted = select(ACCOUNTS.c.id.label("account_id"))
    rules = [ruled(day) for day in asking.days]
    for each in rules:
        wanted = wanted.join(each, each.c.account_id == ACCOUNTS.c.id)
    return wanted.where(or_(*(each.c.policy_id == asking.version.policy_id for each in rules)))


def can_be_told() -> ColumnElement[bool]:
    """Whether an account has somebody who may accept, or an address of its own."""
    binding = (
        select(ACCESS.c.id)
        .join(LOGINS, LOGINS.c.id == ACCESS.c.login_id)
        .where(
            ACCESS.c.account_id == ACCOUNTS.c.id,
            LOGINS.c.disabled_at.is_(None),
            type_coerce(ACCESS.c.rights, String).contains(Right.BIND.value),
        )
    )
    return or_(ACCOUNTS.c.email.is_not(None), binding.exists())


def late(session: Session, asking: Asking) -> Iterator[int]:
    """The accounts that are to be reminded today: nobody has written to them since a reminder fell due."""
    rules = asking.version.sections.acceptance
    if rules is None or not rules.remind_after_days:
        return
    day = today(session)
    first, last = func.min(TermsRequest.asked_on), func.max(TermsRequest.asked_on)
    asked = (
        select(TermsRequest.account_id, first.label("first"), last.label("last"))
        .where(TermsRequest.version_id == asking.version.id)
        .group_by(TermsRequest.account_id)
        .having(first <= day - timedelta(days=rules.remind_after_days[0]))
        .subquery()
    )
    rows = session.execute(
        waiting(asking)
        .add_columns(asked.c.first, asked.c.last)
        .join(asked, asked.c.account_id == ACCOUNTS.c.id)
        .where(can_be_told())
        .order_by(ACCOUNTS.c.id)
    )
    for row in rows:
        due = [row.first + timedelta(days=days) for days in rules.remind_after_days]
        if row.last < max(on for on in due if on <= day):
            yield row.account_id


def _ask(session: Session, account_ids: Collection[int], version_id: int, how: AskedHow) -> None:
    """Write down that they are asked, and leave a mail to everybody who may accept, else to the account's address."""
    if not account_ids:
        return
    asked = {"version_id": version_id, "how": how, "asked_on": today(session), "asked_at": now(session)}
    requests = session.execute(
        insert(REQUESTS).returning(REQUESTS.c.id, REQUESTS.c.account_id),
        [{"account_id": account_id, **asked} for account_id in account_ids],
    ).all()
    binding = _who_may_accept(session, account_ids)
    for request in requests:
        for login_id in binding.get(request.account_id, [None]):
            add(session, SendTerms(request.id, login_id), account_id=request.account_id)


def _who_may_accept(session: Session, account_ids: Collection[int]) -> dict[int, Sequence[int | None]]:
    rows = session.execute(
        select(ACCESS.c.account_id, ACCESS.c.login_id, ACCESS.c.rights)
        .join(LOGINS, LOGINS.c.id == ACCESS.c.login_id)
        .where(and_(ACCESS.c.account_id.in_(account_ids), LOGINS.c.disabled_at.is_(None)))
        .order_by(ACCESS.c.account_id, ACCESS.c.login_id)
    )
    found: dict[int, list[int | None]] = {}
    for row in rows:
        if Right.BIND in row.rights:
            found.setdefault(row.account_id, []).append(row.login_id)
    return dict(found)
