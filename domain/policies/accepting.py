"""Accepting: somebody with the right to bind accepts a version for good, or staff file the paper that was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category, Document
from domain.outbox.sending import add
from domain.policies.asked import reference, to_accept
from domain.policies.messages import SendTermsCopy
from domain.policies.model import TermsAcceptance, TermsPaper
from domain.policies.ruling import RuleBook, Version
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound

LONGEST_USER_AGENT = 400


@dataclass(frozen=True, slots=True)
class Signer:
    """Who binds the account: their name and job title as they wrote them, and what their browser calls itself."""

    name: str
    job_title: str
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A paper that was signed by hand, as it was taken in, and the day beside the signature."""

    paper: TakenIn
    on: date


def accept(session: Session, account_id: int, paper: TermsPaper, signer: Signer, *, actor: Actor) -> TermsAcceptance:
    """Accept the version of a paper; `actor` is a login that may bind, and from where.

    The account keeps the paper among its documents, and whoever accepted is mailed a copy. Safe to repeat: an
    acceptance that is there comes back unchanged. NotFound where the account is not asked for that version.
    """
    accounts.lock(session, account_id)
    accepted = acceptance(session, account_id, paper.version_id)
    if accepted is not None:
        return accepted
    version = _asked(session, account_id, paper.version_id)
    shown = session.get_one(Document, paper.document_id)
    document = filing.enter(
        session,
        TakenIn(shown.sha256, shown.size, shown.media_type, shown.filename),
        category=Category.TERMS,
        account_id=account_id,
        subject=("policy_version", version.id),
        actor=actor,
    )
    accepted = _write(session, account_id, version, signer, document.id, document.sha256, today(session), actor)
    _record(session, "terms.accepted", accepted, version, actor)
    add(session, SendTermsCopy(accepted.id), account_id=account_id)
    return accepted


def file_signed(
    session: Session, account_id: int, version_id: int, signed: Signed, signer: Signer, *, actor: Actor
) -> TermsAcceptance:
    """Staff file a paper that the customer has signed by hand, and say who signed it and when.

    Invalid, beside its field, for a day to come; Conflict where the version is accepted; NotFound where the account is
    not asked for it.
    """
    if signed.on > today(session):
        raise Invalid(N_("Nobody has signed on a day that is still to come."), field="signed_on")
    accounts.lock(session, account_id)
    if acceptance(session, account_id, version_id) is not None:
        raise Conflict(N_("This account has accepted that version."))
    version = _asked(session, account_id, version_id)
    document = filing.enter(
        session,
        signed.paper,
        category=Category.TERMS,
        account_id=account_id,
        subject=("policy_version", version.id),
        actor=actor,
    )
    accepted = _write(session, account_id, version, signer, document.id, document.sha256, signed.on, actor)
    _record(session, "terms.filed", accepted, version, actor)
    return accepted


def acceptance(session: Session, account_id: int, version_id: int) -> TermsAcceptance | None:
    """The account's acceptance of a version, if there is one."""
    wanted = select(TermsAcceptance).where(
        TermsAcceptance.account_id == account_id, TermsAcceptance.version_id == version_id
    )
    return session.scalar(wanted)


def _asked(session: Session, account_id: int, version_id: int) -> Version:
    book, currency = RuleBook(session, [account_id]), business(session).currency
    asked = to_accept(book, account_id, today(session), currency)
    version = next((each for each in asked if each.id == version_id), None)
    if version is None:
        raise NotFound(N_("This account is not asked to accept that version."))
    return version


def _write(
    session: Session,
    account_id: int,
    version: Version,
    signer: Signer,
    document_id: int,
    sha256: str,
    on: date,
    actor: Actor,
) -> TermsAcceptance:
    accepted = TermsAcceptance(
        account_id=account_id,
        version_id=version.id,
        login_id=actor.id if actor.kind is ActorKind.LOGIN else None,
        name=signer.name,
        job_title=signer.job_title,
        document_id=document_id,
        sha256=sha256,
        address=actor.address,
        user_agent=signer.user_agent[:LONGEST_USER_AGENT] if signer.user_agent else None,
        accepted_on=on,
        accepted_at=now(session),
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    session.add(accepted)
    session.flush()
    return accepted


def _record(session: Session, act: str, accepted: TermsAcceptance, version: Version, actor: Actor) -> None:
    record(
        session,
        act,
        actor=actor,
        subject=("terms_acceptance", accepted.id),
        account_id=accepted.account_id,
        after={
            "number": reference(version),
            "name": accepted.name,
            "title": accepted.job_title,
            "sha256": accepted.sha256,
            "accepted_on": accepted.accepted_on,
        },
    )
