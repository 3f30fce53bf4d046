"""Acceptances: what an account is asked to accept, has accepted, and may read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.policies.asked import to_accept
from domain.policies.comparing import Difference, difference
from domain.policies.model import AskedHow, TermsAcceptance, TermsRequest
from domain.policies.ruling import RuleBook, Version
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import business, today
from domain.shared.errors import N_, NotFound

HOW_WORDS = {
    AskedHow.MAIL: N_("asked by mail"),
    AskedHow.REMINDER: N_("reminded by mail"),
    AskedHow.STAFF: N_("asked again by mail, by staff"),
}
"""What each way of asking is called on the screen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands with the terms: what governs its next invoice, what it is asked, what it accepted."""

    governing: Version | None
    to_accept: list[Version]
    accepted: AnyRows


def standing(session: Session, account_id: int) -> Standing:
    """How the account stands with the terms today."""
    book, on = RuleBook(session, [account_id]), today(session)
    rows = session.execute(
        select(
            TermsAcceptance.id,
            TermsAcceptance.version_id,
            TermsAcceptance.login_id,
            TermsAcceptance.name,
            TermsAcceptance.job_title,
            TermsAcceptance.document_id,
            TermsAcceptance.sha256,
            TermsAcceptance.address,
            TermsAcceptance.accepted_on,
            TermsAcceptance.accepted_at,
        )
        .where(TermsAcceptance.account_id == account_id)
        .order_by(TermsAcceptance.accepted_at.desc(), TermsAcceptance.id.desc())
    ).all()
    return Standing(
        book.governing(account_id, on), to_accept(book, account_id, on, business(session).currency), list(rows)
    )


def is_asked(session: Session, account_id: int) -> list[Version]:
    """What the account is asked to accept and has not, the first to rule first."""
    return to_accept(RuleBook(session, [account_id]), account_id, today(session), business(session).currency)


def readable(session: Session, account_id: int, version_id: int) -> Version:
    """A version that the account is asked to accept, has accepted, was told of, or is governed by; else NotFound."""
    book, on = RuleBook(session, [account_id]), today(session)
    version = book.versions.get(version_id)
    if version is None:
        raise NotFound(N_("We could not find these terms."))
    governing = book.governing(account_id, on)
    asked = to_accept(book, account_id, on, business(session).currency)
    known = book.accepted(account_id) | book.told(account_id) | {each.id for each in asked}
    if version_id not in known and (governing is None or governing.id != version_id):
        raise NotFound(N_("We could not find these terms."))
    return version


def versions(session: Session, version_ids: Collection[int]) -> dict[int, Version]:
    """These versions, by id."""
    found = RuleBook(session, ()).versions
    return {version_id: found[version_id] for version_id in version_ids}


def news(session: Session, account_id: int, version: Version) -> tuple[Version, list[Difference]] | None:
    """What a version says otherwise than the last one that the account accepted; None where it accepted none."""
    book = RuleBook(session, [account_id])
    wanted = (
        select(TermsAcceptance.version_id)
        .where(TermsAcceptance.account_id == account_id, TermsAcceptance.version_id != version.id)
        .order_by(TermsAcceptance.accepted_at.desc(), TermsAcceptance.id.desc())
        .limit(1)
    )
    last = session.scalar(wanted)
    if last is None:
        return None
    before = book.versions[last]
    currency = business(session).currency
    return before, difference(before.sections, version.sections, currency, for_customer=True)


def who_may_accept(session: Session, account_id: int) -> list[str]:
    """The names of those who may accept terms for the account."""
    return [
        login.name
        for login in accounts.logins_on(session, account_id)
        if Right.BIND in login.rights and login.disabled_at is None
    ]


def requests(session: Session, account_id: int) -> AnyRows:
    """When the account was asked for which version, and how, the newest first."""
    wanted = select(TermsRequest.version_id, TermsRequest.how, TermsRequest.asked_on)
    wanted = wanted.where(TermsRequest.account_id == account_id).order_by(TermsRequest.id.desc()).limit(100)
    return session.execute(wanted).all()
