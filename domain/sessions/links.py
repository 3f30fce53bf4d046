"""Links: signing in without a password: ask for a link, and come in by it from the same browser, or by its code."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import ClassVar

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from domain.accounts import checking
from domain.audit.recording import record
from domain.outbox.sending import Message, add
from domain.sessions.keeping import ACTORS
from domain.sessions.model import REQUESTS, SignInRequest, Site
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.tokens import new_token, token_hash

LIFE = timedelta(minutes=10)
"""How long a link and its code work, from the moment of asking (OWASP ASVS 5.0, 6.5.5)."""
MOST_ASKED, ASKED_WITHIN = 5, timedelta(hours=1)
"""So many links can be asked for one address, in one browser, in such a time."""
MOST_SENT = 30
"""So many are sent to one address in that time, whoever asks; beyond it nothing is sent, and nobody is told."""
CODE_DIGITS = 6
MOST_TRIES = 5
"""Wrong codes for one request."""
MOST_TRIES_A_DAY = 20
"""Wrong codes for one address; after that only links work, so that guessing succeeds once in 137 years on average."""
KEPT = timedelta(days=1)
"""How long a request is kept, used or not: as long as tries are counted."""

WRONG_CODE = N_("That code is not right, or no longer works. After several wrong tries only a new link helps.")
WRONG_LINK = N_("This link has been used already, or is older than ten minutes. Ask for a new one.")


class OtherBrowser(Conflict):
    """The link is good, and was opened in another browser than the one that asked for it."""


class SendSignInLink(Message, frozen=True):
    """Mail the link and the code of a request; whoever handles it has them made by `mint`."""

    kind: ClassVar[str] = "send_sign_in_link"
    request_id: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may come in: their row's id, where to write to, and in which language."""

    id: int
    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class People:
    """Who comes in to a site by links; `word` names them in the audit trail.

    `with_email` and `with_id` find somebody who may come in now; None where there is nobody, or no longer.
    """

    site: Site
    word: str
    with_email: Callable[[Session, str], Person | None]
    with_id: Callable[[Session, int], Person | None]


