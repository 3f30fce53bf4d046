"""Logins: who may sign in to the portal, and what they may do on which account."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import checking, searching
from domain.accounts.model import LOGINS, RIGHT_NAMES, Account, AccountAccess, Login, Right
from domain.audit.recording import record
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Invalid, NotAllowed, NotFound


def grant(
    session: Session,
    account: Account,
    *,
    email: str,
    name: str,
    rights: Collection[Right],
    language: str | None = None,
    actor: Actor,
) -> Login:
    """Give whoever signs in with `email` these rights on the account, instead of those they had.

    The login is made where there is none; one that exists keeps its name and language. To see comes with every right.
    """
    login = _login(session, email, name, language or account.language, actor)
    _set_rights(session, account, login, rights, actor)
    return login


def change_rights(
    session: Session, account: Account, login_id: int, rights: Collection[Right], *, actor: Actor
) -> Login:
    """Replace the rights that a login has on the account; NotFound where it has none there."""
    login = session.get_one(Login, login_id) if _access(session, account.id, login_id) else None
    if login is None:
        raise NotFound
    _set_rights(session, account, login, rights, actor)
    return login


def revoke(session: Session, account: Account, login_id: int, *, actor: Actor) -> None:
    """Take away everything that a login may do on the account; it works at once, for whoever is signed in as well."""
    access = _access(session, account.id, login_id)
    if access is None:
        raise NotFound
    _refuse_own(actor, login_id)
    session.delete(access)
    searching.refresh(session, account.id)
    record(
        session,
        "access.revoked",
        actor=actor,
        subject=("login", login_id),
        account_id=account.id,
        before={"rights": sorted(access.rights)},
    )


def disable(session: Session, login_id: int, *, actor: Actor) -> None:
    """Close a login on every account."""
    login = session.get(Login, login_id)
    if login is None:
        raise NotFound
    if login.disabled_at is None:
        login.disabled_at = now(session)
        record(session, "login.disabled", actor=actor, subject=("login", login_id))


def enable(session: Session, login_id: int, *, actor: Actor) -> None:
    """Open a closed login again, with the rights that it had."""
    login = session.get(Login, login_id)
    if login is None:
        raise NotFound
    if login.disabled_at is not None:
        login.disabled_at = None
        record(session, "login.enabled", actor=actor, subject=("login", login_id))


def set_language(session: Session, login_id: int, language: str) -> None:
    """Keep the language in which this login reads the portal and its mail."""
    session.get_one(Login, login_id).language = checking.language(language)


def _login(session: Session, email: str, name: str, language: str, actor: Actor) -> Login:
    values = {
        "email": checking.email_address(email),
        "name": checking.text(name, field="name", length=200),
        "language": checking.language(language),
    }
    login_id = insert_if_new(session, LOGINS, ("email",), {**values, "created_at": now(session)})
    if login_id is None:
        return session.scalars(select(Login).where(Login.email == values["email"])).one()
    record(session, "login.made", actor=actor, subject=("login", login_id), after=values)
    return session.get_one(Login, login_id)


def _set_rights(session: Session, account: Account, login: Login, rights: Collection[Right], actor: Actor) -> None:
    if not rights:
        raise Invalid(N_("Choose at least one thing that they may do."), field="rights")
    wanted = frozenset(rights) | {Right.VIEW}
    access = _access(session, account.id, login.id)
    before = access.rights if access else frozenset()
    if before == wanted:
        return
    _refuse_own(actor, login.id)
    if access is None:
        access = AccountAccess(account_id=account.id, login_id=login.id, granted_at=now(session))
        session.add(access)
    access.rights = wanted
    searching.refresh(session, account.id)
    record(
        session,
        "access.granted",
        actor=actor,
        subject=("login", login.id),
        account_id=account.id,
        before={"rights": sorted(before)},
        after={"rights": sorted(wanted)},
    )


def _refuse_own(actor: Actor, login_id: int) -> None:
    if actor.kind is ActorKind.LOGIN and actor.id == login_id:
        raise NotAllowed(
            N_("Nobody changes their own rights: somebody else on the account has to."),
            who_can=[RIGHT_NAMES[Right.MANAGE_PEOPLE]],
        )


def _access(session: Session, account_id: int, login_id: int) -> AccountAccess | None:
    statement = (
        select(AccountAccess)
        .where(AccountAccess.account_id == account_id, AccountAccess.login_id == login_id)
        .with_for_update()
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
