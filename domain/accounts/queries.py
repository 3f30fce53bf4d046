"""Queries: an account under its lock, and what the sites read of accounts, contacts, logins and rights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCESS, ACCOUNTS, CONTACTS, LOGINS, Account, Right
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_ACCOUNT = N_("We could not find that account.")

LOCKED = (
    select(Account)
    .where(Account.id == bindparam("account"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Made once, like the others here: pages and payments begin with these, and making one takes longer than running it."""
ONE = select(ACCOUNTS).where(ACCOUNTS.c.id == bindparam("account"))
OPEN_LOGIN = select(LOGINS).where(LOGINS.c.id == bindparam("login"), LOGINS.c.disabled_at.is_(None))
OWN = (
    select(
        ACCOUNTS.c.id, ACCOUNTS.c.number, ACCOUNTS.c.name, ACCOUNTS.c.currency, ACCOUNTS.c.time_zone, ACCESS.c.rights
    )
    .join(ACCESS, ACCESS.c.account_id == ACCOUNTS.c.id)
    .join(LOGINS, LOGINS.c.id == ACCESS.c.login_id)
    .where(ACCESS.c.login_id == bindparam("login"), LOGINS.c.disabled_at.is_(None))
    .order_by(ACCOUNTS.c.name, ACCOUNTS.c.id)
)


def lock(session: Session, account_id: int) -> Account:
    """The account, read afresh and locked until the transaction ends: the first thing a money use case does.

    Raises NotFound where there is no such account. On SQLite the transaction itself is the lock.
    """
    account = session.scalars(LOCKED, {"account": account_id}).one_or_none()
    if account is None:
        raise NotFound(NO_SUCH_ACCOUNT)
    return account


def account(session: Session, account_id: int) -> AnyRow:
    """The account's columns; NotFound where there is none."""
    row = session.execute(ONE, {"account": account_id}).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_ACCOUNT)
    return row


def id_of_number(session: Session, number: str) -> int | None:
    """The account that staff mean by its number."""
    return session.scalar(select(ACCOUNTS.c.id).where(ACCOUNTS.c.number == number))


def labels(session: Session, account_ids: Collection[int]) -> dict[int, AnyRow]:
    """`id`, `number` and `name` of these accounts, for lists that know ids only."""
    statement = select(ACCOUNTS.c.id, ACCOUNTS.c.number, ACCOUNTS.c.name).where(ACCOUNTS.c.id.in_(set(account_ids)))
    return {row.id: row for row in session.execute(statement)} if account_ids else {}


def login(session: Session, login_id: int) -> AnyRow | None:
    """The login's columns, or None where there is none or it is closed: then nobody is signed in with it."""
    return session.execute(OPEN_LOGIN, {"login": login_id}).one_or_none()


def access(session: Session, login_id: int, account_id: int) -> frozenset[Right]:
    """What this login may do on this account; nothing where it has no rights there or is closed."""
    statement = (
        select(ACCESS.c.rights)
        .join(LOGINS, LOGINS.c.id == ACCESS.c.login_id)
        .where(ACCESS.c.login_id == login_id, ACCESS.c.account_id == account_id, LOGINS.c.disabled_at.is_(None))
    )
    return session.execute(statement).scalar_one_or_none() or frozenset()


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account as one login sees it in the switcher."""

    id: int
    number: str
    name: str
    currency: str
    time_zone: str
    rights: frozenset[Right]


def accounts_of(session: Session, login_id: int) -> list[OwnAccount]:
    """The accounts on which an open login has rights, by name."""
    return [OwnAccount(*row) for row in session.execute(OWN, {"login": login_id})]


def logins_on(session: Session, account_id: int) -> AnyRows:
    """Who may sign in and see this account: `id`, `email`, `name`, `disabled_at`, `rights`, `granted_at`, by name."""
    statement = (
        select(LOGINS.c.id, LOGINS.c.email, LOGINS.c.name, LOGINS.c.disabled_at, ACCESS.c.rights, ACCESS.c.granted_at)
        .join(ACCESS, ACCESS.c.login_id == LOGINS.c.id)
        .where(ACCESS.c.account_id == account_id)
        .order_by(LOGINS.c.name, LOGINS.c.id)
    )
    return session.execute(statement).all()


def login_names(session: Session, login_ids: Collection[int]) -> dict[int, str]:
    """The names of these logins, for timelines that know ids only."""
    statement = select(LOGINS.c.id, LOGINS.c.name).where(LOGINS.c.id.in_(set(login_ids)))
    return {row.id: row.name for row in session.execute(statement)} if login_ids else {}


def contacts(session: Session, account_id: int) -> AnyRows:
    """The contacts of this account with all their columns, by name."""
    statement = select(CONTACTS).where(CONTACTS.c.account_id == account_id).order_by(CONTACTS.c.name, CONTACTS.c.id)
    return session.execute(statement).all()