@dataclass(frozen=True, slots=True)
class SignInSecrets:
    """What the mail says: seen once, here, and nowhere kept."""

    site: Site
    token: str
    code: str
    subject_id: int
    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Peek:
    """What the page behind the link may say before anything is used up."""

    email: str
    same_browser: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has come in, and where they wanted to go."""

    subject_id: int
    next_path: str | None


def ask(session: Session, people: People, *, email: str, browser_secret: str, next_path: str | None = None) -> int:
    """Ask for a sign-in link; the answer, the work and the time are the same whether the address is known or not.

    `browser_secret` is what the asking browser keeps in a cookie. Raises Invalid for what is no address, Conflict
    after too many requests for one.
    """
    address = checking.email_address(email)
    email_hash = token_hash(address)
    since = now(session) - ASKED_WITHIN
    browser_hash = token_hash(browser_secret)
    asked = select(func.count(), func.count().filter(REQUESTS.c.browser_hash == browser_hash)).where(
        REQUESTS.c.site == people.site, REQUESTS.c.email_hash == email_hash, REQUESTS.c.asked_at > since
    )
    by_anybody, by_this_browser = session.execute(asked).one()
    if by_this_browser >= MOST_ASKED:
        raise Conflict(N_("Several links were asked for with this address. Use the last one, or wait an hour."))
    person = people.with_email(session, address)
    if by_anybody >= MOST_SENT:
        person = None
    request = SignInRequest(
        site=people.site,
        subject_id=person.id if person else None,
        email_hash=email_hash,
        browser_hash=browser_hash,
        next_path=_own_path(next_path),
        code_tries=0,
        asked_at=now(session),
        expires_at=now(session) + LIFE,
    )
    session.add(request)
    session.flush()
    add(session, SendSignInLink(request.id))
    return request.id


def mint(session: Session, request_id: int, everybody: Mapping[Site, People]) -> SignInSecrets | None:
    """Make the secrets of a request and keep their hashes; None where nothing is to be sent.

    Called when the mail is made; commit before it is sent. Called again, for a mail that failed, it makes new ones.
    """
    request = _locked(session, SignInRequest.id == request_id)
    person = None if request is None else _whose(session, everybody[request.site], request)
    if request is None or person is None:
        return None
    token, code = new_token(), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    request.token_hash, request.code_hash = token_hash(token), _code_hash(request, code)
    return SignInSecrets(request.site, token, code, person.id, person.email, person.name, person.language)


def peek(session: Session, people: People, *, token: str, browser_secret: str | None) -> Peek | None:
    """What a link is for, without using it; None where it no longer works."""
    request = session.scalars(select(SignInRequest).where(_has_token(people, token))).one_or_none()
    person = None if request is None else _whose(session, people, request)
    if request is None or person is None:
        return None
    return Peek(person.email, _is_from(request, browser_secret))


def use_token(
    session: Session, people: People, *, token: str, browser_secret: str | None, address: str | None = None
) -> SignedIn:
    """Come in by the link, once.

    Raises Conflict where it no longer works, OtherBrowser where another browser asked: then the code, typed there,
    is the way in.
    """
    request = _locked(session, _has_token(people, token))
    person = None if request is None else _whose(session, people, request)
    if request is None or person is None:
        raise Conflict(WRONG_LINK)
    if not _is_from(request, browser_secret):
        raise OtherBrowser(
            N_("You asked for this link in another browser. Open it there, or type the six digits of the email there.")
        )
    return _come_in(session, people, request, person, by="link", address=address)


def use_code(
    database: Database, people: People, *, browser_secret: str, code: str, address: str | None = None
) -> SignedIn:
    """Come in by the six digits of the email, typed in the browser that asked last.

    Takes the database, because a wrong try is committed although it is refused. Raises Invalid, in the same words
    for every cause.
    """
    with database.transaction() as session:
        signed_in = _try_code(session, people, browser_secret, code, address)
    if signed_in is None:
        raise Invalid(WRONG_CODE, field="code")
    return signed_in


def forget_old(session: Session) -> int:
    """Delete requests that serve no purpose any more; returns how many."""
    removed = session.execute(delete(REQUESTS).where(REQUESTS.c.asked_at < now(session) - KEPT))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _try_code(session: Session, people: People, browser_secret: str, code: str, address: str | None) -> SignedIn | None:
    newest = (
        select(func.max(SignInRequest.id))
        .where(SignInRequest.site == people.site, SignInRequest.browser_hash == token_hash(browser_secret))
        .scalar_subquery()
    )
    request = _locked(session, SignInRequest.id == newest)
    if request is None or not _is_open(session, request) or not _may_try(session, request):
        return None
    typed = _code_hash(request, "".join(code.split()))
    if request.code_hash is not None and hmac.compare_digest(typed, request.code_hash):
        person = _whose(session, people, request)
        return None if person is None else _come_in(session, people, request, person, by="code", address=address)
    request.code_tries += 1
    record(session, "sign_in.refused", actor=Actor.visitor(address), subject=("sign_in_request", request.id), by="code")
    return None


def _may_try(session: Session, request: SignInRequest) -> bool:
    since = now(session) - KEPT
    tries = select(func.coalesce(func.sum(REQUESTS.c.code_tries), 0)).where(
        REQUESTS.c.site == request.site, REQUESTS.c.email_hash == request.email_hash, REQUESTS.c.asked_at > since
    )
    return request.code_tries < MOST_TRIES and int(session.scalars(tries).one()) < MOST_TRIES_A_DAY


def _come_in(
    session: Session, people: People, request: SignInRequest, person: Person, *, by: str, address: str | None
) -> SignedIn:
    request.used_at = now(session)
    actor = replace(ACTORS[people.site](person.id), address=address)
    record(session, f"{people.word}.signed_in", actor=actor, subject=(people.word, person.id), by=by)
    return SignedIn(person.id, request.next_path)


def _locked(session: Session, which: ColumnElement[bool]) -> SignInRequest | None:
    statement = select(SignInRequest).where(which).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()


def _has_token(people: People, token: str) -> ColumnElement[bool]:
    return (SignInRequest.site == people.site) & (SignInRequest.token_hash == token_hash(token))


def _is_open(session: Session, request: SignInRequest) -> bool:
    return request.used_at is None and request.expires_at > now(session)


def _whose(session: Session, people: People, request: SignInRequest) -> Person | None:
    """Who may come in by a request; None where it is of nobody, used up or too old, or they may no longer."""
    if request.subject_id is None or not _is_open(session, request):
        return None
    return people.with_id(session, request.subject_id)


def _is_from(request: SignInRequest, browser_secret: str | None) -> bool:
    return browser_secret is not None and hmac.compare_digest(token_hash(browser_secret), request.browser_hash)


def _code_hash(request: SignInRequest, code: str) -> str:
    return sha256(f"{request.id}:{request.browser_hash}:{code}".encode()).hexdigest()


def _own_path(path: str | None) -> str | None:
    """`path` where it leads nowhere but to our own site, and fits."""
    if path is None or not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > 500:
        return None
    return path if path.isprintable() else None
